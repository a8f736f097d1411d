"""`grader report`: the pages of a class, from the records."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from grader.cli import terminal
from grader.cli.scores import Sheets, as_report, score_sheets
from grader.cli.typesetting import Typesetting
from grader.core.errors import UnreadableSubmission, UsageError
from grader.core.exercise import Course
from grader.core.report import Handed, Report, report
from grader.course import load
from grader.feedback.site import Written, write
from grader.formats.reading import read
from grader.store import Graded, Store, Unreadable


def run(to: Path, folder: Path, db: str, student: str | None) -> int:
    """Writes the pages and says where they are."""
    course = load(folder)
    with Store.existing(db) as store:
        written = write_pages(store, course, to, student)
    terminal.line(f"{len(written.pages)} pages, {written.unchanged} unchanged; the class: {written.class_page}")
    return 0


def write_pages(store: Store, course: Course, to: Path, student: str | None = None) -> Written:
    """The pages of the last submission of everybody, or of one student. Raises UsageError where there is none."""
    last = {(g.submission.student, g.submission.exercise): g for g in store.latest(student=student)}
    names = [e.name for e in course.exercises]
    known = [g for (_, exercise), g in last.items() if exercise in names]
    if not known:
        whom = f" of {student}" if student else ""
        raise UsageError(f"nothing{whom} has been graded yet in this database: run grader grade first")
    sheets = score_sheets(store, course, student)
    reports = terminal.progress(_reports(store, course, known, sheets), len(known), "pages")
    with Typesetting() as typesetting:
        return write(reports, to, course.title, names, typesetter=typesetting)


def _reports(store: Store, course: Course, graded: list[Graded], sheets: Sheets) -> Iterator[Report]:
    for one in graded:
        sheet = sheets.get((one.submission.student, one.submission.exercise))
        yield replace(_report(store, course, one), sheet=sheet)


def _report(store: Store, course: Course, one: Graded) -> Report:
    submission = one.submission
    exercise = course.exercise(submission.exercise)
    if isinstance(one.result, Unreadable):
        return replace(as_report(course, one), title=exercise.title)
    try:
        program = read(submission.file_name, store.data(submission.id))
    except UnreadableSubmission as error:  # it could be read when it was graded: the program has changed since
        return replace(as_report(course, one), title=exercise.title, error=str(error))
    return report(exercise, one.result, Handed(submission.student, submission.number, program, one.marks))
