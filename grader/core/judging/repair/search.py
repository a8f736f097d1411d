"""The search for edits: in each round the best edit beside those that are kept, up to three, within a budget of trials.

A round first tries edits on one failing case of each failing check, the likely ones first, then the best ones on all
visible cases. An edit is kept if more checks pass with it and none that passed fails; where there is none, one with
which more cases are right or nearly so, or fewer calls raise, because another fault may hide behind the first one.
Edits that turn out not to be needed are dropped. Budgets are numbers of trials, so that every machine finds the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from grader.core.judging.repair.candidate_order import get_plainness, order_edits
from grader.core.judging.repair.subject import (
    JudgedCases,
    Quality,
    RepairSubject,
    Work,
    build_trial,
    find_reached_line,
    is_passed,
    join_calls,
    judge_trial,
)
from grader.core.wire.edits.combine import are_compatible
from grader.core.wire.edits.edit import Edit
from grader.core.wire.job import Answer, ExceptionInfo, Request, Status

MAX_STOPPED_TRIALS: Final = 2
"""Number of trials that may hang or crash; then the search ends."""
_MAX_SCREENED_CHECKS: Final = 4
_SHORTLIST: Final = 6
_FALLBACKS: Final = 2
_SCREENING_STEPS: Final = (40, 60)
"""Numbers of trials after which a screening ends early if one of them was right in all screened cases."""

Edits = tuple[Edit, ...]


@dataclass(frozen=True)
class RepairBudget:
    """Numbers of trials: `trials` by round, as many rounds as there may be edits."""

    trials: tuple[int, ...] = (160, 100, 80)
    work: int = 1_500_000
    """Units of work of all trials together, by the work of the student's own calls."""
    least_trials: int = 20
    """Number of trials below which there is no search at all."""

    def fit(self, work: Work) -> "RepairBudget":
        """Return the budget of calls that are so much work: fewer trials of each round, or none."""
        most = self.work // max(work.units, 1)
        if most >= sum(self.trials):
            return self
        shares = [most * count // sum(self.trials) for count in self.trials]
        return replace(self, trials=tuple(shares) if most >= self.least_trials else ())


GRADE_BUDGET: Final = RepairBudget()
"""The budget where a whole class is graded."""
CHECK_BUDGET: Final = RepairBudget((500, 300, 200), 4_000_000)
"""The budget where one student waits for an answer."""


@dataclass
class _State:
    """Edits with what they give: the visible checks' qualities, and the exceptions of failing calls."""

    edits: Edits
    found: dict[str, tuple[Quality, ...]]
    errors: tuple[ExceptionInfo, ...] = ()

    @property
    def passed(self) -> frozenset[str]:
        return frozenset(name for name, found in self.found.items() if is_passed(found))

    @property
    def score(self) -> tuple[int, int, int, int]:
        """The numbers of passed checks and of right cases, the sum of all qualities, and how far failing calls get."""
        qualities = [quality for found in self.found.values() for quality in found]
        right = sum(quality is Quality.RIGHT for quality in qualities)
        return len(self.passed), right, sum(map(int, qualities)), find_reached_line(self.edits, self.errors)


@dataclass
class _Trial:
    """Edits that are tried on some cases."""

    edits: Edits
    parts: Sequence[JudgedCases]
    answer: Answer | None = None
    found: dict[str, tuple[Quality, ...]] | None = None

    @property
    def errors(self) -> tuple[ExceptionInfo, ...]:
        """The exceptions that its calls raised."""
        results = self.answer.results if self.answer else ()
        return tuple(result.raised for result in results if isinstance(result.raised, ExceptionInfo))


@dataclass
class RepairSearch:
    """One search. Ask for `next_requests`, run them in one job, hand in their answers; until there are none."""

    subject: RepairSubject
    budget: RepairBudget = GRADE_BUDGET
    tried: int = 0
    """Number of trials so far."""
    was_stopped: bool = False
    """Whether trials were stopped by a clock or a crash more often than is allowed."""
    _best: _State = field(init=False)
    _pending: list[_Trial] = field(default_factory=list)
    _done: list[_Trial] = field(default_factory=list)
    _waiting: list[_Trial] = field(default_factory=list)
    _steps: list[int] = field(default_factory=list)
    _stage: str = "screen"
    _round: int = 0
    _stopped: list[Edit] = field(default_factory=list)
    _states: list[_State] = field(default_factory=list)
    _is_over: bool = False

    def __post_init__(self) -> None:
        self.budget = self.budget.fit(self.subject.work)
        self._best = _State((), dict(self.subject.base), self.subject.errors)
        self._states = [self._best]
        self._plan_screening()

    @property
    def edits(self) -> Edits:
        """The edits with which most checks pass, and none fails that passed; empty if no edit helps.

        Nothing is claimed of a search that a clock or a crash has ended: with another machine it might go on.
        """
        best = self._best
        return best.edits if best.passed > self.subject.passed and not self.was_stopped else ()

    def next_requests(self) -> tuple[Request, ...]:
        """Return the trials to run in the next job; none if the search is over."""
        while not self._is_over and not self._pending:
            self._finish_stage()
        if self._is_over:
            return ()
        calls = {id(trial.parts): join_calls(trial.parts) for trial in self._pending}
        return tuple(
            build_trial(self.subject, trial.parts, calls[id(trial.parts)], trial.edits, number)
            for number, trial in enumerate(self._pending)
        )

    def receive(self, answers: Sequence[Answer]) -> None:
        """Take the answers to the last requests; trials behind one that was stopped are run again."""
        pending, self._pending = self._pending, []
        for trial, answer in zip(pending, answers, strict=True):
            if answer.skipped:
                self._pending.append(trial)
                continue
            self.tried += 1
            if answer.ended not in (Status.DONE, Status.OUTPUT_LIMIT):
                self._stopped.append(trial.edits[-1])
            trial.answer = answer
            self._done.append(trial)
        if len(self._stopped) >= MAX_STOPPED_TRIALS or any(answer.ended is Status.FAULT for answer in answers):
            self._pending = []
            self.was_stopped = self._is_over = True

    def _finish_stage(self) -> None:
        done, self._done = self._done, []
        if self._stage == "screen":
            if self._waiting and not any(map(self._is_right, done)):
                self._done = done
                self._take_step()
            else:
                self._plan_whole(done)
        elif self._stage == "whole":
            self._done = done
            is_chosen = self._choose()
            self._done = []
            if is_chosen:
                self._plan_next_round()
            else:
                self._stage = "screen"
                self._take_step()
        else:
            self._reduce(done)

    def _plan_screening(self) -> None:
        """Plan trials of all edits that fit beside those of each state, on one failing case of each failing check."""
        self._stage, self._waiting = "screen", []
        left = self.budget.trials[self._round] if self._round < len(self.budget.trials) else 0
        share = left // max(len(self._states), 1)
        for state in self._states:
            parts = self._select_screened(state)
            left_out = {*state.edits, *self._stopped}
            ordered = order_edits(self.subject, self.subject.edits, state.errors)
            fitting = [edit for edit in ordered if edit not in left_out]
            planned = 0
            for edit in fitting:
                if planned == share:
                    break
                if not state.edits or are_compatible(self.subject.source, (*state.edits, edit)):
                    self._waiting.append(_Trial((*state.edits, edit), parts))
                    planned += 1
        self._steps = list(_SCREENING_STEPS)
        self._take_step()
        self._is_over = not self._pending

    def _take_step(self) -> None:
        """Plan the next trials of a screening."""
        count = self._steps.pop(0) if self._steps else len(self._waiting)
        self._pending, self._waiting = self._waiting[:count], self._waiting[count:]

    def _is_right(self, trial: _Trial) -> bool:
        is_done = trial.answer is not None and trial.answer.ended is Status.DONE
        return is_done and all(map(is_passed, self._judge(trial).values()))

    def _select_screened(self, state: _State) -> list[JudgedCases]:
        failing = [one for one in self.subject.visible if not is_passed(state.found[one.check.name])]
        failing.sort(key=lambda one: one.check.name in self.subject.weak)
        return [
            one.select([next(n for n, q in enumerate(state.found[one.check.name]) if q is not Quality.RIGHT)])
            for one in failing[:_MAX_SCREENED_CHECKS]
        ]

    def _plan_whole(self, done: Sequence[_Trial]) -> None:
        """Plan trials on all visible cases: of the edits that make screened cases right, or at least raise less."""
        judged = []
        for trial in done:
            if trial.answer is not None and trial.answer.ended is Status.DONE:
                qualities = [q for found in self._judge(trial).values() for q in found]
                right = sum(quality is Quality.RIGHT for quality in qualities)
                judged.append((right, (sum(map(int, qualities)), find_reached_line(trial.edits, trial.errors)), trial))
        mending = sorted((one for one in judged if one[0]), key=lambda one: -one[0])[:_SHORTLIST]
        known = ((self._count_screened(state), find_reached_line(state.edits, state.errors)) for state in self._states)
        before = min(known, default=(0, 0))
        others = [one for one in judged if not one[0] and one[1] > before]
        others.sort(key=lambda one: one[1], reverse=True)
        chosen = mending or others[:_FALLBACKS]
        self._stage = "whole"
        self._pending = [_Trial(trial.edits, self.subject.visible) for _, _, trial in chosen]
        if not chosen:
            self._is_over = True

    def _count_screened(self, state: _State) -> int:
        """Return the sum of qualities that a state has in the screened cases."""
        parts = self._select_screened(state)
        names = {one.check.name for one in parts}
        return sum(
            int(next(q for q in found if q is not Quality.RIGHT))
            for name, found in state.found.items()
            if name in names
        )

    def _judge(self, trial: _Trial) -> dict[str, tuple[Quality, ...]]:
        if trial.found is None:
            assert trial.answer is not None
            trial.found = judge_trial(self.subject, trial.parts, trial.answer)
        return trial.found

    def _choose(self) -> bool:
        """Keep the state with which most checks pass; without one, those that are better by cases alone.

        Return False if no state is better, and there are edits that have not been screened yet.
        """
        states = []
        for trial in self._done:
            if trial.answer is not None and trial.answer.ended is Status.DONE:
                state = _State(trial.edits, self._judge(trial), trial.errors)
                if state.passed >= self.subject.passed:
                    states.append(state)
        states.sort(key=lambda state: get_plainness(state.edits[-1]))
        states.sort(key=lambda state: state.score, reverse=True)
        if states and states[0].passed > self._best.passed:
            self._best = states[0]
            self._states = states[:1]
            return True
        before = max(state.score for state in self._states)
        better = [state for state in states if state.score > before][:_FALLBACKS]
        if better or not self._waiting:
            self._states = better
            return True
        return False

    def _plan_next_round(self) -> None:
        self._round += 1
        all_pass = len(self._best.passed) == len(self.subject.visible)
        if not all_pass and self._states and self._round < len(self.budget.trials):
            self._plan_screening()
            if not self._is_over:
                return
        self._is_over = False
        self._plan_reduction()

    def _plan_reduction(self) -> None:
        """Plan trials without each of the edits that were found."""
        self._stage = "reduce"
        edits = self._best.edits
        if len(edits) < 2:
            self._is_over = True
            return
        self._pending = [
            _Trial((*edits[:n], *edits[n + 1 :]), self.subject.visible) for n in reversed(range(len(edits)))
        ]

    def _reduce(self, done: Sequence[_Trial]) -> None:
        """Go on without an edit that isn't needed."""
        for trial in done:
            if trial.answer is not None and trial.answer.ended is Status.DONE:
                state = _State(trial.edits, self._judge(trial))
                if state.passed >= self._best.passed:
                    self._best = state
                    self._plan_reduction()
                    return
        self._is_over = True
