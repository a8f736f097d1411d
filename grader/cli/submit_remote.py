"""`grader submit --server`: submit one's own files to a portal, and with `--wait` print the result."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.cli import receipts, terminal
from grader.cli.check import STATE_COLOURS
from grader.core.report.question_summary import STATE_SIGNS
from grader.core.results.receipt import Receipt
from grader.core.text.numbers import count_points, format_points
from grader.services.ingest import IngestResult
from grader.services.portal_client import PortalClient, make_portal_client
from grader.services.remote_result import RemoteResult
from grader.services.submit_remote import fetch_account, submit_files_remotely, wait_for_result


@dataclass(frozen=True)
class RemoteSubmitOptions:
    """The portal's address, whether to wait for results, whether to send the token without TLS, and the exercise of
    files whose names say none."""

    server: str
    wait: bool = False
    allow_http: bool = False
    exercise: str | None = None


def run_submit_remote(files: Sequence[Path], options: RemoteSubmitOptions, *, as_json: bool) -> int:
    """Submit and print; return the exit code."""
    portal = make_portal_client(options.server, os.environ.get("GRADER_TOKEN"), in_the_clear=options.allow_http)
    account = fetch_account(portal)
    codes = {0}
    for one in submit_files_remotely(portal, account, files, options.exercise):
        for remark in one.remarks:
            terminal.print_remark(str(remark))
        if isinstance(one.result, IngestResult):
            receipts.print_rejection(one.path, one.result, as_json=as_json)
            codes.add(3)
            continue
        if not as_json:
            receipts.print_receipt(one.result, one.path, account.zone)
        if options.wait:
            codes.add(_wait(portal, one.path, one.result, as_json=as_json))
        elif as_json:
            terminal.print_json(receipts.receipt_as_json(one.path, one.result))
    return max(codes)


def _wait(portal: PortalClient, file: Path, receipt: Receipt, *, as_json: bool) -> int:
    """Wait for the result of an attempt and print it; return the exit code."""
    result = wait_for_result(portal, receipt)
    if as_json:
        found = result.data if result else None
        terminal.print_json(receipts.receipt_as_json(file, receipt) | {"result": found})
    elif result is not None:
        _print_result(result)
    if result is None:
        terminal.print_remark(
            f"{receipt.exercise}, attempt {receipt.submission}: recorded, not graded yet: check again later"
        )
    return 3 if result is None or result.error else 0


def _print_result(result: RemoteResult) -> None:
    """Print a result as `grader check` does: the points, and the failures of each question."""
    if result.error:
        terminal.print_remark(f"it can't be graded: {result.error}")
        return
    pending = f", {format_points(result.pending)} to come" if result.pending else ""
    terminal.print_styled(
        (f"{format_points(result.score)} of {count_points(result.max_score)}", "bold"), pending, indent=2
    )
    for question in result.questions:
        sign = (f"{STATE_SIGNS[question.state]} ", STATE_COLOURS[question.state])
        points = f"  {format_points(question.score)} / {format_points(question.max_score)}"
        terminal.print_styled(sign, (question.id, "bold"), points, indent=2)
        for message, sentences in question.messages.items():
            for sentence in sentences:
                terminal.print_styled(sentence, indent=6)
            terminal.print_styled(("→ ", "dim"), message, indent=6)
        for text in (*question.explanations, *question.hints):
            terminal.print_styled((text, "cyan"), indent=6)
