"""Code questions, which ask for functions, with their checks and known mistakes."""

import ast
import inspect
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
from numpy.random import Generator

from grader.authoring.builder import place
from grader.authoring.class_checks import RecordedCheck, record_check
from grader.authoring.mistakes import QuestionWithMistakes, Reference
from grader.authoring.references import describe_value, is_class_of_course
from grader.core.compare.tensors import Tolerance
from grader.core.errors import CourseError
from grader.core.judging.reference_outline import add_local_roles
from grader.core.questions.checks import Check, Output
from grader.core.questions.kinds import code
from grader.core.questions.question import Question
from grader.core.text.messages import MessageLike

InputsFunction = TypeVar("InputsFunction", bound=Callable[..., Any])


def returned(*path: str | int, label: str = "") -> Output:
    """Check the function's return value, or the item of it under these keys: `returned("W2")`.

    `label` replaces the name that the learner reads.
    """
    return Output("returned", None, path, label)


def argument(name: str, *path: str | int, label: str = "") -> Output:
    """Check an argument after the call, or an item of it: `argument("network", "W1")`.

    `name` is the reference's name of the argument; `label` replaces the name that the learner reads.
    """
    return Output("argument", name, path, label)


def local(name: str, *path: str | int, label: str = "") -> Output:
    """Check a local variable of the function when it returns, or an item of it: `local("delta2")`.

    `name` is the reference's name of the variable; `label` replaces the name that the learner reads.
    """
    return Output("local", name, path, label)


class CodeQuestion(QuestionWithMistakes):
    """A question that is answered by functions. `code_question` makes it; its decorators add checks and mistakes.

    If several functions are asked for, each check and mistake names its function: `of=solution.d_relu`.
    """

    def __init__(
        self,
        question: str,
        title: str,
        points: float,
        references: Sequence[Reference],
        in_place: bool,
        limits: Any,
        module: str,
    ) -> None:
        super().__init__(question, title, points, references)
        self._module = module
        self._in_place = in_place
        self._limits = limits
        self._checks: dict[str, Check] = {}
        for reference in references:
            if not inspect.isfunction(reference) and not is_class_of_course(reference):
                raise self._error(
                    f"its reference is a function of solution.py, or a class, not {describe_value(reference)}"
                )
        if not references:
            raise self._error("it needs a reference: write reference=solution.FUNCTION, or a class")
        self._require_limits(limits)

    def check(
        self,
        *outputs: Output,
        points: float = 0,
        hidden: bool = False,
        repeat: int = 1,
        tolerance: Tolerance = Tolerance(),
        holds: Callable[..., MessageLike | None] | None = None,
        limits: Mapping[str, float] | None = None,
        of: Reference | None = None,
    ) -> Callable[[InputsFunction], InputsFunction]:
        """Declare a check. The decorated function gets a seeded generator and returns the inputs of one call.

        For a class, it gets the class too, uses it, and returns what is judged: see `record_steps`.

        Its docstring is the sentence that the learner reads. With several `outputs`, each becomes a check of its own
        with that many `points`, and `{output}` in the docstring stands for its label. The check is repeated `repeat`
        times with new inputs. `tolerance` is that of the comparison with the reference; `holds(value, *args)` replaces
        the comparison and returns None or a sentence about the error. `limits` are those of all its calls together, by
        the names of `grader.core.wire.job.Limits`. `of` is the reference, if the question has several. Raises
        CourseError.

            @softmax.check(points=1, repeat=3, hidden=True)
            def any_batch(rng):
                \"""Batches of any size.\"""
                return rng.normal(size=(rng.integers(2, 9), 4))
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
        reference = self._find_reference(of, "check")

        def add(make_inputs: InputsFunction) -> InputsFunction:
            name, says = self._require_docstring(make_inputs, "check", "the sentence that the learner reads")
            recorded = self._record(make_inputs, name, reference) if isinstance(reference, type) else None
            inputs = recorded.inputs if recorded else self._require_inputs(make_inputs, name, reference)
            for given in outputs or (returned(),):
                output = self._resolve_of_class(given, recorded) if recorded else self._resolve_output(given, reference)
                one = self._make_unique_name(f"{name}_{_make_slug(output)}" if len(outputs) > 1 else name, reference)
                self._require_new(one, self._checks, "check")
                self._checks[one] = Check(
                    name=one,
                    says=says.replace("{output}", f"`{output.label}`") if output.label else says,
                    points=float(points),
                    inputs=inputs,
                    hidden=hidden,
                    repeat=repeat,
                    output=output,
                    tolerance=tolerance,
                    holds=holds,
                    limits=limits or {},
                    function=reference.__name__,
                    reference=reference,
                    parameters=recorded.parameters if recorded else (),
                    method=recorded.find_method(output) if recorded else "",
                )
            return make_inputs

        return add

    def freeze(self) -> Question:
        """Return the question as data. Raises CourseError without checks, or if the points don't add up."""
        self._require_sum(self._checks, f"write @{self.id}.check(points=…) above a function")
        for reference in self._references:
            if all(check.reference is not reference for check in self._checks.values()):
                advice = f"write @{self.id}.check(of=solution.{reference.__name__}, points=…)"
                raise self._error(f"{reference.__name__} has no checks: {advice}", self.place)
        return Question(
            id=self.id,
            kind=code.KIND,
            title=self._title,
            checks=add_local_roles(self._checks.values()),
            mistakes=tuple(self._mistakes.values()),
            function=self._references[0].__name__,
            reference=self._references[0],
            judges_in_place=self._in_place,
            limits=self._limits,
            equivalents=tuple(self._equivalents.values()),
            module=self._module,
        )

    def _require_inputs(
        self, make_inputs: Callable[..., Any], name: str, reference: Reference
    ) -> Callable[[Generator], Any]:
        """Try the author's function once, and return it; it must return arguments that the reference accepts."""
        if len(inspect.signature(make_inputs).parameters) != 1:
            raise self._error(f"the check {name} takes one argument: write def {name}(rng):")
        inputs = make_inputs(np.random.default_rng(0))
        if inputs is None:
            raise self._error(f"the check {name} gives no inputs: return the arguments of one call")
        args = inputs if isinstance(inputs, tuple) else (inputs,)
        try:
            inspect.signature(reference).bind(*args)
        except TypeError as error:
            signature = f"{reference.__name__}{inspect.signature(reference)}"
            raise self._error(f"the check {name} gives {len(args)} arguments, but it is {signature}") from error
        return make_inputs

    def _record(self, make: Callable[..., Any], name: str, reference: type) -> RecordedCheck:
        try:
            return record_check(make, reference, name)
        except CourseError as error:
            raise self._error(str(error)) from error

    def _resolve_of_class(self, output: Output, recorded: RecordedCheck) -> Output:
        if output.source != "returned":
            raise self._error(
                f"{output.source}(…) is for functions: what is judged of a class is what the check's function returns"
            )
        try:
            return recorded.resolve(output)
        except CourseError as error:
            raise self._error(str(error)) from error

    def _resolve_output(self, output: Output, reference: Reference) -> Output:
        """Return the output with a label, and with its argument's position instead of the name."""
        parameters = list(inspect.signature(reference).parameters)
        variables = reference.__code__.co_varnames
        root = str(output.name)
        if output.source == "argument" and output.name not in parameters:
            raise self._error(f"argument({root!r}): the arguments are {', '.join(parameters)}")
        if output.source == "local" and output.name not in variables:
            found = ", ".join(name for name in variables if name not in parameters)
            raise self._error(f"local({root!r}): the local variables of {reference.__name__} are {found or 'none'}")
        variable = _find_returned_variable(reference) if output.source == "returned" and output.path else ""
        if output.source == "returned":
            root = variable or ("result" if output.path else "")
        label = output.label or root + "".join(f"[{key!r}]" for key in output.path)
        name = parameters.index(root) if output.source == "argument" else output.name
        return replace(output, name=name, label=label, local=variable)


def code_question(
    question: str,
    *,
    title: str,
    points: float,
    reference: Reference | None = None,
    references: Sequence[Reference] = (),
    in_place: bool = False,
    limits: Mapping[str, float] | None = None,
    module: str = "",
) -> CodeQuestion:
    """Declare a question that asks for a function or class with the reference's name, or for several: `references=[…]`.

    `question` is its id, `points` the sum of its checks' points. Set `in_place` if the question is about changing an
    argument in place. `limits` are those of each check, by the names of `grader.core.wire.job.Limits`. `module` is the
    module of an exercise of several files in which the functions are looked up: `"models.linear"`; by default it is the
    one in which the reference lies. Raises CourseError.

        softmax = code_question("softmax", title="Softmax", points=4, reference=solution.softmax)
    """
    if callable(references):
        raise CourseError(f"{place()}: question {question}: references= is a list of functions: write references=[…]")
    asked = references if reference is None else (reference, *references)
    return CodeQuestion(question, title, points, asked, in_place, limits or {}, module)


def _find_returned_variable(function: Callable[..., Any]) -> str:
    """Return the name of the local variable that the function returns (`grad`), or an empty text."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    last = [node for node in ast.walk(tree) if isinstance(node, ast.Return)][-1:]
    return last[0].value.id if last and isinstance(last[0].value, ast.Name) else ""


def _make_slug(output: Output) -> str:
    letters = "".join(c if c.isalnum() else " " for c in output.label or output.source)
    return "_".join(letters.split())
