"""`grader report`: the pages of a class, from the records."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from grader.catalogue import language
from grader.cli import terminal
from grader.cli.scores import PAGE, Sheets, as_report, score_sheets
from grader.cli.typesetting import Typesetting
from grader.core.class_figures import Enrolled
from grader.core.errors import UnreadableSubmission, UsageError
from grader.core.exercise import Course
from grader.core.language import ENGLISH, Language
from grader.core.report import Handed, Report, report
from grader.course import load
from grader.feedback.site import Written, write
from grader.formats.reading import read
from grader.store import Graded, Store, Unreadable


def run(to: Path, folder: Path, db: str, student: str | None, lang: str | None = None) -> int:
    """Writes the pages and says where they are."""
    course = load(folder)
    speech = language(course, lang)
    with Store.existing(db) as store:
        written = write_pages(store, course, to, student, speech)
    terminal.line(f"{len(written.pages)} pages, {written.unchanged} unchanged; the class: {written.class_page}")
    return 0


def write_pages(
    store: Store, course: Course, to: Path, student: str | None = None, speech: Language = ENGLISH
) -> Written:
    """The pages of the last submission of everybody, or of one student. Raises UsageError where there is none."""
    names = [e.name for e in course.exercises]
    sheets = score_sheets(store, course, student)
    last = {key: max(one.attempt.number for one in sheet.attempts) for key, sheet in sheets.items()}
    ids: list[int] = []
    ungraded = set()
    for one in store.submissions(student=student):
        key = (one.student, one.exercise)
        if one.number == last.get(key):
            ids.append(one.id)
        elif key not in last and one.exercise in names:
            ungraded.add(key)
    if not ids:
        whom = f" of {student}" if student else ""
        raise UsageError(f"nothing{whom} has been graded yet in this database: run grader grade first")
    reports = terminal.progress(_reports(store, course, ids, sheets, speech), len(ids), "pages")
    everybody = tuple(e.student for e in store.roster() if student in (None, e.student))
    enrolled = Enrolled(everybody, frozenset(ungraded))
    with Typesetting() as typesetting:
        return write(reports, to, course.title, names, typesetter=typesetting, enrolled=enrolled, language=speech)


def _reports(store: Store, course: Course, ids: Sequence[int], sheets: Sheets, speech: Language) -> Iterator[Report]:
    """A page of gradings at a time: those of a large class don't fit in memory."""
    for start in range(0, len(ids), PAGE):
        for one in store.latest(ids=ids[start : start + PAGE]):
            sheet = sheets.get((one.submission.student, one.submission.exercise))
            yield replace(whole_report(store, course, one, speech), sheet=sheet)


def whole_report(store: Store, course: Course, one: Graded, speech: Language) -> Report:
    """What was found about a submission, in words, with its code."""
    submission = one.submission
    exercise = course.exercise(submission.exercise)
    title = speech(exercise.title)
    if isinstance(one.result, Unreadable):
        return replace(as_report(course, one), title=title, error=_unreadable(store, one, one.result, speech))
    try:
        program = read(submission.file_name, store.data(submission.id))
    except UnreadableSubmission as error:  # it could be read when it was graded: the program has changed since
        return replace(as_report(course, one), title=title, error=speech(error.says))
    return report(exercise, one.result, Handed(submission.student, submission.number, program, one.marks), speech)


def _unreadable(store: Store, one: Graded, result: Unreadable, speech: Language) -> str:
    """Why it could not be read. On record are the words of then: where it still fails alike, those of the language."""
    submission = one.submission
    try:
        read(submission.file_name, store.data(submission.id))
    except UnreadableSubmission as error:
        if str(error) == result.error:
            return speech(error.says)
    return result.error
