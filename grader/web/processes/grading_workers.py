"""Who grades for the portal: processes of this machine, or a cluster."""

import logging
from typing import Final, Protocol

from grader.core.questions.exercise import Course
from grader.grading.cpu_affinity import count_usable_cpus
from grader.grading.pool import GradingConfig, GradingTask, Pool, TaskResult
from grader.web.settings import PortalSettings

NICENESS: Final = 5
"""Of this machine's workers: where there is much to grade, pages and uploads are answered first."""

_log = logging.getLogger("grader.workers")


class GradingWorkers(Protocol):
    """What is given tasks while there is room, and gives them back done."""

    @property
    def room(self) -> int:
        """How many tasks would be taken now."""

    @property
    def busy(self) -> bool:
        """Something that was given hasn't come back."""

    def give(self, task: GradingTask) -> None:
        """Takes a task."""

    def take(self, timeout: float | None = None) -> list[TaskResult]:
        """What is done, once something is, or after so many seconds."""

    def close(self) -> None:
        """Lets go of all; what is under way is lost."""


def start_grading_workers(setup: GradingConfig, course: Course, settings: PortalSettings) -> GradingWorkers:
    """Those that the settings name. Raises ClusterError where a cluster can't be reached."""
    if settings.scheduler is None:
        return Pool(setup, settings.workers or count_usable_cpus(), NICENESS)
    from grader.grading.cluster.coordinator import Cluster

    return Cluster(setup, settings.scheduler, _log.warning, course)
