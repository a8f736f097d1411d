"""The part of grading from the records that `grader grade` and the portal share: claims, tasks, stored results."""

from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path

from grader.core.judging.reference_data import fingerprint_secret
from grader.core.questions.exercise import Course
from grader.core.results.grading import Grading
from grader.grading.tasks import GradingConfig, GradingTask, TaskResult
from grader.sandbox.level import Level
from grader.store import Store, Submission, UnreadableResult
from grader.version import __version__


class GradingSession:
    """Grades one course from one store: claims submissions, makes their tasks, and makes the results storable."""

    def __init__(
        self, store: Store, course: Course, level: Level, min_level: Level, secret: bytes | None = None
    ) -> None:
        secret = secret or store.secret()
        self._store, self._course = store, course
        self.config = GradingConfig(Path(course.folder), course.version, secret, level, min_level)
        self.seed = fingerprint_secret(secret)
        self._exercises: dict[int, str] = {}
        """The exercise of each submission whose task has no result yet."""

    def claim(
        self, ids: Sequence[int], find_waiting: Callable[[Collection[int]], Iterable[Submission]] | None = None
    ) -> list[Submission]:
        """Claim submissions that nobody else is grading, and return those that still wait.

        They are looked up again after the claim, since another may have graded them meanwhile. `find_waiting` returns
        the waiting ones of some ids; by default, those without a sound grading.
        """
        claimed = self._store.claim(ids)
        if not claimed:
            return []
        return list(find_waiting(claimed) if find_waiting else self._store.iterate_ungraded(ids=claimed))

    def make_task(self, submission: Submission, data: bytes) -> GradingTask:
        """Make the task of grading a submission, given its bytes."""
        self._exercises[submission.id] = submission.exercise
        return GradingTask(submission.id, submission.exercise, submission.file_name, data)

    def make_storable(self, task_result: TaskResult) -> Grading | UnreadableResult:
        """Return what to store of a result: the grading or, for an unreadable file, the reason and versions."""
        exercise = self._exercises.pop(task_result.id)
        if isinstance(task_result.result, Grading):
            return task_result.result
        max_score = self._course.exercise(exercise).max_score
        return UnreadableResult(task_result.result, self.config.version, __version__, self.seed, max_score)
