"""Questions that ask for items in their order: a kind that only a test knows."""

from dataclasses import dataclass
from typing import ClassVar, Final, Self

from grader.core.questions.kinds.kind import FormRule, PlainData, QuestionKind
from grader.core.results.grading import CheckDetails, FigureData
from grader.core.results.rule_result import RuleResult
from grader.core.wire.job import ActionResult


@dataclass(frozen=True)
class OrderForm(FormRule):
    """The answer is a list that names each of `items` once; `praise` is the message about such an answer."""

    form_name: ClassVar[str] = "ordering"
    items: tuple[str, ...]
    praise: str = ""

    @property
    def author_texts(self) -> tuple[str, ...]:
        return (self.praise,) if self.praise else ()

    def __call__(self, results: tuple[ActionResult, ...]) -> RuleResult:
        value = results[0].value
        if not isinstance(value, list) or sorted(map(str, value)) != sorted(self.items):
            return RuleResult(0.0, f"`{self.variable}` does not name each item once.")
        given = [str(item) for item in value]
        return RuleResult(
            details=CheckDetails(given=" < ".join(given), figure=FigureData("ordering", {"items": given}))
        )

    def export_options(self) -> PlainData:
        return {"items": sorted(self.items)}

    @classmethod
    def load(cls, variables: tuple[str, ...], options: PlainData) -> Self:
        return cls(variables, tuple(options["items"]))


@dataclass(frozen=True)
class OrderRule:
    """Scores an order: the share of the positions that hold the right item."""

    form: OrderForm

    def __call__(self, results: tuple[ActionResult, ...]) -> RuleResult:
        value = results[0].value
        if not isinstance(value, list) or len(value) != len(self.form.items):
            return RuleResult(0.0)
        return RuleResult(sum(map(str.__eq__, self.form.items, map(str, value))) / len(value))


KIND: Final = QuestionKind("ordering", "putting in order", "Items are put in order.", (OrderForm,))
