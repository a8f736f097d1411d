"""Questions that ask for prose. The length is checked; a person marks the content."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from grader.core.questions.checks import AnyCheck, Probe, TextCheck
from grader.core.questions.kinds.kind import CheckExport, CheckImport, QuestionKind
from grader.core.questions.kinds.prose_cells import count_words
from grader.core.results.rule_result import RuleResult
from grader.core.text.messages import gettext


@dataclass(frozen=True)
class TextLimits:
    """The greatest length of an answer in prose to a question."""

    question: str
    most_lines: int
    most_words: int

    def make_missing_result(self) -> RuleResult:
        """Return the result without an answer: it says where the answer must be written."""
        where = gettext(
            "No answer yet. Write it in place of the `____`, in the markdown cell of this "
            "question or in one whose first line is `question: {question}`.",
            question=self.question,
        )
        return RuleResult(0.0, where, attempted=False)


@dataclass(frozen=True)
class TextRule(ABC):
    """Judge an answer in prose. `rule_name` is its name in a release."""

    rule_name: ClassVar[str]
    limits: TextLimits

    @abstractmethod
    def __call__(self, text: str) -> RuleResult:
        """Judge an answer; an empty text stands for no answer."""


@dataclass(frozen=True)
class LengthRule(TextRule):
    """Check that there is an answer within the limits."""

    rule_name: ClassVar[str] = "length"

    def __call__(self, text: str) -> RuleResult:
        most_lines, most_words = self.limits.most_lines, self.limits.most_words
        if not text:
            return self.limits.make_missing_result()
        lines = sum(1 for line in text.splitlines() if line.strip())
        if lines > most_lines:
            return RuleResult(0.0, gettext("Your answer has {n} lines; the limit is {most}.", n=lines, most=most_lines))
        if (count := count_words(text)) > most_words:
            return RuleResult(0.0, gettext("Your answer has {n} words; the limit is {most}.", n=count, most=most_words))
        return RuleResult()


@dataclass(frozen=True)
class ContentRule(TextRule):
    """Leave the answer to a person."""

    rule_name: ClassVar[str] = "content"

    def __call__(self, text: str) -> RuleResult:
        return RuleResult(0.0, pending=True) if text else self.limits.make_missing_result()


_RULES: Final[Mapping[str, type[TextRule]]] = {rule.rule_name: rule for rule in (LengthRule, ContentRule)}


class _TextKind(QuestionKind):
    """The kind whose checks judge prose."""

    def export_check(self, check: AnyCheck, probe: Probe | None) -> CheckExport | None:
        """Return the rule's name and the limits."""
        if not isinstance(check, TextCheck):
            return super().export_check(check, probe)
        if not isinstance(rule := check.rule, TextRule):
            return None
        limits = {"most_lines": rule.limits.most_lines, "most_words": rule.limits.most_words}
        return CheckExport({"prose": {"rule": rule.rule_name, **limits}})

    def load_check(self, read: CheckImport) -> AnyCheck:
        """Return the check with the rule of that name and its limits."""
        if "prose" not in read.data:
            return super().load_check(read)
        prose = read.data["prose"]
        rule = _RULES[prose["rule"]](TextLimits(read.question, prose["most_lines"], prose["most_words"]))
        return TextCheck(read.name, read.says, read.points, rule)


KIND: Final = _TextKind("text", gettext("written answer"), "An answer in prose, which a person marks.", is_prose=True)
