"""Grading tasks of one submission each, the configuration that all tasks of a batch share, and their results."""

from dataclasses import dataclass
from pathlib import Path

from grader.core.judging.reference_data import fingerprint_secret
from grader.core.questions.exercise import Exercise
from grader.core.results.grading import CheckResult, Grading, QuestionResult
from grader.core.results.verdict import Verdict
from grader.sandbox.level import Level
from grader.version import __version__


@dataclass(frozen=True)
class GradingConfig:
    """Configuration of every worker: the course's folder and required version, the secret, the levels.

    `judging_timeout` is the time limit in seconds of one step of judging outside the sandbox.
    """

    course: Path
    version: str
    secret: bytes
    level: Level = Level.FULL
    min_level: Level = Level.SECCOMP
    visible_only: bool = False
    judging_timeout: float = 60.0


@dataclass(frozen=True)
class GradingTask:
    """One submission to be judged; its id identifies the result."""

    id: int
    exercise: str
    file_name: str
    data: bytes


@dataclass(frozen=True)
class TaskResult:
    """A task's grading, or the reason why its file can't be read."""

    id: int
    result: Grading | str


def make_faulted_grading(exercise: Exercise, setup: GradingConfig) -> Grading:
    """Return a grading in which every check is a grader error, so that the next run repeats it."""
    questions = tuple(
        QuestionResult(
            q.id,
            str(q.kind),
            tuple(CheckResult(c.name, Verdict.GRADER_ERROR, 0.0, c.points, c.hidden) for c in q.checks),
        )
        for q in exercise.questions
    )
    return Grading(
        exercise.name, setup.version, __version__, fingerprint_secret(setup.secret), str(setup.level), questions
    )
