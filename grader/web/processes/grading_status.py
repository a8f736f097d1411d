"""The state of grading, which the dispatcher's process writes into a file of the portal's shared folder."""

import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from grader.atomic_write import replace_if_changed
from grader.grading.grading_loop import WorkerCounts
from grader.store import Store

STATUS_INTERVAL_S: Final = 1.0
"""Seconds between two reports of the dispatcher."""
STATUS_VALID_S: Final = 15.0
"""Seconds after which a dispatcher that has not reported is no longer believed to work."""
_FILE: Final = "grading.json"


@dataclass(frozen=True)
class GradingStatus:
    """The workers, as the dispatcher saw them at a moment, in seconds of the system's monotonic clock."""

    at: float
    workers: WorkerCounts

    @property
    def can_grade(self) -> bool:
        """Whether a worker can take a submission, or is expected to be free soon."""
        is_recent = time.monotonic() - self.at < STATUS_VALID_S
        return is_recent and self.workers.stuck < self.workers.total


class GradingStatusFile:
    """The file; a portal without a shared folder has none."""

    def __init__(self, folder: Path | None) -> None:
        self._path = None if folder is None else folder / _FILE
        self._written_at = 0.0

    def write(self, workers: WorkerCounts) -> None:
        """Write the state now, if a moment has passed since the last time."""
        now = time.monotonic()
        if self._path is not None and now - self._written_at >= STATUS_INTERVAL_S:
            self._written_at = now
            replace_if_changed(self._path, json.dumps(asdict(GradingStatus(now, workers))).encode())

    def remove(self) -> None:
        """Remove the file: this portal grades no more, perhaps another one does."""
        if self._path is not None:
            self._path.unlink(missing_ok=True)

    def read(self) -> GradingStatus | None:
        """Return the last state, None if this portal's dispatcher isn't the one that grades."""
        try:
            found = json.loads(self._path.read_bytes()) if self._path is not None else None
        except FileNotFoundError:
            return None
        return None if found is None else GradingStatus(found["at"], WorkerCounts(**found["workers"]))


def can_grade(store: Store, file: GradingStatusFile) -> bool:
    """Return whether submissions are graded: by this portal's workers, or by another portal on the same records."""
    status = file.read()
    return store.has_dispatcher() and (status is None or status.can_grade)
