"""Lets cells that run once more not sleep once more: the first run has shown that they end."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import SupportsIndex

_sleep = time.sleep


@contextmanager
def skip_sleep() -> Iterator[None]:
    """Let `time.sleep` return at once while the context lasts; it raises for what is no duration, as ever."""
    time.sleep = _return_at_once
    try:
        yield
    finally:
        if time.sleep is _return_at_once:  # else the code has replaced it
            time.sleep = _sleep


def _return_at_once(seconds: float | SupportsIndex) -> None:
    if not isinstance(seconds, int | float) or seconds < 0:
        _sleep(seconds)
