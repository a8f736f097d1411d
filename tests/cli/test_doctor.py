"""`grader doctor`: the level of this machine, part by part."""

from collections.abc import Callable
from typing import Any

Command = Callable[..., Any]
PARTS = {"namespaces", "landlock", "seccomp", "limits"}


def test_each_part_is_named(grader: Command) -> None:
    """The level first, then a line for each part: it works, or what failed."""
    ran = grader("doctor")
    assert (ran.code, ran.err) == (0, "")
    first, *parts = ran.out.splitlines()
    assert first.startswith("sandbox level: ")
    assert {line.split()[0] for line in parts if line} >= PARTS


def test_json_says_the_same(grader: Command) -> None:
    """One object: the level, and of each part an empty text or what failed."""
    (line,) = grader("doctor", "--json").lines
    assert f"sandbox level: {line['level']}\n" in grader("doctor").out
    assert set(line["parts"]) == PARTS
    assert (line["level"] == "full") == (not any(line["parts"].values()))
