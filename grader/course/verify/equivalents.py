"""Edits that an author declares equivalent: they must agree with the solution on 1,000 generated inputs.

The inputs come from the question's own checks, with new seeds, and results are compared as these checks compare them.
Variables that are calculated without any input are compared with those of the solution.
"""

import ast
import contextlib
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Final

from grader.core.compare.tensors import compare
from grader.core.judging.reference_data import ReferenceData, make_generator
from grader.core.questions.checks import AnswerCheck, AnyCheck, Check, Probe, TextCheck
from grader.core.questions.exercise import Exercise
from grader.core.questions.question import Equivalent, Question
from grader.core.results.rule_result import RuleResult
from grader.core.results.verdict import Verdict
from grader.core.wire.job import ActionResult
from grader.core.wire.submission import ParsedSubmission
from grader.core.wire.values import Opaque, Value
from grader.course.verify.judge import JudgeFactory
from grader.course.verify.mutants import Mutant, MutatedCell

INPUTS: Final = 1000
"""Number of generated inputs on which an edit must agree with the solution."""
_SECRET: Final = b"equivalent"
_TRIED_SEEDS: Final = 20
_TIME_FACTOR: Final = 100
"""All inputs are run in one job, so that it gets as many times the limits of a single submission."""
_MAX_INPUT_CHARS: Final = 160


def find_declared_mutants(declared: Equivalent, cells: Iterable[MutatedCell]) -> list[Mutant]:
    """Return the mutants that are made by replacing one occurrence of the declared text."""
    return [mutant for cell in cells for mutant in _find_in_cell(declared, cell)]


def _find_in_cell(declared: Equivalent, cell: MutatedCell) -> Iterator[Mutant]:
    programs = set()
    at = cell.source.find(declared.before)
    while at >= 0:
        text = f"{cell.source[:at]}{declared.after}{cell.source[at + len(declared.before) :]}"
        with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):  # part of a word, say
            programs.add(ast.dump(ast.parse(text)))
        at = cell.source.find(declared.before, at + 1)
    if programs:
        yield from (mutant for mutant in cell.mutants if ast.dump(ast.parse(mutant.source)) in programs)


class EquivalenceProof:
    """Compares mutants of one question with its solution; `make` returns either as a submission.

    Its check copies are made, and the solution is run on them, when the first mutant is compared.
    """

    def __init__(
        self,
        exercise: Exercise,
        question: Question,
        make_judge: JudgeFactory,
        make: Callable[[Mutant | None], ParsedSubmission],
    ) -> None:
        self._judge = make_judge(_SECRET)
        self._make = make
        self._origins: dict[str, AnyCheck] = {}
        self._without_inputs: set[str] = set()
        self._exercise = self._multiply_checks(exercise, question)
        self._reference_problem: str | None = None

    def find_problem(self, mutant: Mutant) -> str:
        """Return the first input on which a mutant differs from the solution, as a sentence, or an empty text."""
        if not self._origins or mutant.function in self._without_inputs:
            return "its checks have no random inputs to compare on"
        if self._reference_problem is None:
            failed = self._find_failed_check(None)
            self._reference_problem = f"the solution itself fails {failed}" if failed else ""
        if self._reference_problem:
            return self._reference_problem
        failed = self._find_failed_check(mutant)
        return f"it differs from the solution in {failed}" if failed else ""

    def _find_failed_check(self, mutant: Mutant | None) -> str:
        (result,) = self._judge.judge(self._exercise, self._make(mutant)).questions
        failed = next((check.name for check in result.checks if check.verdict is not Verdict.PASSED), None)
        if failed is None:
            return ""
        data = self._judge.get_reference_data(self._exercise)
        return f"the check {self._origins[failed].name}{self._describe_input(failed, data)}"

    def _describe_input(self, name: str, data: ReferenceData) -> str:
        origin, (question,) = self._origins[name], self._exercise.questions
        if not isinstance(origin, Check):
            return ""
        (case,) = data.cases[question.id, name]
        names = question.parameters_of(origin)
        shown = ", ".join(f"{key}={' '.join(repr(arg).split())}" for key, arg in zip(names, case.args, strict=False))
        return f" for {shown if len(shown) <= _MAX_INPUT_CHARS else f'{shown[:_MAX_INPUT_CHARS]} …'}"

    def _multiply_checks(self, exercise: Exercise, question: Question) -> Exercise:
        """Return the exercise with this question alone, and as many copies of its checks as make 1,000 inputs.

        If the question asks for several functions, there are as many for each.
        """
        groups: dict[str, list[Check | AnswerCheck]] = {}
        for check in question.checks:
            if not isinstance(check, TextCheck):
                function = question.function_of(check) if isinstance(check, Check) else ""
                groups.setdefault(function, []).append(check)
        copied = []
        for function, checks in groups.items():
            varied = [check.name for check in checks if _has_random_inputs(exercise, question, check)]
            if function and not varied:
                self._without_inputs.add(function)
            for check in checks:
                for number in range(math.ceil(INPUTS / len(varied)) if check.name in varied else 1):
                    name = f"{check.name} {number + 1}"
                    self._origins[name] = check
                    copied.append(_copy(check, name, is_fixed=check.name not in varied))
        limits = exercise.limits
        return replace(
            exercise,
            questions=(replace(question, checks=tuple(copied), mistakes=()),),
            limits=limits.with_changes({"cpu": limits.cpu * _TIME_FACTOR, "wall": limits.wall * _TIME_FACTOR}),
        )


def _has_random_inputs(exercise: Exercise, question: Question, check: Check | AnswerCheck) -> bool:
    """Tell whether seeds give a check different inputs."""
    seen = set()
    for seed in range(_TRIED_SEEDS):
        rng = make_generator(_SECRET, exercise.name, question.id, check.name, str(seed))
        seen.add(repr(check.inputs(rng) if isinstance(check, Check) else check.make_probe(rng).actions))
        if len(seen) > 1:
            return True
    return False


def _copy(check: AnyCheck, name: str, *, is_fixed: bool) -> AnyCheck:
    """Return a check of one input under another name, from which the seed of its input follows."""
    if isinstance(check, Check):
        return replace(check, name=name, repeat=1)
    if isinstance(check, AnswerCheck) and is_fixed:
        (same, make_probe) = _SameValues(), check.make_probe
        return replace(check, name=name, make_probe=lambda rng: Probe(make_probe(rng).actions, same))
    return replace(check, name=name)


class _SameValues:
    """Accept the values that are judged first, those of the solution, and afterwards only equal ones."""

    def __init__(self) -> None:
        self._values: list[Value] | None = None

    def __call__(self, results: tuple[ActionResult, ...]) -> RuleResult:
        values = [result.value for result in results]
        if self._values is None:
            self._values = values
        return RuleResult(1.0 if all(map(_is_equal, self._values, values)) else 0.0)


def _is_equal(expected: Value, actual: Value) -> bool:
    """Tell whether two values are equal within the usual tolerance; functions and other objects, if of one type."""
    if isinstance(expected, Opaque):
        return bool(expected == actual)
    if isinstance(expected, dict) and isinstance(actual, dict):
        return expected.keys() == actual.keys() and all(_is_equal(expected[key], actual[key]) for key in expected)
    return compare(expected, actual).mismatch is None
