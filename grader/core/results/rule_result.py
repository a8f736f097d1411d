"""The result of a rule for an answer."""

from dataclasses import dataclass

from grader.core.compare.tensors import Remark
from grader.core.results.grading import CheckDetails
from grader.core.text.messages import MessageLike


@dataclass(frozen=True)
class RuleResult:
    """The correctness of an answer: `share` of the points, from 0 to 1, and one sentence about the error, if any.

    `attempted` is false without an answer; `pending` is true if a person has to mark it.
    """

    share: float = 1.0
    wrong: MessageLike = ""
    attempted: bool = True
    pending: bool = False
    remarks: tuple[Remark, ...] = ()
    details: CheckDetails | None = None

    @property
    def passed(self) -> bool:
        """Whether the answer is right, as far as a machine can tell."""
        return self.attempted and not self.wrong and (self.pending or self.share >= 1)
