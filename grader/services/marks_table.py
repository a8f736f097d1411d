"""Marks in a table: written for a person to fill in, and read back."""

from collections.abc import Callable, Mapping

from grader.core.errors import UsageError
from grader.core.questions.exercise import Course
from grader.formats.marks_table import MarkLine, read_marks, write_marks
from grader.formats.row_count import RowCount
from grader.services.marks import (
    MarkFilter,
    QueuedAnswer,
    format_item,
    list_queue,
    load_answer,
    load_rubrics,
    tick_items,
)
from grader.store import NewMark, QuestionToMark, Store


def export_marks(store: Store, course: Course, mark_filter: MarkFilter) -> tuple[str, int]:
    """Return a table of answers with their marks and proposed marks, and its number of answers."""
    queue = list_queue(store, course, mark_filter)
    return write_marks(_make_row(store, course, one) for one in queue), len(queue)


def import_marks(store: Store, data: bytes, load_course: Callable[[], Course]) -> tuple[int, RowCount]:
    """Set the marks of a table, all or none. Return how many are new, and the count of the table's rows.

    Lines without points and items, or with the same mark as before, change nothing. The course is loaded if a line has
    items. Raises UsageError with the line of an item that is not in the rubric.
    """
    table = read_marks(data)
    new = [NewMark(one.submission, one.question, one.points, one.comment, one.items) for one in table.lines]
    if any(mark.items for mark in new):
        rubrics = load_rubrics(store, load_course(), new)
        new = [_tick_items(*one) for one in zip(table.lines, rubrics, new, strict=True)]
    return store.marks.set_marks(new), table.rows


def _tick_items(line: MarkLine, rubric: Mapping[str, float], mark: NewMark) -> NewMark:
    try:
        return tick_items(rubric, mark)
    except UsageError as error:
        raise UsageError(f"line {line.line} of the marks: {error}") from error


def format_proposal(question: QuestionToMark) -> str:
    """Return an earlier attempt's mark in one line; nothing if there is none."""
    if question.proposal is None:
        return ""
    parts = [
        f"{question.proposal.points:g} (attempt {question.proposed_by})",
        *question.proposal.items,
        question.proposal.comment,
    ]
    return "; ".join(part for part in parts if part)


def _make_row(store: Store, course: Course, answer: QueuedAnswer) -> dict[str, object]:
    one, mark = answer.to_mark, answer.to_mark.mark
    loaded = load_answer(store, course, one)
    return {
        "submission": one.submission.id,
        "student": answer.name,
        "exercise": one.submission.exercise,
        "attempt": one.submission.number,
        "question": one.question,
        "points": mark.points if mark else None,
        "max_points": one.max_points,
        "items": mark.items if mark else (),
        "comment": mark.comment if mark else "",
        "answer": loaded.text,
        "proposal": format_proposal(one),
        "prompt": loaded.prompt,
        "rubric": tuple(format_item(item, points) for item, points in loaded.rubric.items()),
        "ideal": loaded.ideal,
    }
