"""Tests of every attack as nobody, and under the restrictions of containers and older kernels."""

import json
import os

import pytest

from tests.sandbox import strangers

ROOT = os.geteuid() == 0
pytestmark = pytest.mark.timeout(1200)  # each runs all attacks, perhaps on a busy machine


def _assert_contained(level: str, denied: str, nobody: bool) -> None:
    done = strangers.run("tests.attacks.battery", nobody=nobody, denied=denied)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    if not denied and report["level"] != level:
        pytest.skip(f"this machine gives the sandbox level {report['level']} only")
    assert (report["level"], report["failed"]) == (level, {})
    assert report["count"] > 100


@pytest.mark.parametrize(
    ("level", "denied"),
    [
        ("full", ""),
        ("landlock", "namespaces"),
        pytest.param("seccomp", "namespaces,landlock", marks=pytest.mark.long),
        pytest.param("seccomp", "landlock", marks=pytest.mark.long),
        pytest.param("landlock", "mount", marks=pytest.mark.long),
    ],
)
def test_attacks_are_contained_as_nobody(level: str, denied: str) -> None:
    """An ordinary user's sandbox contains every attack, with and without a container's restrictions."""
    _assert_contained(level, denied, nobody=ROOT)


@pytest.mark.long
@pytest.mark.skipif(not ROOT, reason="only root can be root")
@pytest.mark.parametrize(
    ("level", "denied"),
    [("landlock", "namespaces"), ("seccomp", "namespaces,landlock"), ("seccomp", "landlock"), ("landlock", "mount")],
)
def test_attacks_are_contained_as_root(level: str, denied: str) -> None:
    """Root's sandbox in a container contains every attack."""
    _assert_contained(level, denied, nobody=False)
