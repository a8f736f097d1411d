"""The boundary to the sandbox, as the judge sees it."""

from typing import Protocol

from grader.core.wire.job import Job, JobResult


class JobExecutor(Protocol):
    """Runs jobs: the sandbox."""

    def run(self, job: Job) -> JobResult:
        """Run a job; never raise for failures of the submission."""
