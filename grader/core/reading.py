"""Answers that name lines of a listing, compared as parsed code: spacing, quotes and comments don't count."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from grader.core.choosing import Picked
from grader.core.compare import Remark, type_name
from grader.core.grading import Shown
from grader.core.job import Raised, Returned
from grader.core.judgement import Judgement
from grader.core.values import Value

_MOST: Final = 50  # lines of an answer


@dataclass(frozen=True)
class Reading:
    """Lines of code in their normal form: those that are asked for, and others with a remark that costs nothing.

    With `several` all of `right` are asked for, without it any one of them.
    """

    variable: str
    right: frozenset[str]
    also: Mapping[str, str]
    several: bool

    def form(self, returned: tuple[Returned, ...]) -> Judgement:
        """The answer is Python; nothing is said of whether it is right."""
        came = returned[0]
        if isinstance(came.raised, Raised):
            if came.raised.type != "SyntaxError" and not came.raised.type.endswith("IndentationError"):
                return Judgement(0.0, f"`{self.variable}` can't be read as code ({came.raised.message}).")
            return Judgement(0.0, f"`{self.variable}` is no line of Python: {came.raised.message}.")
        lines = _lines(came.value)
        if lines is None:
            return Judgement(0.0, f"`{self.variable}` should be {self._wanted}, but is {_type(came.value)}.")
        if not lines:
            return Judgement(0.0, f"`{self.variable}` is empty: copy {self._wanted}.", attempted=False)
        if len(lines) > (_MOST if self.several else 1):
            return Judgement(0.0, f"`{self.variable}` has {len(lines)} lines; one is asked for.")
        remarks = tuple(Remark("answer", self.also[line]) for line in lines if line in self.also)
        return Judgement(remarks=remarks, shown=Shown(given="; ".join(lines)[:1000]))

    def score(self, returned: tuple[Returned, ...]) -> Judgement:
        """The share that is right: of one line all or nothing; of several a wrong one costs what a missing one does."""
        came = returned[0]
        lines = None if isinstance(came.raised, Raised) else _lines(came.value)
        if lines is not None and not lines:
            return Judgement(0.0, attempted=False)
        if lines is None or len(lines) > _MOST:
            return Judgement(0.0)
        counted = tuple(line for line in lines if line not in self.also)
        if not self.several:
            return Judgement(float(len(lines) == 1 and counted[:1] == lines and lines[0] in self.right))
        return Judgement(Picked(counted, ()).share(self.right))

    @property
    def _wanted(self) -> str:
        return "the lines, as a list of texts" if self.several else "the line, as text"


def _lines(value: Value) -> tuple[str, ...] | None:
    """The distinct lines of an answer in their normal form; None where it is neither text nor a list of texts."""
    texts: Iterable[Value] = value if isinstance(value, list | tuple) else [value]
    if value is None:
        return ()
    lines: dict[str, None] = {}
    for text in texts:
        if not isinstance(text, str):
            return None
        lines.update((line, None) for line in text.split("\n") if line.strip())
    return tuple(lines)


def _type(value: Value) -> str:
    if isinstance(value, list | tuple):
        return f"a {type_name(value)} of something else"
    return type_name(value)
