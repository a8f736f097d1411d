"""From what a download claims to what is recorded: whose, which exercise, when; or why a person has to decide it."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from grader.cli.extend import read_moment
from grader.core.errors import UnreadableSubmission, UsageError
from grader.core.questions.exercise import Course
from grader.core.results.policy import Policy
from grader.formats.collect.claims import Claim, Owner
from grader.formats.collect.decisions import LEFT_OUT, Decision
from grader.formats.collect.match_people import People, Whose
from grader.formats.decode_text import printable
from grader.formats.filename import told
from grader.formats.read_submission import read
from grader.services.ingest import pages
from grader.store import Enrolment, HandIn, Recorded, Store
from grader.store.db.base import NAME_LENGTH


@dataclass(frozen=True)
class Outcome:
    """What became of a file, for one of its students. `problem`: it is recorded, but can't be read."""

    file: str
    status: Literal["recorded", "undecided", "refused", "left_out"]
    student: str | None = None
    exercise: str | None = None
    why: str | None = None
    near: tuple[str, ...] = ()
    hand_in: HandIn | None = None
    recorded: Recorded | None = None
    owner: Owner | None = None
    due: datetime | None = None
    """Until when it would be in time, the grace included."""

    @property
    def late(self) -> bool | None:
        """Whether it came too late; None: there is no deadline, or it isn't recorded."""
        received = self.hand_in.received_at if self.hand_in else None
        return None if self.due is None or received is None else received > self.due

    def as_json(self) -> dict[str, object]:
        """One object; the moment in UTC."""
        received = self.hand_in.received_at if self.hand_in else None
        return {
            "file": self.file,
            "status": self.status,
            "student": self.student,
            "exercise": self.exercise,
            "submission": self.recorded.number if self.recorded else None,
            "is_new": bool(self.recorded and self.recorded.is_new),
            "received_at": received.astimezone(UTC).isoformat() if received else None,
            "late": self.late,
            "why": self.why,
            "near": list(self.near),
        }


@dataclass(frozen=True)
class Given:
    """What the command says of files that don't say it themselves, and what a person has decided, by file."""

    exercise: str | None = None
    received_at: datetime | None = None
    decisions: Mapping[str, Decision] | None = None

    def decision(self, file: str) -> Decision:
        """What is decided of a file."""
        return (self.decisions or {}).get(file, Decision())


class _Undecided(Exception):
    """Why a person has to decide it."""


class _Helper(Exception):
    """A module that lies beside what was asked for."""


class Gathering:
    """Decides and records the claims of downloads, one after the other."""

    def __init__(self, store: Store, course: Course, people: People, given: Given) -> None:
        self._store = store
        self._course = course
        self._people = people
        self._given = given
        self._exercises = [e.name for e in course.exercises]
        self._now = datetime.now(UTC)
        self._busy: set[tuple[Owner, ...]] = set()
        """Owners of a notebook, or of a script that is named after an exercise."""
        self._check(given.decisions or {})

    def outcomes(self, claims: Sequence[Claim]) -> Iterator[Outcome]:
        """Records what is decided, in transactions of some hundreds; one outcome for each file and student."""
        self._busy = {claim.owners for claim in claims if claim.owners and self._says(claim)}
        whose = self._people.whose(owner for claim in claims for owner in claim.owners)
        decided = (one for claim in self._sorted(claims) for one in self._decide(claim, whose))
        for page in pages(decided, lambda one: one.hand_in.data if one.hand_in else b""):
            self._learn(page)
            recorded = iter(self._store.record_many(one.hand_in for one in page if one.hand_in))
            told = [replace(one, recorded=next(recorded)) if one.hand_in else one for one in page]
            yield from self._as_on_record(told)

    def _as_on_record(self, page: Sequence[Outcome]) -> Iterator[Outcome]:
        """With the moments on record of what was there already."""
        earlier = [one.recorded.id for one in page if one.recorded and not one.recorded.is_new]
        moments = {one.id: one.received_at for one in self._store.submissions(ids=earlier)}
        for one in page:
            moment = moments.get(one.recorded.id) if one.recorded else None
            yield replace(one, hand_in=replace(one.hand_in, received_at=moment)) if one.hand_in and moment else one

    def _check(self, decisions: Mapping[str, Decision]) -> None:
        """Raises UsageError for a decision that can't hold."""
        for one in decisions.values():
            where = f"line {one.line} of the decisions"
            slip = self._people.objection(one.student) if one.student not in ("", LEFT_OUT) else None
            if slip or printable(one.student) != one.student or len(one.student) > NAME_LENGTH:
                raise UsageError(f"{where}: {slip or f'{printable(one.student)[:60]!r} is no name'}")
            if one.exercise and one.exercise not in self._exercises:
                raise UsageError(f"{where}: there is no exercise {one.exercise[:60]!r}; {self._choice()}")
            if one.received_at:
                read_moment(one.received_at, self._course.zone)

    def _choice(self) -> str:
        return f"choose one of: {', '.join(self._exercises)}"

    def _sorted(self, claims: Iterable[Claim]) -> list[Claim]:
        """Of each owner the earlier attempts first, by moment and by the number in the name."""
        first = datetime.min.replace(tzinfo=UTC)

        def order(claim: Claim) -> tuple[object, ...]:
            owner = claim.owners[0].key if claim.owners else ""
            return owner, claim.received_at or first, told(claim.stem, self._exercises).attempt, claim.item.parts

        return sorted(claims, key=order)

    def _decide(self, claim: Claim, whose: Mapping[Owner, Whose]) -> Iterator[Outcome]:
        """One outcome for each student of a file, with what is to be recorded."""
        file = claim.item.shown
        decision = self._given.decision(file)
        if decision.student == LEFT_OUT:
            yield Outcome(file, "left_out")
            return
        try:
            data = claim.item.load()
        except UnreadableSubmission as error:
            yield Outcome(file, "refused", why=str(error).removeprefix(f"{file}: "))
            return
        owners: list[Owner | None] = list(claim.owners) or [None]
        unsure = any(owner is None or whose[owner].student is None for owner in owners)
        for owner in owners:
            said = whose[owner] if owner else Whose(None, claim.problem or "whose is it?")
            if decision.student and (said.student is None or not unsure):
                said = Whose(decision.student)
            yield self._outcome(claim, owner, said, decision, data)

    def _outcome(self, claim: Claim, owner: Owner | None, said: Whose, decision: Decision, data: bytes) -> Outcome:
        """Whose, then which exercise, then when: the first that isn't sure makes it undecided."""
        one = Outcome(claim.item.shown, "undecided", said.student, why=said.why or None, near=said.close, owner=owner)
        try:
            exercise, problem = self._exercise(claim, decision, data)
            one = replace(one, exercise=exercise)
            if said.student is None:
                return one
            if len(said.student) > NAME_LENGTH:
                raise _Undecided(f"the student's name is longer than {NAME_LENGTH} characters")
            policy = self._course.exercise(exercise).policy
            due = policy.due(self._store.people.extension(said.student, exercise)) if policy.deadline else None
            received = self._received(claim, decision, policy, due) or self._earlier(said.student, exercise, data)
        except _Helper:
            return replace(one, status="left_out", why="a script that names no exercise, beside one that does", near=())
        except _Undecided as error:
            return replace(one, why=one.why or str(error))
        hand_in = HandIn(said.student, exercise, data, printable(claim.item.name), received)
        return replace(one, status="recorded", why=problem, near=(), hand_in=hand_in, due=due and due + policy.grace)

    def _exercise(self, claim: Claim, decision: Decision, data: bytes) -> tuple[str, str | None]:
        """The exercise, and why the file can't be read, if so."""
        problem, inner = None, None
        try:
            inner = read(claim.item.name, data).exercise
        except UnreadableSubmission as error:
            problem = str(error)
        if decision.exercise:
            return decision.exercise, problem
        folder = claim.exercise if claim.exercise in self._exercises else None
        if inner is not None and inner not in self._exercises:
            raise _Undecided(f"it says that it is {printable(inner)[:60]!r}, which is no exercise; {self._choice()}")
        if inner and folder and inner != folder:
            raise _Undecided(f"it says that it is {inner!r}, but lies in the folder of {folder!r}")
        exercise = inner or folder or told(claim.stem, self._exercises).exercise
        if exercise is None and claim.owners in self._busy and not self._says(claim):
            raise _Helper
        exercise = exercise or self._given.exercise
        if exercise is None:
            raise _Undecided(problem or "which exercise is it? Neither its contents nor its name say")
        return exercise, problem

    def _says(self, claim: Claim) -> bool:
        """It is a notebook, or named after an exercise."""
        return claim.item.name.lower().endswith(".ipynb") or told(claim.stem, self._exercises).exercise is not None

    def _earlier(self, student: str, exercise: str, data: bytes) -> datetime:
        """When these very bytes were recorded. Raises _Undecided where they weren't."""
        sha256 = hashlib.sha256(data).hexdigest()
        for one in self._store.submissions(student=student, exercise=exercise):
            if one.sha256 == sha256:
                return one.received_at
        raise _Undecided("when was it handed in? Nothing says so, and the deadline is over: see --received")

    def _received(self, claim: Claim, decision: Decision, policy: Policy, due: datetime | None) -> datetime | None:
        """When it was handed in: decided, told by the system, given for all; or now, where that makes no difference.

        None: that isn't known.
        """
        if decision.received_at:
            return read_moment(decision.received_at, self._course.zone)
        if claim.received_at is not None:
            return claim.received_at
        if self._given.received_at is not None:
            if claim.late and due is not None and self._given.received_at <= due:
                raise _Undecided("late, says the system it comes from: when was it handed in?")
            return self._given.received_at
        if due is None or (self._now <= due + policy.grace and not claim.late):
            return self._now
        return due if claim.late is False else None

    def _learn(self, page: Sequence[Outcome]) -> None:
        """Puts ids of other systems on record that tell the same person again."""
        rows: dict[tuple[str, str], Enrolment] = {}
        for one in page:
            if one.hand_in and one.owner and self._people.learnt(one.owner, one.hand_in.student):
                row = Enrolment(one.hand_in.student, ids={one.owner.system: one.owner.id})
                self._people.learn(one.owner, one.hand_in.student)
                rows[one.owner.system, one.owner.id] = row
        if rows:
            self._store.people.enroll(rows.values())
