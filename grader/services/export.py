"""The scores of a class as files for spreadsheets, scripts and other systems."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path, PurePosixPath

from grader.core.errors import UsageError
from grader.core.questions.exercise import Course
from grader.core.report.gradebook import Column, Gradebook, GradebookStudent, ScoreKey, build_comment
from grader.feedback.file_names import safe_name
from grader.formats.export import canvas, gradescope, moodle, score_tables
from grader.formats.export.match_rows import FilledTable
from grader.services.reports import load_score_sheets, report_grading
from grader.store import Store


class ExportFormat(StrEnum):
    """The name of a format."""

    CSV = "csv"
    JSON = "json"
    CANVAS = "canvas"
    MOODLE = "moodle"
    GRADESCOPE = "gradescope"


@dataclass(frozen=True)
class ExportRequest:
    """The format and exercise to export, a template to fill in, its columns, and whether to include pending scores."""

    format: ExportFormat
    exercise: str | None = None
    template: Path | None = None
    columns: tuple[str, ...] = ()
    include_pending: bool = False
    hidden: str = "after_published"


@dataclass(frozen=True)
class ExportedTable:
    """An exported file: its bytes, its number of rows, and what was left out.

    `ungraded` submissions and `withheld` scores, which wait for a person, are left out.
    """

    data: bytes
    count: int
    counted: str
    remarks: Sequence[str] = ()
    ungraded: int = 0
    withheld: Sequence[ScoreKey] = ()


@dataclass(frozen=True)
class ExportedResults:
    """Gradescope's files by path, `STUDENT/EXERCISE/ATTEMPT/results.json`, and the number of submissions left out."""

    files: Mapping[PurePosixPath, bytes]
    ungraded: int = 0
    withheld: int = 0


def check_export_request(course: Course, request: ExportRequest) -> None:
    """Raise UsageError for options that don't go together."""
    if request.exercise is not None:
        course.exercise(request.exercise)
    if request.template is not None and request.format not in (ExportFormat.CANVAS, ExportFormat.MOODLE):
        raise UsageError(f"--template is only for canvas and moodle: leave it out for {request.format}")
    if request.columns and request.format is not ExportFormat.CANVAS:
        raise UsageError("--column is only for canvas")
    if request.format is ExportFormat.MOODLE and request.template is not None and request.exercise is None:
        raise UsageError("a worksheet belongs to one assignment: name the exercise with --exercise")
    if request.hidden not in gradescope.VISIBILITIES:
        raise UsageError(f"--hidden {request.hidden!r}: choose one of {', '.join(gradescope.VISIBILITIES)}")


def export_table(store: Store, course: Course, request: ExportRequest) -> ExportedTable:
    """Make a file of scores, in any format but Gradescope's. Raises UsageError if there are no scores."""
    book = build_gradebook(store, course, request)
    if request.format is ExportFormat.MOODLE:
        book = replace(book, comments=_load_comments(store, course, book))
    table = render_export(book, request)
    return replace(table, ungraded=_count_ungraded(store, book), withheld=book.find_withheld_scores())


def export_results(store: Store, course: Course, request: ExportRequest) -> ExportedResults:
    """Make Gradescope's file for each submission without pending points. Raises UsageError if there are no scores."""
    book = build_gradebook(store, course, request)
    files: dict[PurePosixPath, bytes] = {}
    withheld = 0
    for graded in store.iterate_graded(exercise=request.exercise):
        submission = graded.submission
        if all(submission.exercise != column.name for column in book.columns):
            continue
        report = report_grading(course, graded)
        if report.pending and not request.include_pending:
            withheld += 1
            continue
        folder = PurePosixPath(safe_name(submission.student), safe_name(submission.exercise), str(submission.number))
        files[folder / "results.json"] = gradescope.render_results_json(report, request.hidden)
    return ExportedResults(files, _count_ungraded(store, book), withheld)


def build_gradebook(store: Store, course: Course, request: ExportRequest) -> Gradebook:
    """Gather the scores of a class. Raises UsageError if there are none."""
    sheets = load_score_sheets(store, course)
    chosen = [e for e in course.exercises if request.exercise in (None, e.name)]
    names = {e.name for e in chosen}
    sheets = {key: sheet for key, sheet in sheets.items() if key[1] in names}
    if not sheets:
        raise UsageError("no submission of these exercises is graded yet: grade them first")
    handed = {student for student, _ in sheets}
    people = (
        GradebookStudent(p.student, p.display_name, p.email, p.section, p.ids) for p in store.people.list_students()
    )
    return Gradebook(
        title=course.title,
        version=course.version,
        columns=tuple(Column(e.name, e.title, e.max_score, e.policy) for e in chosen),
        people=tuple(p for p in people if p.student in handed or p != GradebookStudent(p.student)),
        sheets=sheets,
        with_pending=request.include_pending,
        zone=course.zone,
    )


def render_export(book: Gradebook, request: ExportRequest) -> ExportedTable:
    """Write a gradebook in a format."""
    if request.format is ExportFormat.CSV:
        return ExportedTable(score_tables.render_scores_csv(book), len(book.people), "student")
    if request.format is ExportFormat.JSON:
        return ExportedTable(score_tables.render_scores_json(book), len(book.people), "student")
    filled = _fill_sheet(book, request)
    return ExportedTable(filled.table.to_bytes(), filled.count, "score", filled.remarks)


def _fill_sheet(book: Gradebook, request: ExportRequest) -> FilledTable:
    template = None if request.template is None else _read_template(request.template)
    if request.format is ExportFormat.MOODLE:
        return moodle.from_roster(book) if template is None else moodle.from_worksheet(book, template)
    names = _parse_columns(request.columns, [column.name for column in book.columns])
    return canvas.from_roster(book, names) if template is None else canvas.from_template(book, template, names)


def _read_template(template: Path) -> bytes:
    try:
        return template.read_bytes()
    except OSError as error:
        raise UsageError(f"{template}: {error.strerror}: name the file that was downloaded") from error


def _parse_columns(columns: Iterable[str], exercises: Sequence[str]) -> dict[str, str]:
    """Return the NAME of each `EXERCISE=NAME`, by exercise. Raises UsageError for another form or exercise."""
    names = {}
    for column in columns:
        exercise, equals, name = column.partition("=")
        if not equals or not name.strip() or exercise not in exercises:
            raise UsageError(f"--column {column[:60]!r}: write EXERCISE=NAME, EXERCISE one of {', '.join(exercises)}")
        names[exercise] = name.strip()
    return names


def _load_comments(store: Store, course: Course, book: Gradebook) -> dict[ScoreKey, tuple[str, ...]]:
    """Return each student's comments on the attempt that counts."""
    comments: dict[ScoreKey, tuple[str, ...]] = {}
    for exercise in book.columns:
        for graded in store.iterate_graded(exercise=exercise.name):
            key = (graded.submission.student, exercise.name)
            sheet = book.sheets.get(key)
            if sheet and sheet.counted and sheet.counted.attempt.number == graded.submission.number:
                comments[key] = tuple(build_comment(report_grading(course, graded), sheet))
    return comments


def _count_ungraded(store: Store, book: Gradebook) -> int:
    return sum(1 for column in book.columns for _ in store.ungraded(exercise=column.name))
