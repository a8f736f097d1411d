"""Locations in a course's files, for error messages."""

from dataclasses import dataclass
from pathlib import PurePath


@dataclass(frozen=True)
class SourceLocation:
    """A line of an author's file; prints as `reference/losses/checks.py:12` or `reference/losses/checks/relu.py:3`."""

    file: str
    line: int | None = None

    def __str__(self) -> str:
        parts = PurePath(self.file).parts
        short = "/".join(parts[-4:] if parts[-2:-1] == ("checks",) else parts[-3:])
        return short if self.line is None else f"{short}:{self.line}"
