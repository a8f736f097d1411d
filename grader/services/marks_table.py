"""Marks in a table: written for a person to fill in, and read back."""

from grader.core.questions.exercise import Course
from grader.formats.marks_table import read_marks, write_marks
from grader.services.marks import MarkFilter, QueuedAnswer, list_queue, load_answer
from grader.store import NewMark, QuestionToMark, Store


def export_marks(store: Store, course: Course, mark_filter: MarkFilter) -> tuple[str, int]:
    """Return a table of answers with their marks and proposed marks, and its number of answers."""
    queue = list_queue(store, course, mark_filter)
    return write_marks(_make_row(store, course, one) for one in queue), len(queue)


def import_marks(store: Store, data: bytes) -> tuple[int, int]:
    """Set the marks of a table, all or none. Return how many are new, and how many marks the table has.

    Lines without points, or with the same mark as before, change nothing.
    """
    lines = read_marks(data)
    changed = store.marks.set_marks(
        NewMark(one.submission, one.question, one.points, one.comment, one.items) for one in lines
    )
    return changed, len(lines)


def format_proposal(one: QuestionToMark) -> str:
    """Return an earlier attempt's mark in one line; nothing if there is none."""
    if one.proposal is None:
        return ""
    parts = [f"{one.proposal.points:g} (attempt {one.proposed_by})", *one.proposal.items, one.proposal.comment]
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
        "rubric": tuple(f"{item} ({points:g})" for item, points in loaded.rubric.items()),
        "ideal": loaded.ideal,
    }
