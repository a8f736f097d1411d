"""The search for edits: in each round the best edit beside those that are kept, up to three, within a budget of trials.

A quick pass tries the few likeliest edits of each round. If it does not mend all visible checks, a thorough pass begins
with the first round again and tries more edits; trials of the quick pass are not run anew.

A round first tries edits on one failing case of each failing check, the likely ones first, then the best ones on all
visible cases. An edit is kept if more checks pass with it and none that passed fails; where there is none, one with
which more cases are right or nearly so, or fewer calls raise, because another fault may hide behind the first one.
Edits that turn out not to be needed are dropped. Budgets are numbers of trials, so that every machine finds the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from grader.core.judging.repair.budget import GRADE_BUDGET, RepairBudget
from grader.core.judging.repair.candidate_order import get_plainness, order_edits
from grader.core.judging.repair.subject import (
    JudgedCases,
    Quality,
    RepairSubject,
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
_QUICK_TRIALS: Final = 40
"""Greatest number of trials in each round of the quick pass."""
_SCREENING_STEPS: Final = (40, 60)
"""Numbers of trials after which a screening ends early if one of them was right in all screened cases."""

Edits = tuple[Edit, ...]


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
    """Edits that are tried on some cases; without an answer until they have been."""

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
    _is_quick: bool = True
    _known: dict[tuple[Edits, bool], _Trial] = field(default_factory=dict)
    _planned: list[_Trial] = field(default_factory=list)
    _pending: list[_Trial] = field(default_factory=list)
    _screened: set[Edit] = field(default_factory=set)
    _waiting: list[_Trial] = field(default_factory=list)
    _steps: list[int] = field(default_factory=list)
    _stage: str = "screen"
    _round: int = 0
    _stopped: list[Edit] = field(default_factory=list)
    _states: list[_State] = field(default_factory=list)
    _is_over: bool = False

    def __post_init__(self) -> None:
        self.budget = self.budget.fit(self.subject.work)
        self._begin()

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
        if len(self._stopped) >= MAX_STOPPED_TRIALS or any(answer.ended is Status.FAULT for answer in answers):
            self._pending = []
            self.was_stopped = self._is_over = True

    def _begin(self) -> None:
        """Begin a pass with the student's own function."""
        self._best = _State((), dict(self.subject.base), self.subject.errors)
        self._states, self._round = [self._best], 0
        self._plan_screening()
        self._is_over = not self._planned

    def _finish_stage(self) -> None:
        if self._stage == "screen":
            if self._waiting and not any(map(self._is_right, self._planned)):
                self._take_step()
            else:
                self._plan_whole()
        elif self._stage == "whole":
            if self._choose():
                self._plan_next_round()
            else:
                self._stage, self._planned = "screen", []
                self._take_step()
        else:
            self._reduce()

    def _plan(self, trials: Sequence[_Trial]) -> None:
        """Plan trials, of which those without an answer are to be run."""
        self._planned = list(trials)
        self._pending = [trial for trial in trials if trial.answer is None]

    def _get_trial(self, edits: Edits, parts: Sequence[JudgedCases], *, whole: bool) -> _Trial:
        """Return the trial of edits on the screened cases, or on all visible ones; the known one if there is one."""
        return self._known.setdefault((edits, whole), _Trial(edits, parts))

    def _plan_screening(self) -> None:
        """Plan trials of all edits that fit beside those of each state, on one failing case of each failing check."""
        self._stage, self._waiting, self._planned = "screen", [], []
        left = self.budget.trials[self._round] if self._round < len(self.budget.trials) else 0
        left = min(left, _QUICK_TRIALS) if self._is_quick else left
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
                    self._waiting.append(self._get_trial((*state.edits, edit), parts, whole=False))
                    planned += 1
        self._steps = list(_SCREENING_STEPS)
        self._take_step()

    def _take_step(self) -> None:
        """Plan the next trials of a screening."""
        count = self._steps.pop(0) if self._steps else len(self._waiting)
        self._plan((*self._planned, *self._waiting[:count]))
        self._waiting = self._waiting[count:]

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

    def _plan_whole(self) -> None:
        """Plan trials on all visible cases: of the edits that make screened cases right, or at least raise less."""
        judged = []
        for trial in self._planned:
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
        self._stage, self._screened = "whole", {trial.edits[-1] for trial in self._planned}
        self._plan([self._get_trial(trial.edits, self.subject.visible, whole=True) for _, _, trial in chosen])
        if not chosen:
            self._end()

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

        Return False if no state is better, and there are edits that have not been screened yet. The quick pass keeps
        none that is only better by cases, and no edit beside which a plainer one of its kind is untried: such ones are
        to be compared with all edits.
        """
        states = []
        for trial in self._planned:
            if trial.answer is not None and trial.answer.ended is Status.DONE:
                state = _State(trial.edits, self._judge(trial), trial.errors)
                if state.passed >= self.subject.passed:
                    states.append(state)
        states.sort(key=lambda state: get_plainness(state.edits[-1]))
        states.sort(key=lambda state: state.score, reverse=True)
        is_better = bool(states) and states[0].passed > self._best.passed
        if is_better and (not self._is_quick or self._is_plainest(states[0].edits[-1])):
            self._best = states[0]
            self._states = states[:1]
            return True
        if self._is_quick:
            self._states = []
            return True
        before = max(state.score for state in self._states)
        better = [state for state in states if state.score > before][:_FALLBACKS]
        if better or not self._waiting:
            self._states = better
            return True
        return False

    def _is_plainest(self, edit: Edit) -> bool:
        """Tell whether no plainer edit of the same kind was left untried in this round."""
        untried = (one for one in self.subject.edits if one.kind is edit.kind and one not in self._screened)
        return all(get_plainness(one) >= get_plainness(edit) for one in untried)

    def _plan_next_round(self) -> None:
        self._round += 1
        all_pass = len(self._best.passed) == len(self.subject.visible)
        if not all_pass and self._states and self._round < len(self.budget.trials):
            self._plan_screening()
            if self._planned:
                return
        if all_pass or not self._is_quick:
            self._plan_reduction()
        else:
            self._end()

    def _end(self) -> None:
        """End the search, or begin the thorough pass after a quick one that has not mended everything."""
        if self._is_quick:
            self._is_quick = False
            self._begin()
        else:
            self._is_over = True

    def _plan_reduction(self) -> None:
        """Plan trials without each of the edits that were found."""
        self._stage = "reduce"
        edits = self._best.edits
        if len(edits) < 2:
            self._is_over = True
            return
        fewer = ((*edits[:n], *edits[n + 1 :]) for n in reversed(range(len(edits))))
        self._plan([self._get_trial(some, self.subject.visible, whole=True) for some in fewer])

    def _reduce(self) -> None:
        """Go on without an edit that isn't needed."""
        for trial in self._planned:
            if trial.answer is not None and trial.answer.ended is Status.DONE:
                state = _State(trial.edits, self._judge(trial))
                if state.passed >= self._best.passed:
                    self._best = state
                    self._plan_reduction()
                    return
        self._is_over = True
