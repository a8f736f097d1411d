"""`grader export`: the scores of a class, for spreadsheets, scripts and other systems."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from grader.cli import terminal
from grader.cli.safe_write import write_new
from grader.core.errors import UsageError
from grader.core.questions.exercise import Course
from grader.core.report.gradebook import Column, Gradebook, GradebookStudent, ScoreKey, build_comment
from grader.course.loader import load_course
from grader.feedback.file_names import safe_name
from grader.formats.decode_text import escape_unprintable
from grader.formats.export import canvas, gradescope, moodle, score_tables
from grader.formats.export.match_rows import FilledTable
from grader.services.reports import load_score_sheets, report_grading
from grader.store import Store


class ExportFormat(StrEnum):
    """Whose format it is."""

    CSV = "csv"
    JSON = "json"
    CANVAS = "canvas"
    MOODLE = "moodle"
    GRADESCOPE = "gradescope"


@dataclass(frozen=True)
class ExportRequest:
    """What is exported, and how: of which exercise, into whose template, under which columns, pending scores too."""

    format: ExportFormat
    exercise: str | None = None
    template: Path | None = None
    columns: tuple[str, ...] = ()
    include_pending: bool = False
    hidden: str = "after_published"


def run_export(to: Path, folder: Path, db: str, wanted: ExportRequest, *, force: bool) -> int:
    """Writes the file (of Gradescope's: a folder of files), and tells what could not be in it."""
    course = load_course(folder)
    _check(course, wanted)
    with Store.open_existing(db) as store:
        book = build_gradebook(store, course, wanted)
        _tell_ungraded(store, book)
        if wanted.format is ExportFormat.GRADESCOPE:
            return _write_results(store, course, to, wanted, force=force)
        if wanted.format is ExportFormat.MOODLE:
            book = replace(book, comments=_comments(store, course, book))
    _tell_pending(book)
    data, what, remarks = render_export(book, wanted)
    changed = write_new({to: data}, force=force)
    for remark in remarks:
        terminal.print_remark(remark)
    terminal.print_styled(f"{to}: {what}" + ("" if changed else ", as it was"))
    return 0


def _check(course: Course, wanted: ExportRequest) -> None:
    """Raises UsageError for what doesn't go together."""
    if wanted.exercise is not None:
        course.exercise(wanted.exercise)
    if wanted.template is not None and wanted.format not in (ExportFormat.CANVAS, ExportFormat.MOODLE):
        raise UsageError(f"--template is for canvas and moodle; {wanted.format} needs none")
    if wanted.columns and wanted.format is not ExportFormat.CANVAS:
        raise UsageError("--column is for canvas: which assignment's column is an exercise's")
    if wanted.format is ExportFormat.MOODLE and wanted.template is not None and wanted.exercise is None:
        raise UsageError("a worksheet is of one assignment: say which exercise it is with --exercise")
    if wanted.hidden not in gradescope.VISIBILITIES:
        raise UsageError(f"--hidden {wanted.hidden!r}: choose one of {', '.join(gradescope.VISIBILITIES)}")


def build_gradebook(store: Store, course: Course, wanted: ExportRequest) -> Gradebook:
    """Raises UsageError where nobody has a score."""
    sheets = load_score_sheets(store, course)
    chosen = [e for e in course.exercises if wanted.exercise in (None, e.name)]
    names = {e.name for e in chosen}
    sheets = {key: sheet for key, sheet in sheets.items() if key[1] in names}
    if not sheets:
        raise UsageError("nothing of this has been graded yet in this database: run grader grade first")
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
        with_pending=wanted.include_pending,
        zone=course.zone,
    )


def render_export(book: Gradebook, wanted: ExportRequest) -> tuple[bytes, str, Sequence[str]]:
    """The file's bytes, what is in it, and what is to be told."""
    if wanted.format is ExportFormat.CSV:
        return score_tables.render_scores_csv(book), _count(len(book.people), "student"), ()
    if wanted.format is ExportFormat.JSON:
        return score_tables.render_scores_json(book), _count(len(book.people), "student"), ()
    filled = _fill_sheet(book, wanted)
    return filled.table.to_bytes(), _count(filled.count, "score"), filled.remarks


def _fill_sheet(book: Gradebook, wanted: ExportRequest) -> FilledTable:
    template = None if wanted.template is None else _read(wanted.template)
    if wanted.format is ExportFormat.MOODLE:
        return moodle.from_roster(book) if template is None else moodle.from_worksheet(book, template)
    names = _names(wanted.columns, [column.name for column in book.columns])
    return canvas.from_roster(book, names) if template is None else canvas.from_template(book, template, names)


def _read(template: Path) -> bytes:
    try:
        return template.read_bytes()
    except OSError as error:
        raise UsageError(f"{template}: {error.strerror}: name the file that was downloaded") from error


def _names(columns: Iterable[str], exercises: Sequence[str]) -> dict[str, str]:
    """`EXERCISE=NAME` by exercise. Raises UsageError for another form or exercise."""
    names = {}
    for said in columns:
        exercise, equals, name = said.partition("=")
        if not equals or not name.strip() or exercise not in exercises:
            raise UsageError(f"--column {said[:60]!r}: write EXERCISE=NAME, EXERCISE one of {', '.join(exercises)}")
        names[exercise] = name.strip()
    return names


def _comments(store: Store, course: Course, book: Gradebook) -> dict[ScoreKey, tuple[str, ...]]:
    """What each student reads beside the score of an attempt that counts."""
    comments: dict[ScoreKey, tuple[str, ...]] = {}
    for exercise in book.columns:
        for graded in store.iterate_graded(exercise=exercise.name):
            key = (graded.submission.student, exercise.name)
            sheet = book.sheets.get(key)
            if sheet and sheet.counted and sheet.counted.attempt.number == graded.submission.number:
                comments[key] = tuple(build_comment(report_grading(course, graded), sheet))
    return comments


def _write_results(store: Store, course: Course, to: Path, wanted: ExportRequest, *, force: bool) -> int:
    """`STUDENT/EXERCISE/ATTEMPT/results.json` for every submission that waits for nobody."""
    files: dict[Path, bytes] = {}
    waiting = 0
    names = [e.name for e in course.exercises if wanted.exercise in (None, e.name)]
    for graded in store.iterate_graded(exercise=wanted.exercise):
        submission = graded.submission
        if submission.exercise not in names:
            continue
        report = report_grading(course, graded)
        if report.pending and not wanted.include_pending:
            waiting += 1
            continue
        folder = to / safe_name(submission.student) / safe_name(submission.exercise) / str(submission.number)
        files[folder / "results.json"] = gradescope.render_results_json(report, wanted.hidden)
    if to.exists() and not to.is_dir():
        raise UsageError(f"{to} is a file: Gradescope's results are a folder of files")
    if waiting:
        terminal.print_remark(
            f"left out: {_count(waiting, 'submission')} of which points wait for a person (--pending adds them)"
        )
    if files:
        changed = write_new(files, force=force)
        terminal.print_styled(f"{to}: {_count(len(files), 'submission')}, {changed} new or changed")
    return 0


def _tell_ungraded(store: Store, book: Gradebook) -> None:
    count = sum(1 for column in book.columns for _ in store.ungraded(exercise=column.name))
    if count:
        terminal.print_remark(f"not graded yet: {_count(count, 'submission')}; run grader grade first to have them in")


def _tell_pending(book: Gradebook) -> None:
    left = book.find_withheld_scores()
    if left:
        shown = ", ".join(f"{escape_unprintable(student)[:40]} ({exercise})" for student, exercise in left[:5])
        more = f" and {len(left) - 5} more" if len(left) > 5 else ""
        terminal.print_remark(
            f"left out, for points of theirs wait for a person: {_count(len(left), 'score')}: {shown}{more}; "
            "see grader marks queue, or add --pending for the points so far"
        )


def _count(n: int, what: str) -> str:
    return f"{n} {what}" + ("" if n == 1 else "s")
