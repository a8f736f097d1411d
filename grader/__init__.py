"""Grades deep-learning exercises in plain numpy: code runs in a sandbox, and the feedback says how a tensor is wrong.

Nothing is imported before it is asked for: `grader --help` must start at once, and the sandbox must not carry the
judge's modules.
"""

from typing import Any

from grader.version import __version__

__all__ = ["__version__"]


def __getattr__(name: str) -> Any:
    """`from grader import check`, for a notebook's cell."""
    if name != "check":
        raise AttributeError(f"module 'grader' has no attribute {name!r}")
    from importlib import import_module

    return import_module("grader.notebook_check").check
