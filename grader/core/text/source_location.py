"""Locations in a course's files, for error messages."""

from dataclasses import dataclass
from pathlib import PurePath


@dataclass(frozen=True)
class SourceLocation:
    """A line of an author's file; prints as `reference/losses/checks.py:12`."""

    file: str
    line: int | None = None

    def __str__(self) -> str:
        short = "/".join(PurePath(self.file).parts[-3:])
        return short if self.line is None else f"{short}:{self.line}"
