"""Turns the claims of a download into submissions with student, exercise and time, or leaves a person to decide."""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby
from typing import Final

from grader.core.errors import UnreadableSubmission, UsageError
from grader.core.questions.exercise import Course
from grader.core.questions.recognize_exercise import recognize_exercise
from grader.core.results.policy import Policy
from grader.core.wire.submission import ParsedSubmission
from grader.formats.collect.file_claims import FileClaim, FileOwner
from grader.formats.collect.match_people import OwnerMatch, OwnerMatcher
from grader.formats.collect.timestamp import parse_timestamp
from grader.formats.collect.undecided_table import LEAVE_OUT_MARK, Decision
from grader.formats.decode_text import escape_unprintable
from grader.formats.file_set import SET_SUFFIX
from grader.formats.filename import parse_stem
from grader.formats.read_submission import parse_submission
from grader.services.collect_outcome import CollectOutcome
from grader.services.file_parts import FileParts, wrap_file
from grader.services.hand_ins import HandIns
from grader.services.parse_moment import parse_moment
from grader.services.transactions import split_into_transactions
from grader.services.untouched import HandInTemplates
from grader.store import Enrolment, NewSubmission, Store
from grader.store.db.base import MAX_NAME_LENGTH


@dataclass(frozen=True)
class CollectDefaults:
    """Values for files that don't have their own, and a person's decisions, by file."""

    exercise: str | None = None
    received_at: datetime | None = None
    decisions: Mapping[str, Decision] | None = None

    def decision(self, file: str) -> Decision:
        """Return the decision about a file."""
        return (self.decisions or {}).get(file, Decision())


_UNKNOWN_EXERCISE: Final = (
    "the exercise is unknown: its contents and its name do not give it; add --exercise NAME, or list the name "
    "in the exercise's aliases in course.toml"
)


class _Undecided(Exception):
    """Raised with the reason why a person has to decide."""


class _HelperModule(Exception):
    """Raised if the file is a module beside the answer, and not an answer itself."""


class Collector:
    """Decide and record the claims of downloads, one after the other."""

    def __init__(self, store: Store, course: Course, people: OwnerMatcher, defaults: CollectDefaults) -> None:
        self._store = store
        self._course = course
        self._people = people
        self._defaults = defaults
        self._exercises = course.exercise_names
        self._now = datetime.now(UTC)
        self._hand_in = HandInTemplates(store, course)
        self._parts = FileParts(store, course)
        self._busy: set[tuple[FileOwner, ...]] = set()
        """Owners of a notebook, or of a script that is named after an exercise."""
        self._check(defaults.decisions or {})

    def collect(self, hand_ins: HandIns) -> Iterator[CollectOutcome]:
        """Record the decided files, some hundreds per transaction; one outcome per file and student."""
        claims = [self._read_stated_time(claim) for claim in hand_ins.claims]
        self._busy = {claim.owners for claim in claims if claim.owners and self._is_main_file(claim)}
        without = [one.owner for one in hand_ins.empty_handed]
        matches = self._people.match_owners([*(owner for claim in claims for owner in claim.owners), *without])
        for one in hand_ins.empty_handed:
            student = matches[one.owner].student or one.owner.name
            yield CollectOutcome(one.place, "refused", student, reason=one.reason, owner=one.owner)
        groups = groupby(self._sort_claims(claims), key=lambda claim: claim.owners[:1])
        decided = (one for _, group in groups for one in self._decide_hand_in(list(group), matches))
        for page in split_into_transactions(
            decided, lambda one: one.new_submission.data if one.new_submission else b""
        ):
            self._learn(page)
            recorded = iter(self._store.record_many(one.new_submission for one in page if one.new_submission))
            outcomes = [replace(one, recorded_submission=next(recorded)) if one.new_submission else one for one in page]
            yield from self._restore_recorded_times(outcomes)

    def _restore_recorded_times(self, page: Sequence[CollectOutcome]) -> Iterator[CollectOutcome]:
        """Replace the times of files that were recorded already by the recorded ones."""
        earlier = [
            one.recorded_submission.id for one in page if one.recorded_submission and not one.recorded_submission.is_new
        ]
        moments = {one.id: one.received_at for one in self._store.submissions(ids=earlier)}
        for one in page:
            moment = moments.get(one.recorded_submission.id) if one.recorded_submission else None
            yield (
                replace(one, new_submission=replace(one.new_submission, received_at=moment))
                if one.new_submission and moment
                else one
            )

    def _check(self, decisions: Mapping[str, Decision]) -> None:
        """Raise UsageError for an impossible decision."""
        for one in decisions.values():
            where = f"line {one.line} of the decisions"
            slip = self._people.find_objection(one.student) if one.student not in ("", LEAVE_OUT_MARK) else None
            if slip or escape_unprintable(one.student) != one.student or len(one.student) > MAX_NAME_LENGTH:
                raise UsageError(f"{where}: {slip or f'{escape_unprintable(one.student)[:60]!r} is not a name'}")
            if one.exercise and one.exercise not in self._exercises:
                raise UsageError(f"{where}: the exercise {one.exercise[:60]!r} does not exist; {self._choice()}")
            if one.received_at:
                parse_moment(one.received_at, self._course.zone)

    def _choice(self) -> str:
        return f"choose one of: {', '.join(self._exercises)}"

    def _read_stated_time(self, claim: FileClaim) -> FileClaim:
        if claim.stated_time is None:
            return claim
        return replace(claim, received_at=parse_timestamp(claim.stated_time, self._course.zone))

    def _sort_claims(self, claims: Iterable[FileClaim]) -> list[FileClaim]:
        """Sort the attempts of each owner by moment, then by the number in the name."""
        first = datetime.min.replace(tzinfo=UTC)

        def order(claim: FileClaim) -> tuple[object, ...]:
            owner = claim.owners[0].key if claim.owners else ""
            return owner, claim.received_at or first, parse_stem(claim.stem, self._exercises).attempt, claim.item.parts

        return sorted(claims, key=order)

    def _decide_hand_in(
        self, claims: Sequence[FileClaim], matches: Mapping[FileOwner, OwnerMatch]
    ) -> Iterator[CollectOutcome]:
        """Decide the files of one owner; an untouched template comes last, and only where it replaces nothing."""
        set_aside: list[FileClaim] = []
        for claim in claims:
            outcomes = list(self._decide(claim, matches))
            untouched = [self._hand_in.set_aside(one.new_submission, one.program) for one in outcomes]
            if all(untouched):
                set_aside.append(claim)
            else:
                yield from (replace(one, program=None) for one in outcomes)
        for claim in set_aside:
            for one in self._decide(claim, matches):
                reason = self._hand_in.find_reason_to_leave_out(one.new_submission)
                one = replace(one, program=None)
                yield replace(one, status="left_out", reason=reason, new_submission=None, due=None) if reason else one

    def _decide(self, claim: FileClaim, matches: Mapping[FileOwner, OwnerMatch]) -> Iterator[CollectOutcome]:
        """Return one outcome per student of a file, with the submission to record."""
        file = claim.item.display_path
        decision = self._defaults.decision(file)
        if decision.student == LEAVE_OUT_MARK:
            yield CollectOutcome(file, "left_out")
            return
        try:
            data = claim.item.load()
        except UnreadableSubmission as error:
            yield CollectOutcome(file, "refused", reason=str(error).removeprefix(f"{file}: "))
            return
        owners: list[FileOwner | None] = list(claim.owners) or [None]
        is_uncertain = any(owner is None or matches[owner].student is None for owner in owners)
        for owner in owners:
            match = matches[owner] if owner else OwnerMatch(None, claim.problem or "the student is unknown")
            if decision.student and (match.student is None or not is_uncertain):
                match = OwnerMatch(decision.student)
            yield self._outcome(claim, owner, match, decision, data)

    def _outcome(
        self, claim: FileClaim, owner: FileOwner | None, match: OwnerMatch, decision: Decision, data: bytes
    ) -> CollectOutcome:
        """Find the student, the exercise and the time; the first one that is uncertain makes the file undecided."""
        one = CollectOutcome(
            claim.item.display_path,
            "undecided",
            match.student,
            reason=match.reason or None,
            near=match.similar_students,
            owner=owner,
        )
        try:
            program, problem = _parse(claim, data)
            exercise = self._exercise(claim, decision, program, problem)
            one = replace(one, exercise=exercise)
            if match.student is None:
                return one
            if len(match.student) > MAX_NAME_LENGTH:
                raise _Undecided(f"the student's name is longer than {MAX_NAME_LENGTH} characters")
            policy = self._course.exercise(exercise).policy
            due = (
                policy.extended_deadline(self._store.people.find_extension(match.student, exercise))
                if policy.deadline
                else None
            )
            received = self._find_received_at(claim, decision, policy, due) or self._find_recorded_time(
                match.student, exercise, data
            )
        except _HelperModule:
            return replace(
                one, status="left_out", reason="a script without an exercise, beside one with an exercise", near=()
            )
        except _Undecided as error:
            return replace(one, reason=one.reason or str(error))
        submission = NewSubmission(match.student, exercise, data, escape_unprintable(claim.item.name), received)
        try:
            submission = self._complete(claim, submission)
            program = program if submission.data == data else _parse_recorded(submission)
        except UnreadableSubmission as error:
            return replace(one, status="refused", reason=str(error), near=())
        return replace(
            one,
            status="recorded",
            reason=problem,
            near=(),
            new_submission=submission,
            program=program,
            due=due and due + policy.grace,
        )

    def _complete(self, claim: FileClaim, new: NewSubmission) -> NewSubmission:
        """Return a file of an exercise of several files as a set, with the parts handed in earlier."""
        exercise = self._course.exercise(new.exercise)
        if exercise.files and not claim.item.is_set:
            name = claim.stem + os.path.splitext(claim.item.name)[1]
            new = replace(new, data=wrap_file(exercise, name, new.data), file_name=exercise.name + SET_SUFFIX)
        return self._parts.complete(new)[0]

    def _exercise(
        self, claim: FileClaim, decision: Decision, program: ParsedSubmission | None, problem: str | None
    ) -> str:
        """Return the exercise. Raise _Undecided or _HelperModule if it isn't known; `problem` may be why."""
        inner = program.exercise if program else None
        recognized = recognize_exercise(program, self._course.exercises) if program else None
        if decision.exercise:
            return decision.exercise
        folder = claim.exercise if claim.exercise in self._exercises else None
        if inner is not None and inner not in self._exercises:
            raise _Undecided(
                f"it names the exercise {escape_unprintable(inner)[:60]!r}, which does not exist; {self._choice()}"
            )
        if inner and folder and inner != folder:
            raise _Undecided(f"it names the exercise {inner!r}, but is in the folder of {folder!r}")
        exercise = inner or folder or parse_stem(claim.stem, self._exercises).exercise
        if exercise is None and claim.owners in self._busy and not self._is_main_file(claim):
            raise _HelperModule
        exercise = exercise or self._defaults.exercise or recognized
        if exercise is None:
            raise _Undecided(problem or _UNKNOWN_EXERCISE)
        return exercise

    def _is_main_file(self, claim: FileClaim) -> bool:
        """Return whether it is a notebook, or named after an exercise."""
        return (
            claim.item.name.lower().endswith(".ipynb") or parse_stem(claim.stem, self._exercises).exercise is not None
        )

    def _find_recorded_time(self, student: str, exercise: str, data: bytes) -> datetime:
        """Return when the same bytes were recorded. Raise _Undecided if they weren't."""
        sha256 = hashlib.sha256(data).hexdigest()
        for one in self._store.submissions(student=student, exercise=exercise):
            if one.sha256 == sha256:
                return one.received_at
        raise _Undecided("the time of submission is unknown, and the deadline is over: give it with --received")

    def _find_received_at(
        self, claim: FileClaim, decision: Decision, policy: Policy, due: datetime | None
    ) -> datetime | None:
        """Return when the file was submitted: as decided, recorded by the LMS, or given for all files.

        Without any of these, return the current time if lateness doesn't depend on it, else None.
        """
        if decision.received_at:
            return parse_moment(decision.received_at, self._course.zone)
        if claim.received_at is not None:
            return claim.received_at
        if self._defaults.received_at is not None:
            if claim.late and due is not None and self._defaults.received_at <= due:
                raise _Undecided("its system marks it as late: give the time of submission")
            return self._defaults.received_at
        if due is not None and claim.stated_time is not None:
            raise _Undecided(f"its time can't be told from {claim.stated_time[:60]!r}: give the time of submission")
        if due is None or (self._now <= due + policy.grace and not claim.late):
            return self._now
        return due if claim.late is False else None

    def _learn(self, page: Sequence[CollectOutcome]) -> None:
        """Record the ids of other systems, which identify the same person later."""
        rows: dict[tuple[str, str], Enrolment] = {}
        for one in page:
            if one.new_submission and one.owner and self._people.can_learn(one.owner, one.new_submission.student):
                row = Enrolment(one.new_submission.student, ids={one.owner.system: one.owner.id})
                self._people.learn(one.owner, one.new_submission.student)
                rows[one.owner.system, one.owner.id] = row
        if rows:
            self._store.people.enroll(rows.values())


def _parse_recorded(new: NewSubmission) -> ParsedSubmission:
    return parse_submission(new.file_name, new.data)


def _parse(claim: FileClaim, data: bytes) -> tuple[ParsedSubmission | None, str | None]:
    """Parse a file; return the reason if it can't be read."""
    try:
        return parse_submission(claim.item.name, data), None
    except UnreadableSubmission as error:
        return None, str(error)
