"""Known mistakes of a question that asks for functions: whole wrong functions, and wrong fillings of blanks."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, TypeVar

from grader.authoring.class_checks import find_class
from grader.authoring.class_mistakes import SolutionClass, make_wrong_class
from grader.authoring.equivalents import MutatedQuestion
from grader.authoring.fillings import SolutionFunction, make_slug
from grader.authoring.references import explain_missing_name
from grader.core.errors import CourseError
from grader.core.questions.question import Filling, Mistake
from grader.core.wire.play_steps import find_method
from grader.core.wire.values import Value

WrongFunction = TypeVar("WrongFunction", bound=Callable[..., Any])
Reference = Callable[..., Value]


class QuestionWithMistakes(MutatedQuestion):
    """A question that asks for functions, and has known mistakes of each."""

    def __init__(self, question: str, title: str, points: float, references: Sequence[Reference]) -> None:
        super().__init__(question, title, points)
        self._references = references
        self._mistakes: dict[str, Mistake] = {}
        self._solutions: dict[str, SolutionFunction] = {}

    def mistake(self, function: Callable[..., Any] | None = None, *, of: Reference | None = None) -> Any:
        """Declare a known wrong implementation with the reference's parameters. Its docstring is the hint.

        A wrong answer that equals this function's shows the hint. `of` is the reference, if the question has several.
        Of a class, it is a wrong class, or a function with `of=solution.CLASS.METHOD`. Raises CourseError.

            @softmax.mistake
            def whole_batch(u):
                \"""You divided by the sum over the whole batch.\"""
                return np.exp(u) / np.sum(np.exp(u))
        """
        return self._make_mistake_decorator("mistake", function, of)

    def convention(self, function: Callable[..., Any] | None = None, *, of: Reference | None = None) -> Any:
        """Declare a calculation that is right under another convention. It is declared and scored like a mistake.

        Its message says that the calculation is right under another convention. Raises CourseError.
        """
        return self._make_mistake_decorator("convention", function, of)

    def filling(
        self,
        blank: str,
        text: str,
        hint: str,
        *,
        also: Mapping[str, str] | None = None,
        of: Reference | None = None,
        name: str = "",
        convention: bool = False,
    ) -> None:
        """Declare a known mistake that is a wrong filling of a blank: the solution's function with this text there.

        `blank` is what the blank's line assigns, `"return"`, or the blank's right text, and `text` the wrong one. The
        hint is shown at the line of the student's code that assigns the same. `also` has further blanks that are filled
        wrongly at once, by blank. `name` is the mistake's name, which is made of `blank` and `text` otherwise. `of` is
        the reference, if the question has several. With `convention` it is declared like `convention` does. Raises
        CourseError.

            backward.filling("delta2", "y - d", "The right direction, but not divided by N.")
        """
        reference = self._find_reference(of, "filling")
        method = self._get_method_name(of)
        if not all(isinstance(one, str) and one.strip() for one in (blank, text, hint)):
            raise self._error(f'write {self.id}.filling("y", "x + b", "…"): a blank, a wrong text for it, a hint')
        if name and not (isinstance(name, str) and name.isidentifier()):
            raise self._error(f"name= is one word such as 'not_divided', not {name!r}")
        texts = {blank: text} | dict(also or {})
        try:
            solution = self._solution(reference)
            fillings = tuple(solution.find_filling(one, wrong, method) for one, wrong in texts.items())
            filled = solution.fill(fillings)
        except CourseError as error:
            raise self._error(f"filling {blank!r}: {error}") from error
        made = self._make_unique_name(name or make_slug(texts), reference)
        if made in self._mistakes and not name:
            raise self._error(f"there are two mistakes named {made!r}: give one of them a name=")
        self._require_new(made, self._mistakes, "mistake")
        for other in self._mistakes.values():
            if other.of == reference.__name__ and other.source == filled.source:
                raise self._error(f"filling {blank!r}: {other.name} is the same: leave one of them out")
        self._mistakes[made] = Mistake(
            name=made,
            hint=" ".join(hint.split()),
            function=filled.function,
            of=reference.__name__,
            convention=convention,
            fillings=fillings,
            source=filled.source,
            fill=_make_filler(solution),
        )

    def _solution(self, reference: Reference) -> SolutionFunction:
        """Return the text of a reference with its blanks, which is read once."""
        if reference.__name__ not in self._solutions:
            kind = SolutionClass if isinstance(reference, type) else SolutionFunction
            self._solutions[reference.__name__] = kind(reference)
        return self._solutions[reference.__name__]

    def _get_method_name(self, of: Reference | None) -> str:
        """Return the name of the method that `of` is; empty if it is a function or class, or isn't given."""
        found = find_class(of, self._references) if of is not None else None
        return found[1] if found else ""

    def _make_mistake_decorator(self, what: str, function: Callable[..., Any] | None, of: Reference | None) -> Any:
        """Return the decorator of mistakes, for use with and without parentheses."""
        reference = self._find_reference(of, what)
        method = self._get_method_name(of)

        def add(function: WrongFunction) -> WrongFunction:
            name, hint = self._require_docstring(function, what, "the hint that the learner reads")
            name = self._make_unique_name(name, reference)
            self._require_new(name, self._mistakes, "mistake")
            made = Mistake(name, hint, function, reference.__name__, what == "convention")
            if isinstance(reference, type):
                made = self._make_wrong_class(made, what, reference, method)
            else:
                self._require_same_parameters(function, what, reference)
            self._mistakes[name] = made
            return function

        return add if function is None else add(function)

    def _make_wrong_class(self, made: Mistake, what: str, reference: type, method: str) -> Mistake:
        """Return a mistake of a class, which is a wrong class, or a wrong function in place of a method."""
        wrong = made.function
        if not method and not isinstance(wrong, type):
            example = f"@{self.id}.{what}(of=solution.{reference.__name__}.{wrong.__name__})"
            raise self._error(f"the {what} {made.name} is no class: say which method it replaces: write {example}")
        if method and isinstance(wrong, type):
            raise self._error(f"the {what} {made.name} is a class: write @{self.id}.{what}, or a function")
        try:
            if isinstance(wrong, type):
                filled = make_wrong_class(wrong, reference)
            else:
                right = find_method(reference, method)
                assert right is not None
                self._require_same_parameters(wrong, what, right)
                solution = self._solution(reference)
                assert isinstance(solution, SolutionClass)
                filled = solution.replace_method(method, wrong)
        except CourseError as error:
            raise self._error(f"the {what} {made.name}: {error}") from error
        return replace(made, function=filled.function, source=filled.source)

    def _require_same_parameters(self, function: Callable[..., Any], what: str, reference: Reference) -> None:
        """Raise CourseError if a mistake can't replace the reference in a student's program."""
        name = function.__name__
        given, wanted = (len(inspect.signature(f).parameters) for f in (function, reference))
        if given != wanted:
            raise self._error(f"the {what} {name} takes {given} arguments, but {reference.__name__} takes {wanted}")
        if problem := explain_missing_name(function, reference, what):
            raise self._error(f"the {what} {name} {problem}")

    def _find_reference(self, of: Reference | None, what: str) -> Reference:
        """Return the function that a check or mistake belongs to."""
        if of is None and len(self._references) == 1:
            return self._references[0]
        if of is not None and (found := find_class(of, self._references)) is not None:
            return found[0]
        if of is None or all(reference is not of for reference in self._references):
            names = ", ".join(f"solution.{reference.__name__}" for reference in self._references)
            raise self._error(f"say which function it is of: write @{self.id}.{what}(of=…) with one of {names}")
        return of

    def _make_unique_name(self, name: str, reference: Reference) -> str:
        """Return a name that is unique among the checks or mistakes of all functions."""
        return name if len(self._references) == 1 else f"{reference.__name__}_{name}"


def _make_filler(
    solution: SolutionFunction,
) -> Callable[[tuple[Filling, ...]], tuple[Callable[..., Value], str] | None]:
    """Return the function that fills several blanks of a solution at once, or returns None where they don't fit."""

    @lru_cache(maxsize=1024)
    def fill(fillings: tuple[Filling, ...]) -> tuple[Callable[..., Value], str] | None:
        try:
            filled = solution.fill(fillings)
        except CourseError:
            return None
        return filled.function, filled.source

    return fill
