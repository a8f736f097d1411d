"""Who grades for the portal: processes of this machine, or a cluster."""

import logging
from typing import Final, Protocol

from grader.core.questions.exercise import Course
from grader.grading.cpu_affinity import default_workers
from grader.grading.pool import Done, Pool, Setup, Task
from grader.web.settings import Settings

NICENESS: Final = 5
"""Of this machine's workers: where there is much to grade, pages and uploads are answered first."""

_log = logging.getLogger("grader.workers")


class Workers(Protocol):
    """What is given tasks while there is room, and gives them back done."""

    @property
    def room(self) -> int:
        """How many tasks would be taken now."""

    @property
    def busy(self) -> bool:
        """Something that was given hasn't come back."""

    def give(self, task: Task) -> None:
        """Takes a task."""

    def take(self, timeout: float | None = None) -> list[Done]:
        """What is done, once something is, or after so many seconds."""

    def close(self) -> None:
        """Lets go of all; what is under way is lost."""


def workers(setup: Setup, course: Course, settings: Settings) -> Workers:
    """Those that the settings name. Raises ClusterError where a cluster can't be reached."""
    if settings.scheduler is None:
        return Pool(setup, settings.workers or default_workers(), NICENESS)
    from grader.grading.cluster.coordinator import Cluster

    return Cluster(setup, settings.scheduler, _log.warning, course)
