"""An event loop without sockets, so that `await` in a cell works where no file descriptor can be opened."""

import asyncio
import asyncio.events
from collections.abc import Coroutine
from time import sleep  # the real one: without it, this loop would compute until the next task is due
from typing import Any


class ClockLoop(asyncio.BaseEventLoop):
    """An event loop that waits for nothing but time and its own tasks."""

    def __init__(self) -> None:
        super().__init__()
        self._selector = self

    def select(self, timeout: float | None) -> list[Any]:
        """Wait until the next task is due. Raises RuntimeError if nothing would ever end the wait."""
        if timeout is None:
            raise RuntimeError("this await would never end: nothing is left to wait for")
        if timeout > 0:
            sleep(timeout)
        return []

    def _process_events(self, event_list: list[Any]) -> None:
        """Do nothing: there are no events."""

    def _write_to_self(self) -> None:
        """Do nothing: no other thread has to wake this loop."""


class CellLoop:
    """Runs what cells await, in one loop for all of them, as a notebook server does."""

    def __init__(self) -> None:
        self._loop: ClockLoop | None = None

    def run(self, awaited: Coroutine[Any, Any, object]) -> object:
        """Run a coroutine to its end."""
        if self._loop is None:
            self._loop = ClockLoop()
        return self._loop.run_until_complete(awaited)


def use_everywhere() -> None:
    """Let `asyncio.run` use such a loop, too, permanently."""
    asyncio.new_event_loop = asyncio.events.new_event_loop = ClockLoop
