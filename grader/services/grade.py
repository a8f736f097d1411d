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
    files: Sequence[FoundFile],
    options: GradingOptions,
    progress: Progress = SilentProgress(),
) -> list[Report]:
    """Record files, grade the waiting ones, and report on each in order."""
    request = GradeRequest()
    return grade_submissions(
        store, course, find_submissions_to_grade(store, course, files, request), request, options, progress
    )


def grade_submissions(
    store: Store,
    course: Course,
    ingested: Sequence[IngestResult],
    request: GradeRequest,
    options: GradingOptions,
    progress: Progress = SilentProgress(),
) -> list[Report]:
    """Grade the waiting ones of these submissions, and report on each in order."""
    ids = {one.submission for one in ingested if one.submission is not None}
    GradingRun(store, course, request, options, progress).run(ids, store.append_many)
    return list(report_submissions(store, course, ingested))


def find_submissions_to_grade(
    store: Store,
    course: Course,
    files: Sequence[FoundFile] | None,
    request: GradeRequest,
    progress: Progress = SilentProgress(),
) -> list[IngestResult]:
    """Record the files found and list them; without files, list what is recorded already.

    Only exercises of this course are listed, since the records may hold others too.
    """
    if files is not None:
        return list(record_files(store, course, files, request.exercise, request.student, progress))
    names = {e.name for e in course.exercises}
    recorded = store.submissions(exercise=request.exercise, student=request.student)
    return [IngestResult(s.student, s.exercise, s.id) for s in recorded if s.exercise in names]


def check_names(course: Course, request: GradeRequest) -> None:
    """Raise UsageError for an exercise or a question that the course doesn't have."""
    if request.exercise is not None:
        course.exercise(request.exercise)
    exercises = [e for e in course.exercises if request.exercise in (None, e.name)]
    if request.question is not None and not any(e.question(request.question) for e in exercises):
        names = ", ".join(q.id for e in exercises for q in e.questions)
        raise UsageError(f"there is no question {request.question!r}; choose one of: {names}")
