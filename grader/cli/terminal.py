"""What goes where: results to standard output, progress and remarks to standard error."""

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

T = TypeVar("T")
out = Console(highlight=False, soft_wrap=False)
err = Console(stderr=True, highlight=False)


def line(text: str) -> None:
    """One line of the result, as it is."""
    sys.stdout.write(text + "\n")


def remark(text: str) -> None:
    """One line for the person, not for the script that reads the result."""
    sys.stderr.write(text + "\n")


def progress(items: Iterable[T], total: int, what: str) -> Iterator[T]:
    """Passes items on, with a bar on standard error where a person looks at it."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True, disable=not sys.stderr.isatty()) as bar:
        yield from bar.track(items, total=total, description=what)
