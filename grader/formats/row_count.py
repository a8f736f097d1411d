"""The rows of a table that was read: how many were taken, and how many were left out for which reason."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from grader.core.text.messages import Message, MessageLike, as_message, gettext, join_messages, ngettext


@dataclass(frozen=True)
class RowCount:
    """The rows below the header that are not empty. `left_out` has the number of rows by reason."""

    taken: int
    left_out: Mapping[str, int] | Mapping[Message, int] | Mapping[MessageLike, int] = field(default_factory=dict)

    @property
    def read(self) -> int:
        """The number of rows read: those taken and those left out."""
        return self.taken + sum(self.left_out.values())

    def describe(self) -> Message:
        """Return the sum in words: `5 rows read, 3 taken, 2 left out (staff)`."""
        reasons = {as_message(reason): n for reason, n in self.left_out.items() if n}
        counted = self._describe_numbers(sum(reasons.values()))
        if not reasons:
            return counted
        several = [join_messages([str(n), reason]) for reason, n in reasons.items()]
        why = join_messages(several if len(several) > 1 else reasons, ", ")
        return gettext("{counted} ({reasons})", counted=counted, reasons=why)

    def __str__(self) -> str:
        return str(self.describe())

    def _describe_numbers(self, left_out: int) -> Message:
        return ngettext(
            "{n} row read, {taken} taken, {left_out} left out",
            "{n} rows read, {taken} taken, {left_out} left out",
            n=self.read,
            taken=self.taken,
            left_out=left_out,
        )


class FilledRowCount(RowCount):
    """The rows of a template: those that scores were filled into are the ones taken."""

    @classmethod
    def of_reasons(cls, reasons: Iterable[MessageLike | None]) -> "FilledRowCount":
        """Count the rows of a template; None stands for a row that was filled, a reason for one left out."""
        counts = Counter(reasons)
        return cls(counts.pop(None, 0), {reason: n for reason, n in counts.items() if reason is not None})

    def _describe_numbers(self, left_out: int) -> Message:
        return ngettext(
            "{n} row read: {filled} filled, {left_out} left out",
            "{n} rows read: {filled} filled, {left_out} left out",
            n=self.read,
            filled=self.taken,
            left_out=left_out,
        )
