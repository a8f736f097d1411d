"""`grader report`: the pages of a class, from the records."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.cli import terminal
from grader.cli.score_table import REPORTS_PER_BATCH, ScoreSheets, load_score_sheets, report_grading
from grader.cli.typesetting import Typesetting
from grader.core.errors import UnreadableSubmission, UsageError
from grader.core.questions.exercise import Course
from grader.core.report.report import Report, SubmissionInfo, build_report
from grader.core.stats.class_stats import Enrollment
from grader.core.text.language import ENGLISH, Language
from grader.course.loader import load_course
from grader.course.po_files import choose_language
from grader.feedback.write_pages import WrittenClassPages, WrittenPages, write_all_pages, write_student_pages
from grader.formats.read_submission import parse_submission
from grader.store import GradedSubmission, Store, UnreadableResult


def run_report(to: Path, folder: Path, db: str, student: str | None, lang: str | None = None) -> int:
    """Writes the pages and says where they are."""
    course = load_course(folder)
    speech = choose_language(course, lang)
    with Store.open_existing(db) as store:
        if student is None:
            whole = write_class_report(store, course, to, speech)
            _tell(whole, f"the class: {whole.class_page}")
        else:
            written = _write_student(store, course, to, student, speech)
            _tell(written, f"below {written.pages[0].parent}")
    return 0


def _tell(written: WrittenPages, where: str) -> None:
    count = len(written.pages)
    terminal.print_line(f"{count} {'page' if count == 1 else 'pages'}, {written.unchanged} unchanged; {where}")


def write_class_report(store: Store, course: Course, to: Path, speech: Language = ENGLISH) -> WrittenClassPages:
    """The pages of everybody's last submissions, and of the class. Raises UsageError where nothing is graded."""
    found = _find_last_attempts(store, course, None)
    enrolled = Enrollment(tuple(one.student for one in store.people.list_students()), frozenset(found.ungraded))
    names = [e.name for e in course.exercises]
    with Typesetting() as typesetting:
        reports = _reports(store, course, found, speech)
        return write_all_pages(
            reports, to, course.title, names, typesetter=typesetting, enrolled=enrolled, language=speech
        )


def _write_student(store: Store, course: Course, to: Path, student: str, speech: Language) -> WrittenPages:
    """One student's pages alone: the class page is about all."""
    found = _find_last_attempts(store, course, student)
    with Typesetting() as typesetting:
        return write_student_pages(
            _reports(store, course, found, speech), to, course.title, typesetter=typesetting, language=speech
        )


@dataclass(frozen=True)
class _LastAttempts:
    """The last attempts that are graded, by their ids; whose exercise waits; how everybody's score comes about."""

    ids: Sequence[int]
    ungraded: set[tuple[str, str]]
    sheets: ScoreSheets


def _find_last_attempts(store: Store, course: Course, student: str | None) -> _LastAttempts:
    names = [e.name for e in course.exercises]
    sheets = load_score_sheets(store, course, student)
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
    return _LastAttempts(ids, ungraded, sheets)


def _reports(store: Store, course: Course, last: _LastAttempts, speech: Language) -> Iterator[Report]:
    return terminal.track_progress(_build_reports(store, course, last, speech), len(last.ids), "pages")


def _build_reports(store: Store, course: Course, last: _LastAttempts, speech: Language) -> Iterator[Report]:
    """A page of gradings at a time: those of a large class don't fit in memory."""
    for start in range(0, len(last.ids), REPORTS_PER_BATCH):
        for one in store.iterate_graded(ids=last.ids[start : start + REPORTS_PER_BATCH]):
            sheet = last.sheets.get((one.submission.student, one.submission.exercise))
            yield replace(report_grading_with_code(store, course, one, speech), sheet=sheet)


def report_grading_with_code(store: Store, course: Course, one: GradedSubmission, speech: Language) -> Report:
    """What was found about a submission, in words, with its code."""
    submission = one.submission
    exercise = course.exercise(submission.exercise)
    title = speech(exercise.title)
    if isinstance(one.result, UnreadableResult):
        return replace(report_grading(course, one), title=title, error=_unreadable(store, one, one.result, speech))
    try:
        program = parse_submission(submission.file_name, store.read_content(submission.id))
    except UnreadableSubmission as error:  # it could be read when it was graded: the program has changed since
        return replace(report_grading(course, one), title=title, error=speech(error.message))
    return build_report(
        exercise, one.result, SubmissionInfo(submission.student, submission.number, program, one.marks), speech
    )


def _unreadable(store: Store, one: GradedSubmission, result: UnreadableResult, speech: Language) -> str:
    """Why it could not be read. On record are the words of then: where it still fails alike, those of the language."""
    submission = one.submission
    try:
        parse_submission(submission.file_name, store.read_content(submission.id))
    except UnreadableSubmission as error:
        if str(error) == result.error:
            return speech(error.message)
    return result.error
