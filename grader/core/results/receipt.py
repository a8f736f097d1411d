"""What a student is told of a file that was handed in: what is on record of it, and what the rules make of it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Self


@dataclass(frozen=True)
class Receipt:
    """One file on record. `submission` is the n-th of that student for that exercise; `keeps` is a share, 0 to 1.

    `attempts` is how many count, `attempts_left` how many still do (None: as many as you like). `error`: it is
    recorded, but can't be read.
    """

    student: str
    exercise: str
    submission: int
    is_new: bool
    received_at: datetime
    sha256: str
    size: int
    due: datetime | None
    late: bool
    days_late: int
    keeps: float
    counts: bool
    attempts: int | None
    attempts_left: int | None
    error: str | None = None

    def as_json(self) -> dict[str, object]:
        """One object; moments in UTC."""
        moments = {"received_at": _utc(self.received_at), "due": _utc(self.due)}
        return asdict(self) | moments

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """A receipt of such an object. Raises KeyError, TypeError or ValueError for another one."""
        due = data["due"]
        moments = {
            "received_at": datetime.fromisoformat(data["received_at"]),
            "due": None if due is None else datetime.fromisoformat(due),
        }
        fields = {name: data[name] for name in cls.__dataclass_fields__}
        return cls(**(fields | moments))


def _utc(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat()
