"""The rows of a table that was read: how many were taken, and how many were left out for which reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class RowCount:
    """The rows below the header that are not empty. `left_out` has the number of rows by reason."""

    taken: int
    left_out: Mapping[str, int] = field(default_factory=dict)

    @property
    def read(self) -> int:
        """The number of rows read: those taken and those left out."""
        return self.taken + sum(self.left_out.values())

    def __str__(self) -> str:
        """Return the sum in words: `5 rows read, 3 taken, 2 left out (staff)`."""
        noun = "row" if self.read == 1 else "rows"
        reasons = {reason: n for reason, n in self.left_out.items() if n}
        several = [f"{n} {reason}" for reason, n in reasons.items()] if len(reasons) > 1 else list(reasons)
        why = f" ({', '.join(several)})" if reasons else ""
        return f"{self.read} {noun} read, {self.taken} taken, {sum(reasons.values())} left out{why}"
