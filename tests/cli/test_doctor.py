"""`grader doctor`: the sandbox level of this machine, part by part, and how to raise it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from grader.cli.doctor import print_diagnosis
from grader.sandbox.diagnostics import SANDBOX_LAYERS, diagnose_layers
from grader.sandbox.host_info import inspect_host

Command = Callable[..., Any]


def test_each_part_is_named(grader: Command) -> None:
    """The level comes first, then a line per part: that it works, or the failure."""
    ran = grader("doctor")
    assert (ran.code, ran.err) == (0, "")
    first, *parts = ran.out.splitlines()
    assert first.startswith("sandbox level: ")
    assert [line.split()[0] for line in parts if line.startswith("  ") and line[2] != " "] == list(SANDBOX_LAYERS)


def test_json_says_the_same(grader: Command) -> None:
    """The output is one object: the level, the parts, and the facts of the machine."""
    (line,) = grader("doctor", "--json").lines
    assert grader("doctor").out.startswith(f"sandbox level: {line['level']}  ({line['machine']['system']} ")
    assert [part["name"] for part in line["parts"]] == list(SANDBOX_LAYERS)
    assert (line["level"] == "full") == all(part["works"] for part in line["parts"])


def test_a_failure_is_shown_with_its_remedy(capsys: pytest.CaptureFixture[str]) -> None:
    """With Debian's switch off, the step, the purpose of the part and the command to type are shown."""
    machine = replace(inspect_host(), container="", settings={"kernel.unprivileged_userns_clone": "0"})
    report = dict.fromkeys(SANDBOX_LAYERS, "") | {"namespaces": "unshare: Operation not permitted"}
    print_diagnosis(*diagnose_layers(report, machine), machine)
    first, *parts = capsys.readouterr().out.splitlines()
    assert first.startswith("sandbox level: landlock  (")
    assert parts == [
        "  namespaces  unshare: Operation not permitted",
        "              Student code sees no other processes, no network, no mounts and no files: level full.",
        "              → `sudo sysctl kernel.unprivileged_userns_clone=1` (and in /etc/sysctl.d/ to keep it) (Debian's "
        "switch).",
        "  landlock    works",
        "  seccomp     works",
        "  limits      works",
    ]
