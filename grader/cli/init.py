"""`grader init`: start a course of one's own."""

from pathlib import Path

from grader.cli import terminal
from grader.services.new_course import create_course


def run_init(folder: Path) -> int:
    """Write the course, and name its files."""
    for file in create_course(folder):
        terminal.print_line(f"wrote {file}")
    return 0
