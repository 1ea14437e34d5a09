"""What a worker may be asked to do."""

from __future__ import annotations

from nbhelpers.annotation.passages import PASSAGES, make_passages
from nbhelpers.annotation.stages import make_part
from nbhelpers.annotation.work import Done, Job, Task


def perform(job: Job, stage: str, task: Task) -> Done:
    """Make the tables of a part, or those of a stage that has no parts and one task."""
    return make_passages(job) if stage == PASSAGES else make_part(job, stage, task)
