"""Prints receipts of submitted files, and the reasons why a file was not recorded."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from grader.cli import terminal
from grader.core.results.receipt import Receipt
from grader.formats.decode_text import escape_unprintable
from grader.services.ingest import IngestResult


def print_rejection(file: Path, result: IngestResult, *, as_json: bool) -> None:
    """Print why a file was not recorded."""
    terminal.print_remark(f"not recorded: {result.error}")
    if as_json:
        terminal.print_json(
            {
                "file": escape_unprintable(str(file)),
                "student": result.student,
                "exercise": result.exercise or None,
                "submission": None,
                "is_new": False,
                "error": result.error,
            }
        )


def receipt_as_json(file: Path, receipt: Receipt) -> dict[str, object]:
    """Return the JSON object of a file and its receipt."""
    return {"file": escape_unprintable(str(file)), **receipt.as_json()}


def print_receipt(said: Receipt, file: Path, zone: str) -> None:
    """Print a receipt, with moments on the course's clocks."""
    what = "recorded" if said.is_new else "recorded earlier"
    terminal.print_styled(
        f"{what}: {said.student}, {said.exercise}, attempt {said.submission}, {_moment(said.received_at, zone)}"
    )
    terminal.print_styled(f"{_lateness(said, zone)}; {_attempts(said)}", indent=2)
    terminal.print_styled(f"sha256 {said.sha256}, {said.size} bytes: {escape_unprintable(file.name)}", indent=2)


def _lateness(said: Receipt, zone: str) -> str:
    if said.due is None:
        return "no deadline"
    if said.late:
        return f"late (the deadline was {_moment(said.due, zone)}), keeps {said.keeps:.0%} of its points"
    return f"in time (deadline {_moment(said.due, zone)})"


def _attempts(said: Receipt) -> str:
    if not said.counts:
        return f"does not count: only {said.attempts} attempts do"
    if said.attempts_left is None:
        return "attempts left: any number"
    return f"attempts left: {said.attempts_left} of {said.attempts}"


def _moment(moment: datetime, zone: str) -> str:
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M:%S %Z}"
