"""Which level the sandbox takes where parts of the wall are missing: found by probing, told with the failing step."""

import json
import os
from typing import Any

import pytest

from grader.core.errors import SandboxUnavailable
from grader.sandbox.level import Level
from grader.sandbox.sandbox import Sandbox
from grader.sandbox.zygote_client import probe_sandbox
from tests.sandbox import strangers

ROOT = os.geteuid() == 0
WHO = pytest.mark.parametrize(
    "nobody",
    [
        pytest.param(False, id="self"),
        pytest.param(True, id="nobody", marks=pytest.mark.skipif(not ROOT, reason="not root")),
    ],
)


def under(denied: str, nobody: bool = False) -> dict[str, Any]:
    """What a process finds where something is denied."""
    done = strangers.run("tests.sandbox.reporter", denied=denied, nobody=nobody)
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def test_levels_are_ordered() -> None:
    """full is at least as strong as landlock, that as seccomp, that as none, and not the other way round."""
    strongest_first = [Level.FULL, Level.LANDLOCK, Level.SECCOMP, Level.NONE]
    for i, strong in enumerate(strongest_first):
        assert all(strong.at_least(weak) for weak in strongest_first[i:])
        assert not any(strong.at_least(stronger) for stronger in strongest_first[:i])


@WHO
def test_a_default_container_gives_landlock(nobody: bool) -> None:
    """Where unshare, mount, setns, pivot_root and new user namespaces are denied, the level is landlock."""
    said = under("namespaces", nobody)
    assert said["report"]["namespaces"].startswith("unshare: ")
    assert said["report"]["landlock"] == said["report"]["seccomp"] == said["report"]["limits"] == ""
    assert said["seccomp"]["level"] == "landlock"
    assert said["seccomp"]["who"][0] > 2, "no process namespace of its own"


@WHO
def test_a_container_without_landlock_gives_seccomp(nobody: bool) -> None:
    """On an older kernel in a container the level is seccomp."""
    said = under("namespaces,landlock", nobody)
    assert "Function not implemented" in said["report"]["landlock"]
    assert said["seccomp"]["level"] == "seccomp"


@WHO
def test_an_older_kernel_gives_seccomp_in_namespaces(nobody: bool) -> None:
    """Where only Landlock is missing, the level is seccomp by name, and namespaces are used all the same."""
    if probe_sandbox()["namespaces"]:
        pytest.skip("this machine gives no namespaces")
    said = under("landlock", nobody)
    assert said["seccomp"] == {"level": "seccomp", "who": [1, 1000]}


@WHO
def test_a_namespace_without_rights_is_none(nobody: bool) -> None:
    """Where unshare works and mount doesn't (Ubuntu 24.04), the probe goes on far enough to notice."""
    said = under("mount", nobody)
    assert "mount" in said["report"]["namespaces"] or "unshare" in said["report"]["namespaces"]
    assert said["seccomp"]["level"] == "landlock"


@WHO
def test_without_seccomp_there_is_no_sandbox(nobody: bool) -> None:
    """Where no filter can be put on, stranger's code is refused; one's own may run in a plain subprocess."""
    said = under("seccomp", nobody)
    assert said["report"]["seccomp"].startswith("seccomp: ")
    assert said["seccomp"]["error"] == "SandboxUnavailable"
    assert "seccomp" in said["seccomp"]["says"]
    assert said["none"]["level"] == "none"


@pytest.mark.skipif(not ROOT, reason="only root has to become somebody else")
def test_a_root_that_can_not_become_ordinary_gets_no_sandbox() -> None:
    """Student code is never run as root: where the uid can't be changed, there is no sandbox."""
    said = under("identity")
    assert "set" in said["report"]["limits"]
    assert said["seccomp"]["error"] == "SandboxUnavailable"


@pytest.mark.parametrize("level", [Level.LANDLOCK, Level.SECCOMP])
def test_a_weaker_level_can_be_asked_for(level: Level) -> None:
    """`level` is the strongest that is used, whatever the machine gives."""
    with Sandbox(level) as sandbox:
        assert sandbox.level is level or not sandbox.level.at_least(level)


def test_less_than_the_least_is_refused() -> None:
    """A sandbox weaker than the least accepted raises, and says what gives more."""
    with pytest.raises(SandboxUnavailable, match="grader doctor"), Sandbox(Level.SECCOMP, least=Level.FULL):
        pass
