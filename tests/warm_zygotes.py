"""Zygotes that sandboxes of one test process use one after the other.

A zygote serves any number of jobs, each in a child of its own, so that the next command may go on with it: starting one
takes half a second of processor time. Tests of the zygote itself, and attacks on it, have zygotes of their own.
"""

import os
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from grader.sandbox.launcher import ChildExit
from grader.sandbox.level import Level
from grader.sandbox.zygote_client import Zygote, ZygoteChild

_MAX_IDLE = 2
"""Zygotes of one kind that are kept."""
_OWN_ZYGOTES = ("tests/sandbox/", "tests/attacks/")
"""Folders with the tests of the zygote itself, and with attacks on it."""
_start = Zygote.start
IdleZygotes = dict[tuple[Level, tuple[str, ...]], list[Zygote]]


class _LentZygote:
    """A zygote for one sandbox. Closed between two jobs, it waits for the next sandbox; closed during one, it ends."""

    def __init__(self, zygote: Zygote, idle: list[Zygote]) -> None:
        self._zygote, self._idle = zygote, idle
        self._is_busy = False
        self.level, self.pid = zygote.level, zygote.pid

    def launch(self, *args: Any) -> ZygoteChild:
        """Start a child."""
        self._is_busy = True
        child = self._zygote.launch(*args)
        finish = child.finish

        def finish_job() -> ChildExit:
            ended = finish()
            self._is_busy = False
            return ended

        child.finish = finish_job  # type: ignore[method-assign]
        return child

    def close(self) -> None:
        """Give the zygote back."""
        if self._is_busy or len(self._idle) == _MAX_IDLE:
            self._zygote.close()
        else:
            self._idle.append(self._zygote)


def _is_alive(zygote: Zygote) -> bool:
    return os.waitid(os.P_PID, zygote.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None


@pytest.fixture(scope="session")
def idle_zygotes() -> Iterator[IdleZygotes]:
    """The zygotes that wait for a sandbox, by level and packages."""
    idle: IdleZygotes = {}
    yield idle
    for zygotes in idle.values():
        for zygote in zygotes:
            zygote.close()


@pytest.fixture(scope="module", autouse=True)
def warm_zygotes(request: pytest.FixtureRequest, idle_zygotes: IdleZygotes) -> Iterator[None]:
    """Let the sandboxes of a module's tests use zygotes of earlier ones."""
    if request.node.nodeid.startswith(_OWN_ZYGOTES):
        yield
        return

    def lend(strongest: Level, packages: Sequence[str] = ()) -> _LentZygote:
        idle = idle_zygotes.setdefault((strongest, tuple(packages)), [])
        while idle:
            zygote = idle.pop()
            if _is_alive(zygote):
                return _LentZygote(zygote, idle)
            zygote.close()
        return _LentZygote(_start(strongest, packages), idle)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Zygote, "start", lend)
        yield
