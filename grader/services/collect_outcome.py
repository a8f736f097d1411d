"""The outcome of collecting one file, for one of its students."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from grader.core.wire.submission import ParsedSubmission
from grader.formats.collect.file_claims import FileOwner
from grader.store import NewSubmission, RecordedSubmission


@dataclass(frozen=True)
class CollectOutcome:
    """The outcome of collecting one file, for one of its students.

    `reason` is the reason why it is not recorded or, if it is recorded, why it can't be read.
    """

    file: str
    status: Literal["recorded", "undecided", "refused", "left_out"]
    student: str | None = None
    exercise: str | None = None
    reason: str | None = None
    near: tuple[str, ...] = ()
    new_submission: NewSubmission | None = None
    recorded_submission: RecordedSubmission | None = None
    owner: FileOwner | None = None
    program: ParsedSubmission | None = None
    due: datetime | None = None
    """The last moment at which it would be in time, the grace included."""

    @property
    def late(self) -> bool | None:
        """True if it came too late; None if there is no deadline, or it isn't recorded."""
        received = self.new_submission.received_at if self.new_submission else None
        return None if self.due is None or received is None else received > self.due

    def as_json(self) -> dict[str, object]:
        """Return the JSON object; the moment is in UTC."""
        received = self.new_submission.received_at if self.new_submission else None
        return {
            "file": self.file,
            "status": self.status,
            "student": self.student,
            "exercise": self.exercise,
            "submission": self.recorded_submission.number if self.recorded_submission else None,
            "is_new": bool(self.recorded_submission and self.recorded_submission.is_new),
            "received_at": received.astimezone(UTC).isoformat() if received else None,
            "late": self.late,
            "why": self.reason,
            "near": list(self.near),
        }
