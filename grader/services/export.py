"""The scores of a class as files for spreadsheets, scripts and other systems."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from grader.core.errors import UsageError
from grader.core.questions.exercise import Course
from grader.core.report.gradebook import Column, Gradebook, GradebookStudent, ScoreKey, build_comment
from grader.core.text.messages import gettext
from grader.course.bundle.portable_values import pack_zip
from grader.feedback.file_names import safe_name
from grader.formats.export.export_format import (
    AnyExportFormat,
    ExportedTable,
    OptionValues,
    ResultsFormat,
    TableFormat,
)
from grader.formats.export.registry import EXPORT_FORMATS, find_export_options
from grader.services.reports import describe_student, load_score_sheets, report_grading
from grader.store import Store


@dataclass(frozen=True)
class ExportRequest:
    """The exercise to export, else all; whether to include pending scores; the format's options as they were given."""

    exercise: str | None = None
    include_pending: bool = False
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class TableExport:
    """An exported table, and what is not in it: `ungraded` submissions, and `withheld` scores that wait for a mark."""

    table: ExportedTable
    ungraded: int = 0
    withheld: Sequence[ScoreKey] = ()


@dataclass(frozen=True)
class ResultsExport:
    """Files by path, `STUDENT/EXERCISE/ATTEMPT/FILE`, and the number of submissions left out."""

    files: Mapping[PurePosixPath, bytes]
    ungraded: int = 0
    withheld: int = 0


@dataclass(frozen=True)
class Download:
    """A file with its name."""

    name: str
    data: bytes


def get_export_format(name: str) -> AnyExportFormat:
    """Return the format of that name. Raises UsageError for an unknown one."""
    if name not in EXPORT_FORMATS:
        raise UsageError(f"the format {name[:40]!r} does not exist; choose one of {', '.join(EXPORT_FORMATS)}")
    return EXPORT_FORMATS[name]


def read_export_options(course: Course, format: AnyExportFormat, request: ExportRequest) -> OptionValues:
    """Return the values of the format's options. Raises UsageError for options that don't go together."""
    if request.exercise is not None:
        course.exercise(request.exercise)
    known = {option.name: option for option in format.options}
    texts: dict[str, tuple[str, ...]] = {}
    files: dict[str, bytes] = {}
    for name, values in request.options.items():
        option = known.get(name)
        if option is None:
            owners = " and ".join(find_export_options().get(name, {}))
            raise UsageError(
                f"the export {format.name} has no such option", f"--{name} is only for {owners}: leave it out"
            )
        if option.needs_exercise and request.exercise is None:
            raise UsageError(f"a {name} of {format.name} is for one assignment", "name the exercise with --exercise")
        if option.choices and not set(values) <= set(option.choices):
            raise UsageError(f"the {name} {values[0][:40]!r} does not exist: choose one of {', '.join(option.choices)}")
        if option.is_file:
            files[name] = _read_file(Path(values[0]))
        else:
            texts[name] = values
    return OptionValues(texts, files)


def export_table(store: Store, course: Course, format: TableFormat, request: ExportRequest) -> TableExport:
    """Make a file of scores. Raises UsageError if there are none, or for options that don't go together."""
    values = read_export_options(course, format, request)
    book = build_gradebook(store, course, request)
    if format.has_comments:
        book = replace(book, comments=_load_comments(store, course, book))
    return TableExport(format.render(book, values), _count_ungraded(store, book), book.find_withheld_scores())


def export_results(store: Store, course: Course, format: ResultsFormat, request: ExportRequest) -> ResultsExport:
    """Make a file for each submission without pending points. Raises UsageError as `export_table` does."""
    values = read_export_options(course, format, request)
    book = build_gradebook(store, course, request)
    files: dict[PurePosixPath, bytes] = {}
    withheld = 0
    for graded in store.iterate_graded(exercise=request.exercise):
        submission = graded.submission
        if all(submission.exercise != column.name for column in book.columns):
            continue
        report = report_grading(course, graded, audience=describe_student(graded))
        if report.pending and not request.include_pending:
            withheld += 1
            continue
        folder = PurePosixPath(safe_name(submission.student), safe_name(submission.exercise), str(submission.number))
        files[folder / format.file_name] = format.render(report, values)
    return ResultsExport(files, _count_ungraded(store, book), withheld)


def export_download(store: Store, course: Course, format: AnyExportFormat, request: ExportRequest) -> Download:
    """Return the export as one file, as a browser saves it; several files are packed into a zip."""
    name = "-".join(filter(None, (format.name, request.exercise)))
    if isinstance(format, TableFormat):
        return Download(f"{name}.{format.ending}", export_table(store, course, format, request).table.data)
    files = export_results(store, course, format, request).files
    return Download(f"{name}.zip", pack_zip({str(path): data for path, data in files.items()}))


def build_gradebook(store: Store, course: Course, request: ExportRequest) -> Gradebook:
    """Gather the scores of a class. Raises UsageError if there are none."""
    sheets = load_score_sheets(store, course)
    chosen = [e for e in course.exercises if request.exercise in (None, e.name)]
    names = {e.name for e in chosen}
    sheets = {key: sheet for key, sheet in sheets.items() if key[1] in names}
    if not sheets:
        raise UsageError(gettext("no submission of these exercises is graded yet: grade them first"))
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


def _read_file(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}: name the file that was downloaded") from error


def _load_comments(store: Store, course: Course, book: Gradebook) -> dict[ScoreKey, tuple[str, ...]]:
    """Return each student's comments on the attempt that counts."""
    comments: dict[ScoreKey, tuple[str, ...]] = {}
    for exercise in book.columns:
        for graded in store.iterate_graded(exercise=exercise.name):
            key = (graded.submission.student, exercise.name)
            sheet = book.sheets.get(key)
            if sheet and sheet.counted_attempt and sheet.counted_attempt.attempt.number == graded.submission.number:
                comments[key] = tuple(
                    build_comment(report_grading(course, graded, audience=describe_student(graded)), sheet)
                )
    return comments


def _count_ungraded(store: Store, book: Gradebook) -> int:
    return sum(1 for column in book.columns for _ in store.iterate_ungraded(exercise=column.name))
