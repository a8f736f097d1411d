"""`grader submit`: record one student's files, and give a receipt for each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from grader.cli import terminal
from grader.cli.intake import Line, read_in
from grader.core.errors import UnreadableSubmission, UsageError
from grader.core.exercise import Course
from grader.core.policy import Attempt, Reckoned, reckon
from grader.core.spelling import composed
from grader.course import load
from grader.formats.collect.people import plain
from grader.formats.naming import find
from grader.formats.reading import read
from grader.formats.text import printable
from grader.store import HandIn, Store, Submission


@dataclass(frozen=True)
class Receipt:
    """What is on record of a file, under the rules as they are now; `last` is the student's latest attempt.

    `problem`: it is recorded, but can't be read.
    """

    submission: Submission
    reckoned: Reckoned
    due: datetime | None
    attempts: int | None
    last: int
    is_new: bool
    problem: str | None

    @property
    def left(self) -> int | None:
        """The attempts that still count; None: as many as you like."""
        return None if self.attempts is None else max(0, self.attempts - self.last)

    def as_json(self, file: Path) -> dict[str, object]:
        """One object; moments in UTC."""
        one = self.submission
        return {
            "file": printable(str(file)),
            "student": one.student,
            "exercise": one.exercise,
            "submission": one.number,
            "is_new": self.is_new,
            "received_at": one.received_at.astimezone(UTC).isoformat(),
            "sha256": one.sha256,
            "size": one.size,
            "due": self.due.astimezone(UTC).isoformat() if self.due else None,
            "late": bool(self.reckoned.late),
            "days_late": self.reckoned.days,
            "counts": self.reckoned.allowed,
            "attempts_left": self.left,
            "error": self.problem,
        }


def run(files: Sequence[Path], student: str, folder: Path, db: str, *, as_json: bool) -> int:
    """Records and prints; the exit code."""
    course = load(folder)
    if not student.strip() or printable(student) != student:
        raise UsageError(f"--student {printable(student)!r} is no name: no control or invisible characters, no \\")
    for file in files:
        if file.is_dir():
            raise UsageError(f"{printable(str(file))} is a folder: name the files, or use grader collect for a class")
    student = composed(student)
    found = [replace(one, student=student) for one in find(files, [e.name for e in course.exercises])]
    things = list(read_in(found, course))
    with Store.open(db) as store:
        _know(store, student)
        receipts = _receipts(store, course, [one for one in things if isinstance(one, HandIn)])
        for one, thing in zip(found, things, strict=True):
            _tell(one.path, thing if isinstance(thing, Line) else next(receipts), course.zone, as_json=as_json)
    failed = any(isinstance(one, Line) or _problem(one) for one in things)
    return 3 if failed else 0


def _know(store: Store, student: str) -> None:
    """Raises UsageError where somebody else is written almost alike: a slip would make a second person."""
    names = [one.student for one in store.roster()]
    close = [name for name in names if plain(name) == plain(student)]
    if student not in names and close:
        raise UsageError(
            f"there is no {student!r}, but {close[0]!r}: write it so; or put {student!r} on the roster, "
            "if it is somebody else: grader collect --roster FILE"
        )


def _receipts(store: Store, course: Course, hand_ins: Sequence[HandIn]) -> Iterator[Receipt]:
    """Records all of them, then looks at each as it is on record."""
    recorded = store.record_many(hand_ins)
    for hand_in, one in zip(hand_ins, recorded, strict=True):
        policy = course.exercise(hand_in.exercise).policy
        there = list(store.submissions(student=hand_in.student, exercise=hand_in.exercise))
        mine = next(other for other in there if other.id == one.id)
        attempt = Attempt(mine.number, mine.received_at, 0.0, 0.0)
        sheet = reckon(policy, [attempt], store.extension(hand_in.student, hand_in.exercise))
        last = max(other.number for other in there)
        yield Receipt(mine, sheet.attempts[0], sheet.due, policy.attempts, last, one.is_new, _problem(hand_in))


def _problem(hand_in: HandIn) -> str | None:
    try:
        read(hand_in.file_name, hand_in.data)
    except UnreadableSubmission as error:
        return str(error)
    return None


def _tell(file: Path, said: Receipt | Line, zone: str, *, as_json: bool) -> None:
    if isinstance(said, Line):
        terminal.remark(f"not recorded: {said.error}")
        if as_json:
            file_of = {"file": printable(str(file)), "student": said.student, "exercise": said.exercise or None}
            terminal.json_line({**file_of, "submission": None, "is_new": False, "error": said.error})
        return
    if said.problem:
        terminal.remark(f"recorded, but it can't be graded: {said.problem}")
    if as_json:
        terminal.json_line(said.as_json(file))
        return
    one = said.submission
    what = "recorded" if said.is_new else "recorded earlier"
    terminal.show(f"{what}: {one.student}, {one.exercise}, attempt {one.number}, {_moment(one.received_at, zone)}")
    terminal.show(f"{_lateness(said, zone)}; {_attempts(said)}", indent=2)
    terminal.show(f"sha256 {one.sha256}, {one.size} bytes: {printable(file.name)}", indent=2)


def _lateness(said: Receipt, zone: str) -> str:
    if said.due is None:
        return "no deadline"
    until = f"the deadline was {_moment(said.due, zone)}"
    if said.reckoned.late:
        return f"late ({until}), keeps {said.reckoned.kept:.0%} of its points"
    return f"in time (deadline {_moment(said.due, zone)})"


def _attempts(said: Receipt) -> str:
    if not said.reckoned.allowed:
        return f"does not count: only {said.attempts} attempts do"
    if said.left is None:
        return "attempts left: any number"
    return f"attempts left: {said.left} of {said.attempts}"


def _moment(moment: datetime, zone: str) -> str:
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M:%S %Z}"
