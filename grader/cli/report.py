"""`grader report`: the pages of a class, from the records."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.cli import terminal
from grader.cli.score_table import PAGE, Sheets, as_report, score_sheets
from grader.cli.typesetting import Typesetting
from grader.core.errors import UnreadableSubmission, UsageError
from grader.core.questions.exercise import Course
from grader.core.report.report import Handed, Report, report
from grader.core.stats.class_stats import Enrolled
from grader.core.text.language import ENGLISH, Language
from grader.course.loader import load
from grader.course.po_files import language
from grader.feedback.write_pages import WholeClass, Written, write, write_pages
from grader.formats.read_submission import read
from grader.store import Graded, Store, Unreadable


def run(to: Path, folder: Path, db: str, student: str | None, lang: str | None = None) -> int:
    """Writes the pages and says where they are."""
    course = load(folder)
    speech = language(course, lang)
    with Store.existing(db) as store:
        if student is None:
            whole = write_class(store, course, to, speech)
            _tell(whole, f"the class: {whole.class_page}")
        else:
            written = _write_student(store, course, to, student, speech)
            _tell(written, f"below {written.pages[0].parent}")
    return 0


def _tell(written: Written, where: str) -> None:
    count = len(written.pages)
    terminal.line(f"{count} {'page' if count == 1 else 'pages'}, {written.unchanged} unchanged; {where}")


def write_class(store: Store, course: Course, to: Path, speech: Language = ENGLISH) -> WholeClass:
    """The pages of everybody's last submissions, and of the class. Raises UsageError where nothing is graded."""
    found = _last(store, course, None)
    enrolled = Enrolled(tuple(one.student for one in store.people.roster()), frozenset(found.ungraded))
    names = [e.name for e in course.exercises]
    with Typesetting() as typesetting:
        reports = _reports(store, course, found, speech)
        return write(reports, to, course.title, names, typesetter=typesetting, enrolled=enrolled, language=speech)


def _write_student(store: Store, course: Course, to: Path, student: str, speech: Language) -> Written:
    """One student's pages alone: the class page is about all."""
    found = _last(store, course, student)
    with Typesetting() as typesetting:
        return write_pages(
            _reports(store, course, found, speech), to, course.title, typesetter=typesetting, language=speech
        )


@dataclass(frozen=True)
class _Last:
    """The last attempts that are graded, by their ids; whose exercise waits; how everybody's score comes about."""

    ids: Sequence[int]
    ungraded: set[tuple[str, str]]
    sheets: Sheets


def _last(store: Store, course: Course, student: str | None) -> _Last:
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
    return _Last(ids, ungraded, sheets)


def _reports(store: Store, course: Course, last: _Last, speech: Language) -> Iterator[Report]:
    return terminal.progress(_made(store, course, last, speech), len(last.ids), "pages")


def _made(store: Store, course: Course, last: _Last, speech: Language) -> Iterator[Report]:
    """A page of gradings at a time: those of a large class don't fit in memory."""
    for start in range(0, len(last.ids), PAGE):
        for one in store.latest(ids=last.ids[start : start + PAGE]):
            sheet = last.sheets.get((one.submission.student, one.submission.exercise))
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
