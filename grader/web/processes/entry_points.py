"""The entry points of the portal's processes: a web server, and the dispatcher. Both end with their parent process.

Each process imports what it needs itself: the supervisor, which names these functions, loads neither, and so starts
sooner and stays small.
"""

import socket

from grader.web.settings import PortalSettings


def run_web_process(settings: PortalSettings, listening: socket.socket) -> None:
    """Answer requests at a socket until told to end."""
    from grader.web.processes.web_server import answer_requests

    answer_requests(settings, listening)


def run_dispatcher_process(settings: PortalSettings) -> None:
    """Grade waiting submissions until told to end."""
    from grader.web.processes.dispatcher_process import grade_submissions

    grade_submissions(settings)
