"""The dispatcher's process: grades waiting submissions, with the background jobs beside them."""

import logging
import signal
import sys
import threading

from grader.core.errors import GraderError
from grader.course.loader import load_course
from grader.store import Store
from grader.web.processes import dispatcher, logs
from grader.web.processes.background_jobs import BackgroundJobQueue
from grader.web.processes.background_runner import BackgroundJobRunner
from grader.web.processes.parent_death import end_with_parent
from grader.web.settings import PortalSettings

_log = logging.getLogger("grader.process")


def grade_submissions(settings: PortalSettings) -> None:
    """Grade waiting submissions until told to end."""
    logs.configure_logging()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    end_with_parent()
    try:
        course = load_course(settings.course)
        with Store.open(settings.db, "portal") as store:
            if settings.jobs_folder is not None:
                runner = BackgroundJobRunner(BackgroundJobQueue(settings.jobs_folder), course, settings)
                threading.Thread(target=runner.run, args=(stop,)).start()
            try:
                dispatcher.dispatch_with_retries(store, course, settings, stop)
            finally:
                stop.set()
    except GraderError as error:
        _log.error("can't grade: %s", error)
        sys.exit(error.exit_code)
