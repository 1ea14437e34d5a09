"""What a worker may be asked to do."""

from __future__ import annotations

from nbhelpers.annotation.passages import PASSAGES, make_passages
from nbhelpers.annotation.stages import make_part
from nbhelpers.annotation.statements import STATEMENTS, make_statements
from nbhelpers.annotation.work import Done, Job, Task


def perform(job: Job, stage: str, task: Task) -> Done:
    """Make the tables of a part, or what a stage makes that is none of :data:`STAGES`."""
    if stage == PASSAGES:
        return make_passages(job)
    return make_statements(job, task.part) if stage == STATEMENTS else make_part(job, stage, task)
