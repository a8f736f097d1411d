"""The job in which a submission runs again, with corrected values, in the rest of its time."""

from collections.abc import Mapping
from dataclasses import replace

from grader.core.wire.assignment_target import Target
from grader.core.wire.job import Job, JobResult, Request, Status

_NO_TARGETS: Mapping[str, tuple[Target, ...]] = {}


def build_rerun_job(
    first_job: Job,
    outcome: JobResult,
    requests: tuple[Request, ...],
    targets: Mapping[str, tuple[Target, ...]] = _NO_TARGETS,
) -> Job | None:
    """Return a job of these requests, limited to the rest of the submission's time; None if no time is left.

    `outcome` is that of the first job, with the time of all jobs so far. Cells that were stopped don't run again.
    """
    left = first_job.total_cpu - outcome.cpu
    if left <= 0 or any(answer.ended is Status.FAULT for answer in outcome.answers):
        return None
    cells = zip(first_job.cells, outcome.cells, strict=True)
    return replace(
        first_job,
        cells=tuple(cell if run.ended is Status.DONE else replace(cell, source="") for cell, run in cells),
        requests=requests,
        total_cpu=left,
        targets=targets,
    )
