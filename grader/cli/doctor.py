"""`grader doctor`: which sandbox level this machine gives, why, and what would raise it."""

import json

from grader.cli import terminal
from grader.sandbox.inside.probing import strongest
from grader.sandbox.process import probe


def run(*, as_json: bool) -> int:
    """Probes and prints."""
    report = probe()
    level = strongest(report)
    if as_json:
        terminal.line(json.dumps({"level": level, "parts": report}))
        return 0
    terminal.line(f"sandbox level: {level}")
    for part, problem in report.items():
        terminal.line(f"  {part:<11} {problem or 'works'}")
    return 0
