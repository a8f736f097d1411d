"""Sentences about limits of time, memory and output that a student's code exceeded."""

from typing import Final

from grader.core.report.mismatch_text import format_quantity
from grader.core.text.messages import Message, gettext
from grader.core.wire.job import LimitHit

_LIMIT_NAMES: Final = {
    "cpu": gettext("processor time"),
    "wall": gettext("elapsed time"),
    "sleep": gettext("sleeping or waiting"),
    "memory": gettext("memory"),
    "output": gettext("returned data"),
    "total_cpu": gettext("processor time for the whole submission"),
    "total_wall": gettext("elapsed time for the whole submission"),
    "total_sleep": gettext("sleeping or waiting in the whole submission"),
}


def describe_limit(limit: LimitHit) -> Message:
    what = _LIMIT_NAMES.get(limit.name) or Message(limit.name)
    allowed = format_quantity(limit.allowed, limit.unit)
    used = None if limit.used is None or limit.used <= limit.allowed else format_quantity(limit.used, limit.unit)
    if used is None or used == allowed:
        return gettext("Stopped: the limit of {allowed} of {what} was exceeded.", allowed=allowed, what=what)
    return gettext("Stopped after {used} of {what}; the limit is {allowed}.", used=used, what=what, allowed=allowed)
