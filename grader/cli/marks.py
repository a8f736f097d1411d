"""`grader marks`: what waits for a person, and the points that a person gives."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.cli import terminal
from grader.cli.safe_write import write_new
from grader.core.errors import UnreadableSubmission, UsageError
from grader.core.questions.exercise import Course
from grader.core.report.report import find_own_code
from grader.course.loader import load_course
from grader.formats.marks_table import read_marks, write_marks
from grader.formats.read_submission import parse_submission
from grader.services.reports import ScoreSheets, load_score_sheets
from grader.store import NewMark, QuestionToMark, Store


@dataclass(frozen=True)
class MarkFilter:
    """Which questions: of an exercise, of a student, marked ones too, of all attempts; with or without names."""

    exercise: str | None = None
    student: str | None = None
    include_marked: bool = False
    all_attempts: bool = False
    anonymous: bool = False


def print_marking_queue(folder: Path, db: str, which: MarkFilter, *, as_json: bool) -> int:
    """Prints what waits, question by question, so that one can be marked for the whole class at a stretch."""
    course = load_course(folder)
    with Store.open_existing(db) as store:
        waiting = _waiting(store, course, which)
        for one, name in waiting:
            if as_json:
                terminal.print_json(_json(one, name))
            else:
                terminal.print_styled(f"{one.submission.id:>6}  ", (one.question, "bold"), f"  {name}  {_state(one)}")
    if not waiting:
        terminal.print_remark("nothing waits for a person")
    return 0


def print_answers(submission: int, question: str | None, folder: Path, db: str, *, anonymous: bool) -> int:
    """Prints the answers of a submission that a person marks, with their rubric and their mark or a proposal."""
    course = load_course(folder)
    with Store.open_existing(db) as store:
        found = _load_waiting(store, submission, question)
        for one in found:
            _show(store, course, one, _name(store, one, anonymous))
    return 0


def set_mark(marking: NewMark, folder: Path, db: str) -> int:
    """Sets a mark; the points are the sum of the rubric's items where none are named."""
    course = load_course(folder)
    with Store.open_existing(db) as store:
        marking = apply_rubric(store, course, marking)
        changed = store.marks.set_marks([marking])
    terminal.print_line("marked" if changed else "that mark was there already")
    return 0


def accept_proposal(submission: int, question: str, db: str) -> int:
    """Gives the mark that an earlier attempt has: points, items and comment. Raises UsageError where there is none."""
    with Store.open_existing(db) as store:
        (one,) = _load_waiting(store, submission, question)
        if one.proposal is None:
            why = "it is marked already" if one.mark else "no earlier attempt was marked"
            raise UsageError(f"submission {submission} has no proposal for {question!r}: {why}")
        old = one.proposal
        store.marks.set_marks([NewMark(submission, question, old.points, old.comment, old.items)])
    terminal.print_line(f"marked as attempt {one.proposed_by}: {old.points:g} of {one.max_points:g} points")
    return 0


def withdraw_mark(submission: int, question: str, db: str) -> int:
    """Takes a mark back; it stays on record as taken back."""
    with Store.open_existing(db) as store:
        changed = store.marks.set_marks([NewMark(submission, question, None)])
    terminal.print_line("taken back" if changed else "there was no mark")
    return 0


def export_marks(to: Path | None, folder: Path, db: str, which: MarkFilter, *, force: bool) -> int:
    """Writes a table to fill in: answers, marks, proposals."""
    course = load_course(folder)
    with Store.open_existing(db) as store:
        rows = [_row(store, course, one, name) for one, name in _waiting(store, course, which)]
    text = write_marks(rows)
    if to is None:
        terminal.print_line(text.rstrip("\n"))
        return 0
    write_new({to: text.encode("utf-8-sig")}, force=force)  # spreadsheets take UTF-8 for granted only with a mark
    terminal.print_line(f"{to}: {len(rows)} answers")
    return 0


def import_marks(file: Path, db: str) -> int:
    """Sets the marks of a table, all or none; lines without points, or that change nothing, do nothing."""
    lines = read_marks(file.read_bytes())
    with Store.open_existing(db) as store:
        changed = store.marks.set_marks(
            NewMark(one.submission, one.question, one.points, one.comment, one.items) for one in lines
        )
    terminal.print_line(f"{changed} of {len(lines)} marks are new")
    return 0


def _waiting(store: Store, course: Course, which: MarkFilter) -> list[tuple[QuestionToMark, str]]:
    if which.exercise is not None:
        course.exercise(which.exercise)
    found = store.marks.list_to_mark(exercise=which.exercise, student=which.student)
    chosen = found if which.all_attempts else filter_countable(found, load_score_sheets(store, course, which.student))
    named = [(one, _name(store, one, which.anonymous)) for one in chosen if which.include_marked or one.mark is None]
    # by their numbers, names could be told from the order in which files were found
    return sorted(named, key=lambda n: (n[0].submission.exercise, n[0].question, n[1])) if which.anonymous else named


def filter_countable(found: Sequence[QuestionToMark], sheets: ScoreSheets) -> list[QuestionToMark]:
    """Of each student's attempts the one that counts now, and the last that the rules let count."""
    wanted = {
        key: {one.attempt.number for one in (sheet.counted, sheet.last_allowed) if one is not None}
        for key, sheet in sheets.items()
    }
    return [w for w in found if w.submission.number in wanted.get((w.submission.student, w.submission.exercise), ())]


def _name(store: Store, one: QuestionToMark, anonymous: bool) -> str:
    return store.pseudonym(one.submission.student) if anonymous else one.submission.student


def _load_waiting(store: Store, submission: int, question: str | None) -> Sequence[QuestionToMark]:
    found = store.marks.list_to_mark(ids=[submission])
    chosen = [one for one in found if question in (None, one.question)]
    if not chosen:
        what = f" {question!r}" if question else ""
        raise UsageError(f"submission {submission} has no question{what} for a person: see grader marks queue")
    return chosen


def apply_rubric(store: Store, course: Course, marking: NewMark) -> NewMark:
    """With the rubric's points where no points are given. Raises UsageError for an item that it doesn't have."""
    found = list(store.submissions(ids=[marking.submission]))
    exercise = next((e for s in found for e in course.exercises if e.name == s.exercise), None)
    asked = exercise.question(marking.question) if exercise else None
    rubric = asked.rubric if asked else {}
    items = tuple(dict.fromkeys(_item(item, list(rubric), marking.question) for item in marking.items))
    if marking.points is None and not items:
        raise UsageError("say how many points, or tick items of the rubric with --item")
    points = sum(rubric[item] for item in items) if marking.points is None else marking.points
    return replace(marking, points=points, items=items)


def _item(said: str, rubric: list[str], question: str) -> str:
    """The item of a rubric that is named by its number or its words."""
    if said in rubric:
        return said
    if said.isdecimal() and 1 <= int(said) <= len(rubric):
        return rubric[int(said) - 1]
    raise UsageError(f"{said[:60]!r} is not in the rubric of {question}: see grader marks show for its items")


def _show(store: Store, course: Course, one: QuestionToMark, name: str) -> None:
    terminal.print_styled((one.question, "bold"), f"  {name}, submission {one.submission.id}, {_state(one)}")
    for line in load_answer_text(store, course, one).splitlines():
        terminal.print_styled(line, indent=4)
    exercise = next((e for e in course.exercises if e.name == one.submission.exercise), None)
    asked = exercise.question(one.question) if exercise else None
    for number, (item, points) in enumerate((asked.rubric if asked else {}).items(), 1):
        ticked = one.mark is not None and item in one.mark.items
        terminal.print_styled(f"{number}. [{'x' if ticked else ' '}] {points:g}  {item}", indent=2)
    if one.mark is not None and one.mark.comment:
        terminal.print_styled(one.mark.comment, indent=2)
    if one.proposal is not None:
        terminal.print_styled(("proposal: ", "dim"), _proposal(one), indent=2)


def load_answer_text(store: Store, course: Course, one: QuestionToMark) -> str:
    """What was handed in for a question; empty where it can't be read any more."""
    exercise = next((e for e in course.exercises if e.name == one.submission.exercise), None)
    asked = exercise.question(one.question) if exercise else None
    if asked is None:
        return ""
    try:
        program = parse_submission(one.submission.file_name, store.read_content(one.submission.id))
    except UnreadableSubmission:
        return ""
    return find_own_code(asked, program)[0].strip()


def _state(one: QuestionToMark) -> str:
    if one.mark is not None:
        return f"{one.mark.points:g} of {one.max_points:g} points"
    return f"of {one.max_points:g} points" + (f"; proposal: {_proposal(one)}" if one.proposal else "")


def _proposal(one: QuestionToMark) -> str:
    if one.proposal is None:
        return ""
    said = [f"{one.proposal.points:g} (attempt {one.proposed_by})", *one.proposal.items, one.proposal.comment]
    return "; ".join(part for part in said if part)


def _json(one: QuestionToMark, name: str) -> dict[str, object]:
    mark, proposal = one.mark, one.proposal
    return {
        "submission": one.submission.id,
        "student": name,
        "exercise": one.submission.exercise,
        "attempt": one.submission.number,
        "question": one.question,
        "max_points": one.max_points,
        "points": mark.points if mark else None,
        "comment": mark.comment if mark else "",
        "items": list(mark.items) if mark else [],
        "proposal": proposal.points if proposal else None,
    }


def _row(store: Store, course: Course, one: QuestionToMark, name: str) -> dict[str, object]:
    mark = one.mark
    return {
        "submission": one.submission.id,
        "student": name,
        "exercise": one.submission.exercise,
        "attempt": one.submission.number,
        "question": one.question,
        "points": mark.points if mark else None,
        "max_points": one.max_points,
        "items": mark.items if mark else (),
        "comment": mark.comment if mark else "",
        "answer": load_answer_text(store, course, one),
        "proposal": _proposal(one),
    }
