"""Grading a class: record the files found, grade the waiting ones, and report on each."""

from collections.abc import Sequence

from grader.core.errors import UsageError
from grader.core.questions.exercise import Course
from grader.core.report.report import Report
from grader.formats.discover import FoundFile
from grader.services.grading_run import GradeRequest, GradingOptions, GradingRun
from grader.services.ingest import IngestResult, record_files
from grader.services.progress import Progress, SilentProgress
from grader.services.reports import report_submissions
from grader.store import Store


def grade_files(
    store: Store,
    course: Course,
    found: Sequence[FoundFile],
    how: GradingOptions,
    progress: Progress = SilentProgress(),
) -> list[Report]:
    """Record files, grade the waiting ones, and report on each in order."""
    wanted = GradeRequest()
    return grade_submissions(
        store, course, find_submissions_to_grade(store, course, found, wanted), wanted, how, progress
    )


def grade_submissions(
    store: Store,
    course: Course,
    ingested: Sequence[IngestResult],
    wanted: GradeRequest,
    how: GradingOptions,
    progress: Progress = SilentProgress(),
) -> list[Report]:
    """Grade the waiting ones of these submissions, and report on each in order."""
    ids = {one.submission for one in ingested if one.submission is not None}
    GradingRun(store, course, wanted, how, progress).run(ids, store.append_many)
    return list(report_submissions(store, course, ingested))


def find_submissions_to_grade(
    store: Store, course: Course, found: Sequence[FoundFile] | None, wanted: GradeRequest
) -> list[IngestResult]:
    """Record the files found and list them; without files, list what is recorded already.

    Only exercises of this course are listed, since the records may hold others too.
    """
    if found is not None:
        return list(record_files(store, course, found, wanted.exercise, wanted.student))
    names = {e.name for e in course.exercises}
    recorded = store.submissions(exercise=wanted.exercise, student=wanted.student)
    return [IngestResult(s.student, s.exercise, s.id) for s in recorded if s.exercise in names]


def check_names(course: Course, wanted: GradeRequest) -> None:
    """Raise UsageError for an exercise or a question that the course doesn't have."""
    if wanted.exercise is not None:
        course.exercise(wanted.exercise)
    exercises = [e for e in course.exercises if wanted.exercise in (None, e.name)]
    if wanted.question is not None and not any(e.question(wanted.question) for e in exercises):
        names = ", ".join(q.id for e in exercises for q in e.questions)
        raise UsageError(f"there is no question {wanted.question!r}; choose one of: {names}")
