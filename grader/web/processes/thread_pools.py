"""Thread pools, one per kind of work, so that slow work never delays quick work.

More threads would only wait for one another: Python runs one at a time.
"""

from collections.abc import Callable
from typing import Final, ParamSpec, TypeVar

from anyio import CapacityLimiter
from anyio.to_thread import current_default_thread_limiter, run_sync

MAX_PAGE_THREADS: Final = 8
"""Handlers that are plain functions."""
MAX_QUICK_THREADS: Final = 4
MAX_UPLOAD_THREADS: Final = 3
MAX_FEEDBACK_THREADS: Final = 2

P = ParamSpec("P")
T = TypeVar("T")


class ThreadPools:
    """The pools of one process, apart from that of pages."""

    def __init__(self) -> None:
        self._quick, self._uploads, self._feedback = map(
            CapacityLimiter, (MAX_QUICK_THREADS, MAX_UPLOAD_THREADS, MAX_FEEDBACK_THREADS)
        )

    async def run_quick(self, ask: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        """Run something that takes a millisecond: a look at the account, or for news."""
        return await run_sync(lambda: ask(*args, **named), limiter=self._quick)

    async def run_upload(self, record: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        """Record a file."""
        return await run_sync(lambda: record(*args, **named), limiter=self._uploads)

    async def run_feedback(self, render: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        """Render a feedback page, which may take seconds and starts processes."""
        return await run_sync(lambda: render(*args, **named), limiter=self._feedback)


def limit_page_threads() -> None:
    """Limit the pool of pages, within the event loop that serves them."""
    current_default_thread_limiter().total_tokens = MAX_PAGE_THREADS
