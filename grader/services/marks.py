"""Marking: the answers that a person has to mark, and the points given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from grader.core.errors import UnreadableSubmission, UsageError
from grader.core.questions.exercise import Course
from grader.core.questions.question import Question
from grader.core.report.pictures import AnswerPicture
from grader.core.report.report import find_own_code
from grader.core.text.messages import gettext
from grader.course.prompts import read_prompt
from grader.formats.answer_pictures import read_answer_pictures
from grader.formats.read_submission import parse_submission
from grader.services.reports import ScoreSheets, load_score_sheets
from grader.store import NewMark, QuestionToMark, Store

_MAX_DIGITS: Final = 10
"""Digits of an item's number; longer ones, which Python may refuse to read, are no numbers of items."""


@dataclass(frozen=True)
class MarkFilter:
    """The answers to list: of an exercise, of a student, with marked ones, of all attempts; with or without names."""

    exercise: str | None = None
    student: str | None = None
    include_marked: bool = False
    all_attempts: bool = False
    anonymous: bool = False


@dataclass(frozen=True)
class QueuedAnswer:
    """An answer in the queue, and the name to show with it: the student's, or a pseudonym."""

    to_mark: QuestionToMark
    name: str


@dataclass(frozen=True)
class AnswerToMark:
    """An answer as its marker sees it: with its text, and its question if the course still has it.

    `prompt` is the text of the question in the notebook, `pictures` are those of the answer.
    """

    to_mark: QuestionToMark
    name: str
    text: str
    question: Question | None
    prompt: str = ""
    pictures: tuple[AnswerPicture, ...] = ()

    @property
    def rubric(self) -> dict[str, float]:
        """The points of each item, in order; empty if the question has no rubric."""
        return dict(self.question.rubric) if self.question else {}

    @property
    def ideal(self) -> str:
        """An answer that earns all points; empty if the question has none."""
        return self.question.ideal if self.question else ""


def list_queue(store: Store, course: Course, mark_filter: MarkFilter) -> list[QueuedAnswer]:
    """List the answers to mark by hand. Raises UsageError for an exercise that the course doesn't have.

    With `anonymous`, they are sorted by question and pseudonym, because their numbers follow the order of the files.
    """
    if mark_filter.exercise is not None:
        course.exercise(mark_filter.exercise)
    found = store.marks.list_to_mark(exercise=mark_filter.exercise, student=mark_filter.student)
    chosen = (
        found
        if mark_filter.all_attempts
        else filter_countable(found, load_score_sheets(store, course, mark_filter.student))
    )
    queue = [
        QueuedAnswer(one, _choose_name(store, one, mark_filter.anonymous))
        for one in chosen
        if mark_filter.include_marked or one.mark is None
    ]
    if not mark_filter.anonymous:
        return queue
    return sorted(queue, key=lambda one: (one.to_mark.submission.exercise, one.to_mark.question, one.name))


def list_countable_answers(store: Store, course: Course) -> list[QuestionToMark]:
    """List the answers to mark by hand, with marked ones, of the attempts that count or may count."""
    return filter_countable(store.marks.list_to_mark(), load_score_sheets(store, course))


def filter_countable(questions: Sequence[QuestionToMark], sheets: ScoreSheets) -> list[QuestionToMark]:
    """Select, of each student's attempts, the one that counts now and the last that the rules let count."""
    countable = {
        key: {one.attempt.number for one in (sheet.counted_attempt, sheet.last_allowed) if one is not None}
        for key, sheet in sheets.items()
    }
    return [
        w for w in questions if w.submission.number in countable.get((w.submission.student, w.submission.exercise), ())
    ]


def load_answers(
    store: Store, course: Course, submission: int, question: str | None = None, *, anonymous: bool = False
) -> list[AnswerToMark]:
    """Load the answers of a submission to mark by hand, or one of them. Raises UsageError if there is none."""
    found = _find_to_mark(store, submission, question)
    return [_load_answer(store, course, one, _choose_name(store, one, anonymous)) for one in found]


def load_answer(store: Store, course: Course, to_mark: QuestionToMark) -> AnswerToMark:
    """Load an answer with its question, rubric and ideal answer."""
    return _load_answer(store, course, to_mark, to_mark.submission.student)


def apply_rubric(store: Store, course: Course, mark: NewMark) -> NewMark:
    """Return the mark with the sum of its rubric items if it has no points. Raises UsageError for an unknown item.

    An item is named by its number or its words.
    """
    (rubric,) = load_rubrics(store, course, [mark])
    return tick_items(rubric, mark)


def load_rubrics(store: Store, course: Course, marks: Sequence[NewMark]) -> list[Mapping[str, float]]:
    """Return the rubric of each mark's question; an empty one if it has none, or the course doesn't have it."""
    ids = list(dict.fromkeys(mark.submission for mark in marks))
    exercises = {one.id: one.exercise for one in store.submissions(ids=ids)}
    questions = [_find_question(course, exercises.get(mark.submission, ""), mark.question) for mark in marks]
    return [question.rubric if question else {} for question in questions]


def tick_items(rubric: Mapping[str, float], mark: NewMark) -> NewMark:
    """Return the mark with the words of its items and, if it has no points, their sum.

    Raises UsageError for an item that the rubric doesn't have.
    """
    items = tuple(dict.fromkeys(_find_item(item, rubric, mark.question) for item in mark.items))
    if mark.points is None and not items:
        raise UsageError(gettext("tick a rubric item or enter points"))
    points = sum(rubric[item] for item in items) if mark.points is None else mark.points
    return replace(mark, points=points, items=items)


def format_item(item: str, points: float) -> str:
    """Return an item of a rubric with its points."""
    return f"{item} ({points:g})"


def set_mark(store: Store, course: Course, mark: NewMark) -> bool:
    """Set a mark, with points from the rubric if it has none. Return whether it is new."""
    return bool(store.marks.set_marks([apply_rubric(store, course, mark)]))


def accept_proposal(store: Store, submission: int, question: str) -> QuestionToMark:
    """Give the mark of an earlier attempt, and return the answer. Raises UsageError if there is no such mark."""
    (one,) = _find_to_mark(store, submission, question)
    if one.proposal is None:
        why = "it is marked already" if one.mark else "no earlier attempt is marked"
        raise UsageError(f"submission {submission} has no proposal for {question!r}: {why}")
    old = one.proposal
    store.marks.set_marks([NewMark(submission, question, old.points, old.comment, old.items)])
    return one


def withdraw_mark(store: Store, submission: int, question: str) -> bool:
    """Withdraw a mark, which stays on record as withdrawn. Return whether there was one."""
    return bool(store.marks.set_marks([NewMark(submission, question, None)]))


def _choose_name(store: Store, one: QuestionToMark, anonymous: bool) -> str:
    return store.pseudonym(one.submission.student) if anonymous else one.submission.student


def _find_to_mark(store: Store, submission: int, question: str | None) -> Sequence[QuestionToMark]:
    found = store.marks.list_to_mark(ids=[submission])
    chosen = [one for one in found if question in (None, one.question)]
    if not chosen:
        what = f" {question!r}" if question else ""
        raise UsageError(f"submission {submission} has no answer{what} to mark", "see grader marks queue")
    return chosen


def _find_question(course: Course, exercise: str, question: str) -> Question | None:
    found = next((e for e in course.exercises if e.name == exercise), None)
    return found.question(question) if found else None


def _load_answer(store: Store, course: Course, one: QuestionToMark, name: str) -> AnswerToMark:
    question = _find_question(course, one.submission.exercise, one.question)
    prompt = read_prompt(course.exercise(one.submission.exercise), question.id) if question else ""
    text, pictures = _load_content(store, question, one) if question else ("", ())
    return AnswerToMark(one, name, text, question, prompt, pictures)


def _load_content(store: Store, question: Question, one: QuestionToMark) -> tuple[str, tuple[AnswerPicture, ...]]:
    """Return the submitted answer to a question and its pictures, or nothing if it can't be read any more."""
    name, data = one.submission.file_name, store.read_content(one.submission.id)
    try:
        program = parse_submission(name, data)
    except UnreadableSubmission:
        return "", ()
    pictures = read_answer_pictures(name, data, (question.id,)) if question.kind.is_prose else {}
    return find_own_code(question, program)[0].strip(), pictures.get(question.id, ())


def _find_item(text: str, rubric: Mapping[str, float], question: str) -> str:
    """Return the words of an item that is named by its words, with or without its points, or by its number."""
    for item, points in rubric.items():
        if text in (item, format_item(item, points)):
            return item
    if text.isdecimal() and len(text) <= _MAX_DIGITS and 1 <= int(text) <= len(rubric):
        return list(rubric)[int(text) - 1]
    advice = f"choose one of its items, 1 to {len(rubric)}" if rubric else "it has none"
    raise UsageError(f"{text[:60]!r} is not in the rubric of {question}: {advice}")
