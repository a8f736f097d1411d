"""The workers that grade for the portal: processes of this machine, or a cluster."""

import logging
from typing import Final, Protocol

from grader.core.questions.exercise import Course
from grader.grading.cpu_affinity import count_usable_cpus
from grader.grading.pool import Pool
from grader.grading.tasks import GradingConfig, GradingTask, TaskResult
from grader.web.settings import PortalSettings

NICENESS: Final = 5
"""Of this machine's workers: where there is much to grade, pages and uploads are answered first."""

_log = logging.getLogger("grader.workers")


class GradingWorkers(Protocol):
    """Workers that take tasks while there is room and give back results."""

    @property
    def room(self) -> int:
        """The number of tasks that would be taken now."""

    @property
    def busy(self) -> bool:
        """True if a task has been given and not come back."""

    def give(self, task: GradingTask) -> None:
        """Give a task."""

    def take(self, timeout: float | None = None) -> list[TaskResult]:
        """Return finished tasks as soon as there are any, or after this many seconds."""

    def close(self) -> None:
        """Stop all workers; running tasks are lost."""


def start_grading_workers(setup: GradingConfig, course: Course, settings: PortalSettings) -> GradingWorkers:
    """Start the workers that the settings name. Raises ClusterError if a cluster can't be reached."""
    if settings.scheduler is None:
        return Pool(setup, settings.workers or count_usable_cpus(), NICENESS)
    from grader.grading.cluster.coordinator import Cluster

    return Cluster(setup, settings.scheduler, _log.warning, course)
