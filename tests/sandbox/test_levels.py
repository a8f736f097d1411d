"""Tests of the level that the sandbox chooses if layers are missing, and of the reported step that failed.

Covers `sandbox/inside/level_probes.py`, `sandbox/inside/landlock.py`, `sandbox/inside/drop_root.py` and
`sandbox/level.py`.
"""

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
    """Return the report of a process for which these calls are denied."""
    done = strangers.run("tests.sandbox.reporter", denied=denied, nobody=nobody)
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def test_levels_are_ordered() -> None:
    """The order of strength is full, landlock, seccomp, none."""
    strongest_first = [Level.FULL, Level.LANDLOCK, Level.SECCOMP, Level.NONE]
    for i, strong in enumerate(strongest_first):
        assert all(strong.at_least(weak) for weak in strongest_first[i:])
        assert not any(strong.at_least(stronger) for stronger in strongest_first[:i])


@WHO
def test_a_default_container_gives_landlock(nobody: bool) -> None:
    """If unshare, mount, setns, pivot_root and new user namespaces are denied, the level is landlock."""
    report = under("namespaces", nobody)
    assert report["report"]["namespaces"].startswith("unshare: ")
    assert report["report"]["landlock"] == report["report"]["seccomp"] == report["report"]["limits"] == ""
    assert report["seccomp"]["level"] == "landlock"
    assert report["seccomp"]["who"][0] > 2, "no process namespace of its own"


@WHO
def test_a_container_without_landlock_gives_seccomp(nobody: bool) -> None:
    """On an older kernel in a container the level is seccomp."""
    report = under("namespaces,landlock", nobody)
    assert "Function not implemented" in report["report"]["landlock"]
    assert report["seccomp"]["level"] == "seccomp"


@WHO
def test_an_older_kernel_gives_seccomp_in_namespaces(nobody: bool) -> None:
    """If only Landlock is missing, the level is called seccomp, and namespaces are used nevertheless."""
    if probe_sandbox()["namespaces"]:
        pytest.skip("this machine gives no namespaces")
    report = under("landlock", nobody)
    assert report["seccomp"] == {"level": "seccomp", "who": [1, 1000]}


@WHO
def test_a_namespace_without_capabilities_fails(nobody: bool) -> None:
    """If unshare works and mount doesn't (Ubuntu 24.04), the probe goes far enough to notice."""
    report = under("mount", nobody)
    assert "mount" in report["report"]["namespaces"] or "unshare" in report["report"]["namespaces"]
    assert report["seccomp"]["level"] == "landlock"


@WHO
def test_without_seccomp_there_is_no_sandbox(nobody: bool) -> None:
    """Without a seccomp filter untrusted code is refused; one's own may run in a plain subprocess."""
    report = under("seccomp", nobody)
    assert report["report"]["seccomp"].startswith("seccomp: ")
    assert report["seccomp"]["error"] == "SandboxUnavailable"
    assert "seccomp" in report["seccomp"]["says"]
    assert report["none"]["level"] == "none"


@pytest.mark.skipif(not ROOT, reason="only root has to become somebody else")
def test_a_root_that_cannot_drop_its_uid_gets_no_sandbox() -> None:
    """Student code never runs as root: if the uid can't be changed, there is no sandbox."""
    report = under("identity")
    assert "set" in report["report"]["limits"]
    assert report["seccomp"]["error"] == "SandboxUnavailable"


@pytest.mark.parametrize("level", [Level.LANDLOCK, Level.SECCOMP])
def test_a_weaker_level_can_be_requested(level: Level) -> None:
    """`level` is the strongest level that is used, even if the machine offers more."""
    with Sandbox(level) as sandbox:
        assert sandbox.level is level or not sandbox.level.at_least(level)


def test_a_level_below_the_minimum_is_refused() -> None:
    """A sandbox weaker than the minimum raises, with a hint at a stronger one."""
    with pytest.raises(SandboxUnavailable, match="grader doctor"), Sandbox(Level.SECCOMP, min_level=Level.FULL):
        pass
