"""What a rule says of an answer."""

from dataclasses import dataclass

from grader.core.compare.tensors import Remark
from grader.core.results.grading import CheckDetails
from grader.core.text.messages import MessageLike


@dataclass(frozen=True)
class RuleResult:
    """How far an answer is right: `share` of the points, from 0 to 1, and what is wrong as one sentence, if anything.

    `attempted` is false where there is no answer; `pending` is true where a person has to mark it.
    """

    share: float = 1.0
    wrong: MessageLike = ""
    attempted: bool = True
    pending: bool = False
    remarks: tuple[Remark, ...] = ()
    shown: CheckDetails | None = None

    @property
    def passed(self) -> bool:
        """Nothing is wrong, as far as a machine can tell."""
        return self.attempted and not self.wrong and (self.pending or self.share >= 1)
