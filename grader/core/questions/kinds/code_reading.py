"""Questions that ask for lines of a listing, compared as parsed code: spacing, quotes and comments don't count."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Final, Self

from grader.core.compare.tensors import Remark, get_value_type
from grader.core.questions.kinds.kind import FormRule, PlainData, QuestionKind
from grader.core.questions.kinds.options import OptionSelection
from grader.core.results.grading import CheckDetails
from grader.core.results.rule_result import RuleResult
from grader.core.text.messages import Message, gettext
from grader.core.wire.job import Action, ActionResult, ExceptionInfo, Parse
from grader.core.wire.values import Value

_MAX_ANSWER_LINES: Final = 50


@dataclass(frozen=True)
class CodeReadingForm(FormRule):
    """The answer holds lines of Python, or one line; each of `also`, in its normal form, gets a remark at no cost."""

    form_name: ClassVar[str] = "reading"
    several: bool
    also: Mapping[str, str] = field(default_factory=dict)

    @property
    def actions(self) -> tuple[Action, ...]:
        return (Parse(self.variable),)

    @property
    def author_texts(self) -> tuple[str, ...]:
        return tuple(self.also.values())

    def __call__(self, results: tuple[ActionResult, ...]) -> RuleResult:
        result = results[0]
        if isinstance(result.raised, ExceptionInfo):
            if result.raised.type != "SyntaxError" and not result.raised.type.endswith("IndentationError"):
                return RuleResult(0.0, self._say("`{name}` can't be read as code ({why}).", why=result.raised.message))
            return RuleResult(0.0, self._say("`{name}` is not a line of Python: {why}.", why=result.raised.message))
        lines = _split_lines(result.value)
        if lines is None:
            found = _describe_type(result.value)
            return RuleResult(
                0.0, self._say("`{name}` should be {wanted}, but is {found}.", wanted=self._wanted, found=found)
            )
        if not lines:
            empty = self._say("`{name}` is empty: copy {wanted}.", wanted=self._wanted)
            return RuleResult(0.0, empty, attempted=False)
        if len(lines) > (_MAX_ANSWER_LINES if self.several else 1):
            return RuleResult(0.0, self._say("`{name}` has {n} lines; give only one.", n=len(lines)))
        remarks = tuple(Remark("answer", self.also[line]) for line in lines if line in self.also)
        return RuleResult(remarks=remarks, details=CheckDetails(given="; ".join(lines)[:1000]))

    def export_options(self) -> PlainData:
        return {"several": self.several}

    @classmethod
    def load(cls, variables: tuple[str, ...], options: PlainData) -> Self:
        return cls(variables, options["several"])

    def _say(self, template: str, **fields: object) -> Message:
        return gettext(template, name=self.variable, **fields)

    @property
    def _wanted(self) -> Message:
        return gettext("the lines, as a list of strings") if self.several else gettext("the line, as a string")


@dataclass(frozen=True)
class CodeReadingRule:
    """Score lines of code: `right` are the right ones, in their normal form.

    If the form takes several lines, all of `right` are asked for, otherwise any one of them.
    """

    form: CodeReadingForm
    right: frozenset[str]

    def __call__(self, results: tuple[ActionResult, ...]) -> RuleResult:
        """Return the share of points: all or none for one line; of several, wrong ones cost as much as missing ones."""
        result = results[0]
        lines = None if isinstance(result.raised, ExceptionInfo) else _split_lines(result.value)
        if lines is not None and not lines:
            return RuleResult(0.0, attempted=False)
        if lines is None or len(lines) > _MAX_ANSWER_LINES:
            return RuleResult(0.0)
        counted = tuple(line for line in lines if line not in self.form.also)
        if not self.form.several:
            return RuleResult(float(len(lines) == 1 and counted[:1] == lines and lines[0] in self.right))
        return RuleResult(OptionSelection(counted, ()).compute_share(self.right))


def _split_lines(value: Value) -> tuple[str, ...] | None:
    """Return the distinct lines of an answer in their normal form; None unless it is a text or a list of texts."""
    texts: Iterable[Value] = value if isinstance(value, list | tuple) else [value]
    if value is None:
        return ()
    lines: dict[str, None] = {}
    for text in texts:
        if not isinstance(text, str):
            return None
        lines.update((line, None) for line in text.split("\n") if line.strip())
    return tuple(lines)


def _describe_type(value: Value) -> Message:
    if isinstance(value, list | tuple):
        return gettext("a {type} of other values", type=get_value_type(value))
    return Message(get_value_type(value))


KIND: Final = QuestionKind("code_reading", gettext("code reading"), "Lines of a listing are named.", (CodeReadingForm,))
