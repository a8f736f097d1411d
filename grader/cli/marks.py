"""`grader marks`: prints the answers that a person has to mark, and records the points given."""

from collections.abc import Callable
from pathlib import Path

from grader.cli import terminal
from grader.cli.safe_write import write_new
from grader.core.errors import UsageError
from grader.core.report.pictures import AnswerPicture, UnshownPicture
from grader.core.text.numbers import count_points, format_points
from grader.core.text.plurals import count_noun
from grader.course.loader import load_course
from grader.services import marks, marks_table
from grader.services.marks import AnswerToMark, MarkFilter, QueuedAnswer
from grader.store import NewMark, QuestionToMark, Store


def print_marking_queue(folder: Path, db: str, mark_filter: MarkFilter, *, as_json: bool) -> int:
    """Print the waiting answers, question by question, so that one question can be marked for the whole class."""
    course = load_course(folder)
    with Store.open_existing(db) as store:
        queue = marks.list_queue(store, course, mark_filter)
    for one in queue:
        if as_json:
            terminal.print_json(_queue_json(one))
        else:
            waiting = one.to_mark
            terminal.print_styled(
                f"{waiting.submission.id:>6}  ", (waiting.question, "bold"), f"  {one.name}  {_format_state(waiting)}"
            )
    if not queue:
        terminal.print_remark("no answers to mark")
    return 0


def print_answers(submission: int, question: str | None, folder: Path, db: str, *, anonymous: bool) -> int:
    """Print a submission's answers to mark by hand, each with its question, its rubric and its mark."""
    course = load_course(folder)
    with Store.open_existing(db) as store:
        answers = marks.load_answers(store, course, submission, question, anonymous=anonymous)
    for answer in answers:
        _print_answer(answer)
    return 0


def run_set_mark(mark: NewMark, folder: Path, db: str) -> int:
    """Set a mark. Without points, it is the sum of the rubric items."""
    if mark.points is None and not mark.items:
        raise UsageError("enter points, or tick rubric items with --item")
    course = load_course(folder)
    with Store.open_existing(db) as store:
        is_new = marks.set_mark(store, course, mark)
    terminal.print_line("marked" if is_new else "this mark is already recorded")
    return 0


def run_accept_proposal(submission: int, question: str, db: str) -> int:
    """Give the same mark as for an earlier attempt: points, items and comment."""
    with Store.open_existing(db) as store:
        one = marks.accept_proposal(store, submission, question)
    points = one.proposal.points if one.proposal else 0.0
    terminal.print_line(
        f"marked as attempt {one.proposed_by}: {format_points(points)} of {count_points(one.max_points)}"
    )
    return 0


def run_withdraw_mark(submission: int, question: str, db: str) -> int:
    """Withdraw a mark; the withdrawal is recorded."""
    with Store.open_existing(db) as store:
        was_there = marks.withdraw_mark(store, submission, question)
    terminal.print_line("taken back" if was_there else "no mark to withdraw")
    return 0


def run_export_marks(to: Path | None, folder: Path, db: str, mark_filter: MarkFilter, *, force: bool) -> int:
    """Write a table to fill in: answers, marks and proposed marks."""
    course = load_course(folder)
    with Store.open_existing(db) as store:
        text, count = marks_table.export_marks(store, course, mark_filter)
    if to is None:
        terminal.print_line(text.rstrip("\n"))
        return 0
    write_new({to: text.encode("utf-8-sig")}, force=force)  # spreadsheets take UTF-8 for granted only with a mark
    terminal.print_line(f"{to}: {count_noun(count, 'answer')}")
    return 0


def run_import_marks(file: Path, choose_folder: Callable[[], Path], db: str) -> int:
    """Record the marks of a table, all of them or none. The course is chosen if the table has rubric items."""
    data = file.read_bytes()
    with Store.open_existing(db) as store:
        changed, rows = marks_table.import_marks(store, data, lambda: load_course(choose_folder()))
    terminal.print_line(
        f"{changed} of {count_noun(rows.taken, 'mark')} {'is' if rows.taken == 1 else 'are'} new; {rows}"
    )
    return 0


def _print_answer(answer: AnswerToMark) -> None:
    one = answer.to_mark
    title = f"  {answer.name}, submission {one.submission.id}, {_format_state(one)}"
    terminal.print_styled((one.question, "bold"), title)
    _print_text("question", answer.prompt)
    _print_text("answer", answer.text)
    for picture in answer.pictures:
        _print_text("picture", _describe_picture(picture))
    _print_text("ideal answer", answer.ideal)
    for number, (item, points) in enumerate(answer.rubric.items(), 1):
        ticked = one.mark is not None and item in one.mark.items
        terminal.print_styled(f"{number}. [{'x' if ticked else ' '}] {format_points(points)}  {item}", indent=2)
    if one.mark is not None and one.mark.comment:
        terminal.print_styled(one.mark.comment, indent=2)
    if one.proposal is not None:
        terminal.print_styled(("proposal: ", "dim"), marks_table.format_proposal(one), indent=2)


def _describe_picture(picture: AnswerPicture) -> str:
    name = picture.name or "without a name"
    if isinstance(picture, UnshownPicture):
        return f"{name} can't be shown: {picture.reason}"
    return f"{name}, {picture.width} × {picture.height} pixels: see the student's page, or the portal"


def _print_text(title: str, text: str) -> None:
    if text:
        terminal.print_styled((f"{title}:", "dim"), indent=2)
    for line in text.splitlines():
        terminal.print_styled(line, indent=4)


def _format_state(one: QuestionToMark) -> str:
    if one.mark is not None:
        return f"{format_points(one.mark.points)} of {count_points(one.max_points)}"
    proposal = f"; proposal: {marks_table.format_proposal(one)}" if one.proposal else ""
    return f"of {count_points(one.max_points)}{proposal}"


def _queue_json(answer: QueuedAnswer) -> dict[str, object]:
    one, mark, proposal = answer.to_mark, answer.to_mark.mark, answer.to_mark.proposal
    return {
        "submission": one.submission.id,
        "student": answer.name,
        "exercise": one.submission.exercise,
        "attempt": one.submission.number,
        "question": one.question,
        "max_points": one.max_points,
        "points": mark.points if mark else None,
        "comment": mark.comment if mark else "",
        "items": list(mark.items) if mark else [],
        "proposal": proposal.points if proposal else None,
    }
