"""The receipt for a submitted file: its record, and its status under the rules."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Self


@dataclass(frozen=True)
class Receipt:
    """One recorded file. `submission` is its number for that student and exercise; `keeps` is a share from 0 to 1.

    `attempts` is the number of attempts that count, `attempts_left` how many of them are left (None: unlimited).
    `error`: the file is recorded, but can't be read.
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
        """Return the receipt as a JSON object; moments are in UTC."""
        moments = {"received_at": _utc(self.received_at), "due": _utc(self.due)}
        return asdict(self) | moments

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Return the receipt in such an object. Raises KeyError, TypeError or ValueError for any other object."""
        due = data["due"]
        moments = {
            "received_at": datetime.fromisoformat(data["received_at"]),
            "due": None if due is None else datetime.fromisoformat(due),
        }
        fields = {name: data[name] for name in cls.__dataclass_fields__}
        return cls(**(fields | moments))


def _utc(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat()
