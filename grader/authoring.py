"""The small language that `checks.py` is written in: questions, their checks, and known mistakes.

    softmax = code_question("softmax", title="Softmax", points=4, reference=solution.softmax)

    @softmax.check(points=4, repeat=5, hidden=True)
    def each_row_on_its_own(rng):
        \"""A batch is normalised row by row.\"""
        return rng.normal(size=(rng.integers(2, 9), 10))

    @softmax.mistake
    def whole_batch(u):
        \"""You divided by the sum over the whole batch.\"""
        return np.exp(u) / np.sum(np.exp(u))

Builders are mutable and live only while a course is loaded; `freeze` gives the dataclasses of `grader.core.question`.
Every fault of the author's is a CourseError with file, line, question and what to write instead.
"""

import ast
import builtins
import dis
import inspect
import math
import sys
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
from numpy.random import Generator

from grader.core.compare import Tolerance
from grader.core.errors import CourseError
from grader.core.job import Limits
from grader.core.place import Place
from grader.core.question import Check, Kind, Mistake, Output, Question
from grader.core.values import Value

__all__ = ["CodeQuestion", "Tolerance", "argument", "code_question", "local", "place", "returned"]

F = TypeVar("F", bound=Callable[..., Any])


def returned(*path: str | int, label: str = "") -> Output:
    """What the function returns, or what is found there under these keys: `returned("W2")`."""
    return Output("returned", None, path, label)


def argument(name: str, *path: str | int, label: str = "") -> Output:
    """An argument after the call, by the reference's name for it: `argument("network", "W1")`."""
    return Output("argument", name, path, label)


def local(name: str, *path: str | int, label: str = "") -> Output:
    """A local variable of the function at its return: `local("delta2")`."""
    return Output("local", name, path, label)


def place() -> Place:
    """The line of the author's file that is being executed: the nearest caller outside of this module."""
    frame = sys._getframe(1)
    while frame.f_code.co_filename == __file__ and frame.f_back is not None:
        frame = frame.f_back
    return Place(frame.f_code.co_filename, frame.f_lineno)


class CodeQuestion:
    """A question that is answered by a function; made by `code_question`, filled by its two decorators."""

    def __init__(
        self, question: str, title: str, points: float, reference: Callable[..., Value], in_place: bool, limits: Any
    ) -> None:
        self.id = question
        self.place = place()
        self._title = title
        self._points = points
        self._reference = reference
        self._in_place = in_place
        self._limits = limits
        self._checks: dict[str, Check] = {}
        self._mistakes: dict[str, Mistake] = {}
        if not isinstance(question, str) or not question.isidentifier():
            raise self._error(f"a question's id is one word such as 'softmax', not {question!r}")
        if not isinstance(title, str) or not title.strip():
            raise self._error('it needs a title: write title="…"')
        if not inspect.isfunction(reference):
            raise self._error(f"its reference is a function of solution.py, not {reference!r}")
        self._require_points(points)
        self._require_limits(limits)

    def check(
        self,
        *outputs: Output,
        points: float = 0,
        hidden: bool = False,
        repeat: int = 1,
        tolerance: Tolerance = Tolerance(),
        holds: Callable[..., str | None] | None = None,
        limits: Mapping[str, float] | None = None,
    ) -> Callable[[F], F]:
        """Declares a check; the decorated function makes the inputs of one call from a seeded generator.

        Of several `outputs` each becomes a check of its own with that many `points`; `{output}` in the docstring stands
        for its label. `holds(value, *args)` replaces the comparison with the reference: None, or what is wrong.
        """
        if outputs and not all(isinstance(output, Output) for output in outputs):
            raise self._error(f"write @{self.id}.check(points=…); what may stand before points= are outputs")
        self._require_points(points)
        self._require_limits(limits or {})
        if not isinstance(repeat, int) or isinstance(repeat, bool) or repeat < 1:
            raise self._error(f"repeat= is a whole number from 1, not {repeat!r}")
        if not isinstance(tolerance, Tolerance):
            raise self._error(f"tolerance= is a Tolerance(rtol=…, atol=…), not {tolerance!r}")
        if holds is not None and not callable(holds):
            raise self._error(f"holds= is a function (value, *args) -> None or a sentence, not {holds!r}")

        def add(make_inputs: F) -> F:
            name, says = self._named(make_inputs, "check", "the sentence that the learner reads")
            inputs = self._inputs(make_inputs, name)
            for output in map(self._resolved, outputs or (returned(),)):
                one = f"{name}_{_slug(output)}" if len(outputs) > 1 else name
                if one in self._checks:
                    raise self._error(f"there are two checks named {one!r}: rename one of them")
                sentence = says.replace("{output}", f"`{output.label}`")
                self._checks[one] = Check(
                    *(one, sentence, float(points), inputs, hidden, repeat, output, tolerance, holds, limits or {})
                )
            return make_inputs

        return add

    def mistake(self, function: F) -> F:
        """Declares a known wrong implementation, with the reference's parameters; its docstring is the hint."""
        name, hint = self._named(function, "mistake", "the hint that the learner reads")
        if name in self._mistakes:
            raise self._error(f"there are two mistakes named {name!r}: rename one of them")
        theirs, ours = (len(inspect.signature(f).parameters) for f in (function, self._reference))
        if theirs != ours:
            raise self._error(
                f"the mistake {name} takes {theirs} arguments, but {self._reference.__name__} takes {ours}"
            )
        known = self._reference.__globals__.keys() | vars(builtins).keys()
        for step in dis.get_instructions(function):
            if step.opname == "LOAD_GLOBAL" and step.argval not in known:  # a student's program has no checks.py
                advice = "write it into the mistake"
                raise self._error(f"the mistake {name} uses {step.argval}, which solution.py doesn't have: {advice}")
        self._mistakes[name] = Mistake(name, hint, function)
        return function

    def freeze(self) -> Question:
        """The question as data. Raises CourseError where it has no checks or its points don't add up."""
        if not self._checks:
            raise self._error(f"it has no checks: write @{self.id}.check(points=…) above a function", self.place)
        total = math.fsum(check.points for check in self._checks.values())
        if not math.isclose(total, self._points):
            stated = f"points={self._points:g} is declared, but its checks add up to {total:g}"
            raise self._error(f"{stated}: make them equal", self.place)
        return Question(
            id=self.id,
            kind=Kind.CODE,
            title=self._title,
            checks=tuple(self._checks.values()),
            mistakes=tuple(self._mistakes.values()),
            function=self._reference.__name__,
            reference=self._reference,
            judges_in_place=self._in_place,
            limits=self._limits,
        )

    def _error(self, text: str, at: Place | None = None) -> CourseError:
        return CourseError(f"{at or place()}: question {self.id}: {text}")

    def _require_points(self, points: object) -> None:
        number = isinstance(points, int | float) and not isinstance(points, bool)
        if not number or not 0 < points < math.inf:  # type: ignore[operator]  # `number` says it is one
            raise self._error(f"points are a number above 0, not {points!r}")

    def _require_limits(self, limits: Mapping[str, Any]) -> None:
        try:
            Limits().with_changes(limits)
        except (ValueError, AttributeError) as error:
            raise self._error(f"limits={limits!r}: {error}") from error

    def _named(self, function: object, what: str, meaning: str) -> tuple[str, str]:
        """The name of a decorated function and its docstring on one line."""
        if not inspect.isfunction(function):
            raise self._error(f"@{self.id}.{what} stands above a function, not above {function!r}")
        doc = " ".join(inspect.cleandoc(function.__doc__ or "").split())
        if not doc:
            raise self._error(f"the {what} {function.__name__} has no docstring: write {meaning}")
        return function.__name__, doc

    def _inputs(self, make_inputs: Callable[..., Any], name: str) -> Callable[[Generator], Any]:
        """The author's function, tried once: from `rng` it makes arguments that the reference can be called with."""
        if len(inspect.signature(make_inputs).parameters) != 1:
            raise self._error(f"the check {name} takes one argument: write def {name}(rng):")
        made = make_inputs(np.random.default_rng(0))
        if made is None:
            raise self._error(f"the check {name} gives no inputs: return the arguments of one call")
        args = made if isinstance(made, tuple) else (made,)
        try:
            inspect.signature(self._reference).bind(*args)
        except TypeError as error:
            signature = f"{self._reference.__name__}{inspect.signature(self._reference)}"
            raise self._error(f"the check {name} gives {len(args)} arguments, but it is {signature}") from error
        return make_inputs

    def _resolved(self, output: Output) -> Output:
        """The output with its argument's position instead of the name, and with a label."""
        parameters = list(inspect.signature(self._reference).parameters)
        root = str(output.name)
        if output.source == "argument" and output.name not in parameters:
            raise self._error(f"argument({root!r}): the arguments are {', '.join(parameters)}")
        if output.source == "local" and output.name not in self._reference.__code__.co_varnames:
            found = ", ".join(n for n in self._reference.__code__.co_varnames if n not in parameters)
            raise self._error(
                f"local({root!r}): the local variables of {self._reference.__name__} are {found or 'none'}"
            )
        kept = _returned_variable(self._reference) if output.source == "returned" and output.path else ""
        if output.source == "returned":
            root = kept or ("result" if output.path else "")
        label = output.label or root + "".join(f"[{key!r}]" for key in output.path)
        name = parameters.index(root) if output.source == "argument" else output.name
        return replace(output, name=name, label=label, local=kept)


def code_question(
    question: str,
    *,
    title: str,
    points: float,
    reference: Callable[..., Value],
    in_place: bool = False,
    limits: Mapping[str, float] | None = None,
) -> CodeQuestion:
    """A question that asks for a function of the reference's name.

    `points` are the sum of its checks' points. `in_place`: the question is about changing an argument. `limits` of one
    call, by the names of `grader.core.job.Limits`. Raises CourseError.
    """
    return CodeQuestion(question, title, points, reference, in_place, limits or {})


def _returned_variable(function: Callable[..., Any]) -> str:
    """The local variable that the function returns (`grad`), or nothing."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    last = [node for node in ast.walk(tree) if isinstance(node, ast.Return)][-1:]
    return last[0].value.id if last and isinstance(last[0].value, ast.Name) else ""


def _slug(output: Output) -> str:
    letters = "".join(c if c.isalnum() else " " for c in output.label or output.source)
    return "_".join(letters.split())
