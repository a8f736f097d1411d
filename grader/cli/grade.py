"""`grader grade`: record what lies there, judge what waits, say what came of it."""

from collections.abc import Sequence
from pathlib import Path

from grader.cli import regrade, score_table, terminal
from grader.core.errors import UsageError
from grader.core.questions.exercise import Course
from grader.core.report.report import Report
from grader.course.loader import load_course
from grader.formats.discover import FoundFile
from grader.services.grade import GradingOptions, GradingRun
from grader.services.ingest import GradeRequest, IngestResult, find_submission_files, record_files
from grader.services.reports import load_score_sheets, report_submissions
from grader.store import Store


def run_grade(
    paths: Sequence[Path], folder: Path, db: str, wanted: GradeRequest, how: GradingOptions, *, as_json: bool
) -> int:
    """Grades and prints; the exit code."""
    course = load_course(folder)
    _check(course, wanted, paths)
    found = find_submission_files(paths, course) if paths else None
    with Store.open(db) if paths else Store.open_existing(db) as store:
        lines = _lines(store, course, found, wanted)
        if not lines:
            raise UsageError(_explain_nothing_found(found, wanted, store))
        if wanted.regrade:
            return regrade.run_regrade(store, course, lines, wanted, how, as_json=as_json)
        reports = _grade_lines(store, course, lines, wanted, how)
        students = {one.student for one in reports}
        sheets = {} if as_json else load_score_sheets(store, course, students.pop() if len(students) == 1 else None)
    if as_json:
        for one in reports:
            terminal.print_json(one.as_json())
    else:
        score_table.print_score_table(reports, [e.name for e in course.exercises], sheets)
        score_table.print_grading_errors(reports)
    return score_table.exit_code(reports)


def grade_files(store: Store, course: Course, found: Sequence[FoundFile], how: GradingOptions) -> list[Report]:
    """Records files, grades what waits of them, and reports on each in order."""
    return _grade_lines(store, course, _lines(store, course, found, GradeRequest()), GradeRequest(), how)


def _grade_lines(
    store: Store, course: Course, lines: Sequence[IngestResult], wanted: GradeRequest, how: GradingOptions
) -> list[Report]:
    ids = {line.submission for line in lines if line.submission is not None}
    GradingRun(store, course, wanted, how).run(ids, store.append_many)
    return list(report_submissions(store, course, lines))


def _lines(store: Store, course: Course, found: Sequence[FoundFile] | None, wanted: GradeRequest) -> list[IngestResult]:
    """The files found, recorded; or what is recorded already: of this course, for the records may hold others too."""
    if found is not None:
        return list(record_files(store, course, found, wanted))
    names = {e.name for e in course.exercises}
    there = store.submissions(exercise=wanted.exercise, student=wanted.student)
    return [IngestResult(s.student, s.exercise, s.id) for s in there if s.exercise in names]


def _check(course: Course, wanted: GradeRequest, paths: Sequence[Path]) -> None:
    """Raises UsageError where what is wanted doesn't go together, or isn't there."""
    if wanted.exercise is not None:
        course.exercise(wanted.exercise)
    if not wanted.regrade and (wanted.dry_run or wanted.question is not None or wanted.html_file is not None):
        raise UsageError("--dry-run, --question and --html are for grading anew: write them with --regrade")
    if wanted.dry_run and paths:
        raise UsageError("--dry-run records nothing, so it takes no files: leave them out")
    exercises = [e for e in course.exercises if wanted.exercise in (None, e.name)]
    if wanted.question is not None and not any(e.question(wanted.question) for e in exercises):
        names = ", ".join(q.id for e in exercises for q in e.questions)
        raise UsageError(f"there is no question {wanted.question!r}; choose one of: {names}")


def _explain_nothing_found(found: Sequence[FoundFile] | None, wanted: GradeRequest, store: Store) -> str:
    chosen = "".join(
        f" {name} {value!r}" for name, value in (("of", wanted.student), ("for", wanted.exercise)) if value is not None
    )
    if found is None:
        return f"nothing{chosen} is recorded in {store.read_info().url}: name the folder of what was handed in"
    return f"nothing{chosen} is among the {len(found)} files found: look at --student and --exercise"
