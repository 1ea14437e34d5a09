"""tmp"""
from nbhelpers.annotation.work import Done
def write_names(job, parts):
    return Done({}, {})
