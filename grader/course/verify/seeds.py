"""Checks whose verdict depends on the seed: with some seeds the solution fails, or a known mistake passes.

Inputs are drawn from generators with the secret of a database, which an author never sees. A check must therefore give
the same verdict with all seeds: seeds 1 to N stand for them, and give the same inputs whenever they are tried.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from grader.core.errors import CourseError
from grader.core.questions.exercise import Exercise
from grader.core.questions.question import Mistake, Question
from grader.core.results.verdict import Verdict
from grader.core.text.plurals import count_noun
from grader.course.templates import make_mistaken_submission, make_solved_submission
from grader.course.verify.course import Findings
from grader.course.verify.judge import VerificationJudge

_MAX_NAMED_SEEDS: Final = 10


def make_seed_secret(seed: int) -> bytes:
    """Return the secret that a seed stands for."""
    return f"seed {seed}".encode()


class SeedTrial:
    """The solution of an exercise, or one of its known mistakes, judged with one seed after the other."""

    def __init__(self, exercise: Exercise, question: Question | None = None, mistake: Mistake | None = None) -> None:
        self._exercise = exercise
        self._question = question.id if question else None
        self._mistake = mistake.name if mistake else ""
        self._seeds: list[int] = []
        self._errors: dict[str, list[int]] = defaultdict(list)
        self._unharmed: list[int] = []
        """The seeds with which a mistake gets full marks."""
        self._passed: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._failed: dict[tuple[str, str], dict[Verdict, list[int]]] = defaultdict(lambda: defaultdict(list))

    def judge(self, seed: int, judge: VerificationJudge) -> None:
        """Judge the program with the inputs of a seed."""
        self._seeds.append(seed)
        exercise, question = self._exercise, self._question
        try:
            program = (
                make_mistaken_submission(exercise, {question: self._mistake})
                if question
                else make_solved_submission(exercise)
            )
            results = [one for one in judge.judge(exercise, program).questions if question in (None, one.id)]
        except CourseError as error:
            self._errors[str(error)].append(seed)
            return
        if all(one.score + one.pending >= one.max_score for one in results):
            self._unharmed.append(seed)
        for result in results:
            for check in result.checks:
                key = result.id, check.name
                if check.verdict is Verdict.PASSED:
                    self._passed[key].append(seed)
                else:
                    self._failed[key][check.verdict].append(seed)

    def list_findings(self) -> Findings:
        """Return the failures of the solution, or the checks that a mistake passes with some seeds only."""
        if not self._question:
            return Findings(tuple(self._list_failures()))
        where = f"{self._exercise.name}: {self._question}"
        name = f"the mistake {self._mistake}"
        if self._unharmed:
            seeds = _name_seeds(self._unharmed)
            return Findings((f"{where}: {name} passes all checks with {seeds}: add a check that always fails it",))
        return Findings(warnings=tuple(self._list_chances(name)))

    def _list_failures(self) -> Iterator[str]:
        for error, seeds in self._errors.items():
            yield f"{self._exercise.name}: with {_name_seeds(seeds)}: {error}"
        for (question, check), verdicts in self._failed.items():
            for verdict, seeds in verdicts.items():
                where = f"{self._exercise.name}: {question}: check {check}"
                yield f"{where}: the solution doesn't pass with {_name_seeds(seeds)} ({verdict})"

    def _list_chances(self, name: str) -> Iterator[str]:
        advice = "draw inputs on which it always differs, or repeat the check"
        for (question, check), seeds in self._passed.items():
            if self._failed[question, check]:
                where = f"{self._exercise.name}: {question}: check {check}"
                yield f"{where}: {name} passes with {_name_seeds(seeds)} of {len(self._seeds)}: {advice}"


def list_seed_trials(exercise: Exercise) -> list[SeedTrial]:
    """Return the trials of an exercise: the solution, and each known mistake."""
    mistakes = [(question, mistake) for question in exercise.questions for mistake in question.mistakes]
    return [SeedTrial(exercise), *(SeedTrial(exercise, question, mistake) for question, mistake in mistakes)]


def collect_seed_findings(trials: Iterable[SeedTrial], *, strict: bool) -> Findings:
    """Return the findings of all trials; in a strict course, warnings are problems."""
    found = [trial.list_findings() for trial in trials]
    problems = tuple(problem for one in found for problem in one.problems)
    warnings = tuple(warning for one in found for warning in one.warnings)
    return Findings((*problems, *warnings)) if strict else Findings(problems, warnings)


def _name_seeds(seeds: list[int]) -> str:
    named = ", ".join(map(str, seeds[:_MAX_NAMED_SEEDS]))
    more = f" and {len(seeds) - _MAX_NAMED_SEEDS} more" if len(seeds) > _MAX_NAMED_SEEDS else ""
    return f"the {count_noun(len(seeds), 'seed')} {named}{more}" if len(seeds) > 1 else f"seed {named}"
