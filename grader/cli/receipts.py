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


def print_receipt(receipt: Receipt, file: Path, zone: str) -> None:
    """Print a receipt, with moments on the course's clocks."""
    what = "recorded" if receipt.is_new else "recorded earlier"
    terminal.print_styled(
        f"{what}: {receipt.student}, {receipt.exercise}, attempt {receipt.submission}, "
        + _moment(receipt.received_at, zone)
    )
    terminal.print_styled(f"{_lateness(receipt, zone)}; {_attempts(receipt)}", indent=2)
    terminal.print_styled(f"sha256 {receipt.sha256}, {receipt.size} bytes: {escape_unprintable(file.name)}", indent=2)


def _lateness(receipt: Receipt, zone: str) -> str:
    if receipt.due is None:
        return "no deadline"
    if receipt.late:
        return f"late (the deadline was {_moment(receipt.due, zone)}), keeps {receipt.keeps:.0%} of its points"
    return f"in time (deadline {_moment(receipt.due, zone)})"


def _attempts(receipt: Receipt) -> str:
    if not receipt.counts:
        return f"does not count: only {receipt.attempts} attempts do"
    if receipt.attempts_left is None:
        return "attempts left: unlimited"
    return f"attempts left: {receipt.attempts_left} of {receipt.attempts}"


def _moment(moment: datetime, zone: str) -> str:
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M:%S %Z}"
