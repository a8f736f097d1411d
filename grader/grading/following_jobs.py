"""Further jobs of a submission that was judged: requests that follow from the answers to others."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from grader.core.wire.job import Answer, Job, JobResult, ListFollowing, Request, Status
from grader.grading.job_executor import JobExecutor

_MIN_SLEEP_S: Final = 0.5
_LIMITS_OF_ALL: Final = ("total_cpu", "total_wall", "total_sleep")

Batches = Sequence[tuple[Request, ...]]
Conversation = Generator[Batches, list[tuple[Answer, ...]], None]
"""Yields batches of requests, and is sent the answers to each."""


@dataclass
class FollowingJobs:
    """Runs further jobs of a submission. Cells that were stopped don't run again.

    The jobs have as much processor time together as the first one. It is there for code that does not keep to its
    counted work, and nothing may be claimed where it was used up.
    """

    runner: JobExecutor
    first_job: Job
    outcome: JobResult
    was_stopped: bool = False
    """Whether the time or the number of allowed failures was used up."""
    _used_cpu: float = 0.0
    _slept: float = field(init=False)

    def __post_init__(self) -> None:
        self._slept = self.outcome.slept
        pairs = zip(self.first_job.cells, self.outcome.cells, strict=True)
        self.cells = tuple(cell if run.ended is Status.DONE else replace(cell, source="") for cell, run in pairs)

    def run(self, conversation: Conversation) -> None:
        """Run a conversation in one job: what it asks next is answered by the same child."""
        batches = next(conversation)

        def list_following(answers: tuple[Answer, ...]) -> tuple[Request, ...]:
            nonlocal batches
            self._look_for_limits(answers)
            try:
                batches = conversation.send(_split(answers, batches))
            except StopIteration:
                return ()
            return _join(batches)

        self._run(_join(batches), list_following)

    def run_batches(self, batches: Batches) -> list[tuple[Answer, ...]]:
        """Run all requests in one job; return the answers to each batch."""
        requests = _join(batches)
        return _split(self._run(requests) if requests else (), batches)

    def _run(self, requests: tuple[Request, ...], list_following: ListFollowing | None = None) -> tuple[Answer, ...]:
        left = self.first_job.total_cpu - self._used_cpu
        if left <= 0:
            self.was_stopped = True
            return (Answer(Status.TIME_LIMIT),) * len(requests)
        job = replace(
            self.first_job,
            cells=self.cells,
            requests=requests,
            total_cpu=left,
            total_sleep=max(self.first_job.total_sleep - self._slept, _MIN_SLEEP_S),
            is_repeated=True,
            list_following=list_following,
        )
        done = self.runner.run(job)
        self._used_cpu += done.cpu
        self._slept += done.slept
        self._look_for_limits(done.answers)
        return done.answers

    def _look_for_limits(self, answers: Sequence[Answer]) -> None:
        """Note whether a limit of all jobs together has stopped one of these answers."""
        limits = (answer.limit.name for answer in answers if answer.limit)
        self.was_stopped = self.was_stopped or any(name in _LIMITS_OF_ALL for name in limits)


def _join(batches: Batches) -> tuple[Request, ...]:
    """Return the requests of all batches, one after the other."""
    return tuple(request for batch in batches for request in batch)


def _split(answers: Sequence[Answer], batches: Batches) -> list[tuple[Answer, ...]]:
    """Return the answers to each batch."""
    left = iter(answers)
    return [tuple(next(left) for _ in batch) for batch in batches]
