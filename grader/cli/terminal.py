"""Output: results go to standard output, progress and remarks to standard error."""

import contextlib
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from grader.core.text.language import ENGLISH, Language
from grader.core.text.messages import MessageLike

if TYPE_CHECKING:
    from rich.table import Table

T = TypeVar("T")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]+")


def print_line(text: str) -> None:
    """Print one line of the result unchanged."""
    sys.stdout.write(text + "\n")


def print_json(data: Mapping[str, object]) -> None:
    """Print one JSON object of the result; escape what is not ASCII unless the output takes all of Unicode."""
    ascii_only = not (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")
    print_line(json.dumps(data, ensure_ascii=ascii_only, allow_nan=False))


def print_remark(text: str) -> None:
    """Print one line for the person, not for the script that reads the result."""
    sys.stderr.write(sanitize_line(text) + "\n")


def sanitize_line(text: str) -> str:
    """Return one line without escape sequences, line breaks and changes of direction."""
    return _CONTROL.sub(" ", text)


def print_styled(*parts: str | tuple[str, str], indent: int = 0) -> None:
    """Print one sanitized line of parts, some as (text, style): coloured and wrapped in a terminal, else plain."""
    styled = [
        (sanitize_line(part), "") if isinstance(part, str) else (sanitize_line(part[0]), part[1]) for part in parts
    ]
    if not sys.stdout.isatty():
        print_line(" " * indent + "".join(text for text, _ in styled))
        return
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    Console(highlight=False).print(Padding(Text.assemble(*styled), (0, 0, 0, indent), expand=False))


def print_table(table: "Table") -> None:
    """Print a table of the result: fitted into a terminal, else never cut."""
    from rich.console import Console

    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=100_000)
    console.print(table)


def track_progress(items: Iterable[T], total: int, description: str) -> Iterator[T]:
    """Pass items on, with a bar on standard error if that is a terminal."""
    if not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield from bar.track(items, total=total, description=description)


@dataclass(frozen=True)
class TerminalProgress:
    """The progress of a use case (`grader.services.progress.Progress`), shown on standard error in a language."""

    language: Language = ENGLISH

    def track(self, items: Iterable[T], total: int, label: str) -> Iterator[T]:
        """Pass the items on, with a bar if standard error is a terminal."""
        return track_progress(items, total, label)

    @contextlib.contextmanager
    def wait(self) -> Iterator[Callable[[MessageLike], None]]:
        """Return a function that shows what is being done, if standard error is a terminal."""
        with contextlib.ExitStack() as shown:

            def show(message: MessageLike) -> None:
                if sys.stderr.isatty():
                    from rich.console import Console
                    from rich.text import Text

                    shown.close()
                    line = Text(sanitize_line(self.language(message)))
                    shown.enter_context(Console(stderr=True).status(line))

            yield show

    def note(self, message: MessageLike) -> None:
        """Print one line."""
        print_remark(self.language(message))
