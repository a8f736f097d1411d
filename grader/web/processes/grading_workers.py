"""The workers that grade for the portal: processes of this machine, or a cluster."""

import logging
from typing import Final

from grader.core.questions.exercise import Course
from grader.grading.cpu_affinity import count_usable_cpus
from grader.grading.grading_loop import GradingWorkers
from grader.grading.pool import Pool
from grader.grading.tasks import GradingConfig
from grader.web.settings import PortalSettings

NICENESS: Final = 5
"""Of this machine's workers: where there is much to grade, pages and uploads are answered first."""

_log = logging.getLogger("grader.workers")


def start_grading_workers(setup: GradingConfig, course: Course, settings: PortalSettings) -> GradingWorkers:
    """Start the workers that the settings name, each for one task at a time, so that none waits behind another's.

    Raises ClusterError if a cluster can't be reached.
    """
    if settings.scheduler is None:
        return Pool(setup, settings.workers or count_usable_cpus(), NICENESS, tasks_per_worker=1)
    from grader.grading.cluster.coordinator import Cluster

    return Cluster(setup, settings.scheduler, _log.warning, course, one_by_one=True)
