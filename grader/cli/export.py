"""`grader export`: the scores of a class, for spreadsheets, scripts and other systems."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from grader.cli import terminal
from grader.cli.safe_write import write_new
from grader.cli.score_table import as_report, score_sheets
from grader.core.errors import UsageError
from grader.core.questions.exercise import Course
from grader.core.report.gradebook import Column, Gradebook, Key, Person, comment
from grader.course.loader import load
from grader.feedback.file_names import safe_name
from grader.formats.decode_text import printable
from grader.formats.export import canvas, gradescope, moodle, score_tables
from grader.formats.export.match_rows import Filled
from grader.store import Store


class Format(StrEnum):
    """Whose format it is."""

    CSV = "csv"
    JSON = "json"
    CANVAS = "canvas"
    MOODLE = "moodle"
    GRADESCOPE = "gradescope"


@dataclass(frozen=True)
class Wanted:
    """What is exported, and how: of which exercise, into whose template, under which columns, pending scores too."""

    format: Format
    exercise: str | None = None
    template: Path | None = None
    columns: tuple[str, ...] = ()
    pending: bool = False
    hidden: str = "after_published"


def run(to: Path, folder: Path, db: str, wanted: Wanted, *, force: bool) -> int:
    """Writes the file (of Gradescope's: a folder of files), and tells what could not be in it."""
    course = load(folder)
    _check(course, wanted)
    with Store.existing(db) as store:
        book = gradebook(store, course, wanted)
        _tell_ungraded(store, book)
        if wanted.format is Format.GRADESCOPE:
            return _write_results(store, course, to, wanted, force=force)
        if wanted.format is Format.MOODLE:
            book = replace(book, comments=_comments(store, course, book))
    _tell_pending(book)
    data, what, remarks = made(book, wanted)
    changed = write_new({to: data}, force=force)
    for remark in remarks:
        terminal.remark(remark)
    terminal.show(f"{to}: {what}" + ("" if changed else ", as it was"))
    return 0


def _check(course: Course, wanted: Wanted) -> None:
    """Raises UsageError for what doesn't go together."""
    if wanted.exercise is not None:
        course.exercise(wanted.exercise)
    if wanted.template is not None and wanted.format not in (Format.CANVAS, Format.MOODLE):
        raise UsageError(f"--template is for canvas and moodle; {wanted.format} needs none")
    if wanted.columns and wanted.format is not Format.CANVAS:
        raise UsageError("--column is for canvas: which assignment's column is an exercise's")
    if wanted.format is Format.MOODLE and wanted.template is not None and wanted.exercise is None:
        raise UsageError("a worksheet is of one assignment: say which exercise it is with --exercise")
    if wanted.hidden not in gradescope.VISIBILITIES:
        raise UsageError(f"--hidden {wanted.hidden!r}: choose one of {', '.join(gradescope.VISIBILITIES)}")


def gradebook(store: Store, course: Course, wanted: Wanted) -> Gradebook:
    """Raises UsageError where nobody has a score."""
    sheets = score_sheets(store, course)
    chosen = [e for e in course.exercises if wanted.exercise in (None, e.name)]
    names = {e.name for e in chosen}
    sheets = {key: sheet for key, sheet in sheets.items() if key[1] in names}
    if not sheets:
        raise UsageError("nothing of this has been graded yet in this database: run grader grade first")
    handed = {student for student, _ in sheets}
    people = (Person(p.student, p.display_name, p.email, p.section, p.ids) for p in store.people.roster())
    return Gradebook(
        title=course.title,
        version=course.version,
        columns=tuple(Column(e.name, e.title, e.max_score, e.policy) for e in chosen),
        people=tuple(p for p in people if p.student in handed or p != Person(p.student)),
        sheets=sheets,
        with_pending=wanted.pending,
        zone=course.zone,
    )


def made(book: Gradebook, wanted: Wanted) -> tuple[bytes, str, Sequence[str]]:
    """The file's bytes, what is in it, and what is to be told."""
    if wanted.format is Format.CSV:
        return score_tables.as_csv(book), _count(len(book.people), "student"), ()
    if wanted.format is Format.JSON:
        return score_tables.as_json(book), _count(len(book.people), "student"), ()
    filled = _filled(book, wanted)
    return filled.sheet.as_bytes(), _count(filled.count, "score"), filled.remarks


def _filled(book: Gradebook, wanted: Wanted) -> Filled:
    template = None if wanted.template is None else _read(wanted.template)
    if wanted.format is Format.MOODLE:
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


def _comments(store: Store, course: Course, book: Gradebook) -> dict[Key, tuple[str, ...]]:
    """What each student reads beside the score of an attempt that counts."""
    comments: dict[Key, tuple[str, ...]] = {}
    for exercise in book.columns:
        for graded in store.latest(exercise=exercise.name):
            key = (graded.submission.student, exercise.name)
            sheet = book.sheets.get(key)
            if sheet and sheet.counted and sheet.counted.attempt.number == graded.submission.number:
                comments[key] = tuple(comment(as_report(course, graded), sheet))
    return comments


def _write_results(store: Store, course: Course, to: Path, wanted: Wanted, *, force: bool) -> int:
    """`STUDENT/EXERCISE/ATTEMPT/results.json` for every submission that waits for nobody."""
    files: dict[Path, bytes] = {}
    waiting = 0
    names = [e.name for e in course.exercises if wanted.exercise in (None, e.name)]
    for graded in store.latest(exercise=wanted.exercise):
        submission = graded.submission
        if submission.exercise not in names:
            continue
        report = as_report(course, graded)
        if report.pending and not wanted.pending:
            waiting += 1
            continue
        folder = to / safe_name(submission.student) / safe_name(submission.exercise) / str(submission.number)
        files[folder / "results.json"] = gradescope.results(report, wanted.hidden)
    if to.exists() and not to.is_dir():
        raise UsageError(f"{to} is a file: Gradescope's results are a folder of files")
    if waiting:
        terminal.remark(
            f"left out: {_count(waiting, 'submission')} of which points wait for a person (--pending adds them)"
        )
    if files:
        changed = write_new(files, force=force)
        terminal.show(f"{to}: {_count(len(files), 'submission')}, {changed} new or changed")
    return 0


def _tell_ungraded(store: Store, book: Gradebook) -> None:
    count = sum(1 for column in book.columns for _ in store.ungraded(exercise=column.name))
    if count:
        terminal.remark(f"not graded yet: {_count(count, 'submission')}; run grader grade first to have them in")


def _tell_pending(book: Gradebook) -> None:
    left = book.left_out()
    if left:
        shown = ", ".join(f"{printable(student)[:40]} ({exercise})" for student, exercise in left[:5])
        more = f" and {len(left) - 5} more" if len(left) > 5 else ""
        terminal.remark(
            f"left out, for points of theirs wait for a person: {_count(len(left), 'score')}: {shown}{more}; "
            "see grader marks queue, or add --pending for the points so far"
        )


def _count(n: int, what: str) -> str:
    return f"{n} {what}" + ("" if n == 1 else "s")
