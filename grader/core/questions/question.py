"""A question with its checks and known mistakes. `grader.authoring` makes them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from grader.core.questions.checks import AnyCheck, Check, list_parameters
from grader.core.questions.kinds.kind import QuestionKind
from grader.core.text.source_location import SourceLocation
from grader.core.wire.values import Value


@dataclass(frozen=True)
class Filling:
    """A wrong filling of a blank: `text` in the place of the `right` text.

    `blank` is the author's name of the blank. `name` is what its line begins with, in the solution and in a student's
    code: the variable that is assigned (`grad['b2']`), or `return`; empty if it begins with neither. It `is_given` if
    the template has it in front of the blank. `method` is the method of a class in which the blank is.
    """

    blank: str
    text: str
    name: str = ""
    right: str = ""
    is_given: bool = False
    method: str = ""


@dataclass(frozen=True)
class Mistake:
    """A known wrong implementation with the same signature as the reference, or class; `hint` is its docstring.

    `of` names the function if the question asks for several. A `convention` is a right calculation under another
    convention: it earns no more than another mistake, but has another message. Where `fillings` are given, the function
    is the solution's with these fillings, `source` is its text, and `fill` makes such functions.
    """

    name: str
    hint: str
    function: Callable[..., Value]
    of: str = ""
    convention: bool = False
    fillings: tuple[Filling, ...] = ()
    source: str = ""
    fill: Callable[[tuple[Filling, ...]], tuple[Callable[..., Value], str] | None] | None = None

    def compose_with(self, other: "Mistake") -> "Mistake | None":
        """Return this mistake and another one in one function, named `a+b`; None if they aren't fillings.

        None is returned also where they are of different functions, or fill the same blank.
        """
        fillings = self.fillings + other.fillings
        if not self.fill or not self.fillings or not other.fillings or self.of != other.of:
            return None
        filled = self.fill(fillings)
        if filled is None:
            return None
        function, source = filled
        return replace(
            self,
            name=f"{self.name}+{other.name}",
            hint=f"{self.hint} {other.hint}",
            function=function,
            convention=self.convention and other.convention,
            fillings=fillings,
            source=source,
        )


@dataclass(frozen=True)
class Equivalent:
    """An edit of the solution that the author declares harmless: one occurrence of `before` becomes `after`.

    `why` is the author's reason, and `place` the line that declares it.
    """

    before: str
    after: str
    why: str
    place: SourceLocation


@dataclass(frozen=True)
class Question:
    """One scored part of an exercise.

    `function` is the name that is called in the student's namespace; `reference` supplies the expected tensors. If
    several are asked for, these are the first, and each check has its own. `variables` are the names of other answers.
    By `rubric` (item: points) and `ideal` a person marks a text; students see neither.
    """

    id: str
    kind: QuestionKind
    title: str
    checks: tuple[AnyCheck, ...]
    mistakes: tuple[Mistake, ...] = ()
    function: str = ""
    reference: Callable[..., Value] | None = None
    judges_in_place: bool = False
    """Whether the question is about changing an argument in place, so that a changed one gets no remark."""
    limits: Mapping[str, float] = field(default_factory=dict)
    variables: tuple[str, ...] = ()
    rubric: Mapping[str, float] = field(default_factory=dict)
    ideal: str = ""
    equivalents: tuple[Equivalent, ...] = ()
    module: str = ""
    """The dotted name of the module in which the answers are looked up; empty if the author names none."""

    @property
    def functions(self) -> tuple[str, ...]:
        """The names of all functions that the question asks for."""
        own = [check.function for check in self.checks if isinstance(check, Check) and check.function]
        return tuple(dict.fromkeys([self.function, *own])) if self.function else ()

    def function_of(self, check: Check) -> str:
        """Return the name of the function that a check calls."""
        return check.function or self.function

    def callable_of(self, check: Check) -> str:
        """Return the function that a check calls, or the method of the class that its output depends on last."""
        return f"{self.function_of(check)}.{check.method}" if check.method else self.function_of(check)

    def reference_of(self, check: Check) -> Callable[..., Value] | None:
        """Return the function from which a check's expected tensors come."""
        return check.reference or self.reference

    def parameters_of(self, check: Check) -> tuple[str, ...]:
        """Return the names of a check's inputs."""
        return check.parameters or list_parameters(self.reference_of(check))

    def mistakes_of(self, check: Check) -> tuple[Mistake, ...]:
        """Return the known mistakes of the function that a check calls."""
        return tuple(m for m in self.mistakes if (m.of or self.function) == self.function_of(check))

    @property
    def max_score(self) -> float:
        """The points of all checks together."""
        return sum(check.points for check in self.checks)
