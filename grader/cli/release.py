"""`grader release`: write what students get."""

from pathlib import Path

from grader.cli import terminal
from grader.services.release import write_release


def run_release(to: Path, folder: Path, lang: str | None = None) -> int:
    """Write the release, and print how many files it has."""
    terminal.print_line(f"wrote {write_release(to, folder, lang)} files to {to}")
    return 0
