"""Answers that name lines of a listing, compared as parsed code: spacing, quotes and comments don't count."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from grader.core.compare.tensors import Remark, type_name
from grader.core.questions.kinds.choice import Picked
from grader.core.results.grading import Shown
from grader.core.results.rule_result import Judgement
from grader.core.text.messages import Phrase, say
from grader.core.wire.job import Raised, Returned
from grader.core.wire.values import Value

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
                return Judgement(0.0, self._say("`{name}` can't be read as code ({why}).", why=came.raised.message))
            return Judgement(0.0, self._say("`{name}` is no line of Python: {why}.", why=came.raised.message))
        lines = _lines(came.value)
        if lines is None:
            found = _type(came.value)
            return Judgement(
                0.0, self._say("`{name}` should be {wanted}, but is {found}.", wanted=self._wanted, found=found)
            )
        if not lines:
            empty = self._say("`{name}` is empty: copy {wanted}.", wanted=self._wanted)
            return Judgement(0.0, empty, attempted=False)
        if len(lines) > (_MOST if self.several else 1):
            return Judgement(0.0, self._say("`{name}` has {n} lines; one is asked for.", n=len(lines)))
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

    def _say(self, template: str, **fields: object) -> Phrase:
        return say(template, name=self.variable, **fields)

    @property
    def _wanted(self) -> Phrase:
        return say("the lines, as a list of texts") if self.several else say("the line, as text")


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


def _type(value: Value) -> Phrase:
    if isinstance(value, list | tuple):
        return say("a {type} of something else", type=type_name(value))
    return Phrase(type_name(value))
