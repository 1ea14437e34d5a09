"""tmp"""

from nbhelpers.annotation.work import Done


def write_joint_tables(job, parts):
    return Done({}, {})
