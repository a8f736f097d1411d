"""`grader submit --server`: hand one's own files in at a portal, and wait for what was found if asked to."""

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from grader.cli import receipts, terminal
from grader.cli.check import STATE_COLOURS
from grader.cli.portal_client import PortalClient, UploadRejected, make_portal_client
from grader.cli.submit import print_submit_result, refuse_folders
from grader.core.errors import PortalError
from grader.core.results.receipt import Receipt
from grader.formats.decode_text import escape_unprintable
from grader.formats.discover import find_submissions
from grader.services.check import STATE_SIGNS
from grader.services.ingest import IngestResult, read_files

RESULT_TIMEOUT_S: Final = 600.0
"""Seconds after which waiting ends."""
RESULT_POLL_DELAYS_S: Final = (0.3, 3.0)
"""Seconds between two looks, at first and at last."""


@dataclass(frozen=True)
class RemoteSubmitOptions:
    """Which portal; whether to wait for results, and to send the token in the clear."""

    server: str
    wait: bool = False
    allow_http: bool = False


def run_submit_remote(files: Sequence[Path], where: RemoteSubmitOptions, *, as_json: bool) -> int:
    """Hands in and prints; the exit code."""
    portal = make_portal_client(where.server, os.environ.get("GRADER_TOKEN"), in_the_clear=where.allow_http)
    refuse_folders(files)
    try:
        me = portal.get("/me")
        name, zone = str(me["name"]), str(me["time_zone"])
        names = [str(one["name"]) for one in portal.get("/exercises")]
        found = [replace(one, student=name) for one in find_submissions(files, names)]
        codes = [0]
        for one, thing in zip(found, read_files(found, names), strict=True):
            if isinstance(thing, IngestResult):
                print_submit_result(one.path, thing, zone, as_json=as_json)
                codes.append(3)
                continue
            try:
                said = portal.submit_file(thing.exercise, thing.file_name, thing.data)
            except UploadRejected as error:
                print_submit_result(
                    one.path, IngestResult(name, thing.exercise, error=str(error)), zone, as_json=as_json
                )
                codes.append(3)
            else:
                codes.append(_print_attempt(portal, one.path, said, zone, where, as_json=as_json))
    except (KeyError, TypeError, ValueError) as error:
        raise PortalError(f"{portal.url} answers otherwise than this program expects: update grader") from error
    return max(codes)


def _print_attempt(
    portal: PortalClient, file: Path, said: Mapping[str, Any], zone: str, where: RemoteSubmitOptions, *, as_json: bool
) -> int:
    """Prints a receipt, and what was found if that is waited for."""
    receipt = Receipt.from_json(said)
    if not as_json:
        receipts.print_receipt(receipt, file, zone)
    result = _result(portal, receipt) if where.wait else None
    if as_json:
        told = {"file": escape_unprintable(str(file)), **receipt.as_json()}
        terminal.print_json(told | ({"result": result} if where.wait else {}))
    elif result is not None:
        _print_result(result)
    if where.wait and result is None:
        terminal.print_remark(
            f"{receipt.exercise}, attempt {receipt.submission}: on record, not graded yet: look again later"
        )
    return 3 if where.wait and (result is None or result.get("error")) else 0


def _result(portal: PortalClient, receipt: Receipt) -> Mapping[str, Any] | None:
    """What was found once it was; None where that takes too long."""
    end = time.monotonic() + RESULT_TIMEOUT_S
    here = f"/exercises/{receipt.exercise}/attempts/{receipt.submission}"
    pause = RESULT_POLL_DELAYS_S[0]
    while portal.get(here)["state"] in ("waiting", "failed"):
        if time.monotonic() > end:
            return None
        time.sleep(pause)
        pause = min(pause * 1.3, RESULT_POLL_DELAYS_S[1])
    found: Mapping[str, Any] = portal.get(f"{here}/result")
    return found


def _print_result(result: Mapping[str, Any]) -> None:
    """A result as `grader check` prints one: points, and of each question what was wrong."""
    if result.get("error"):
        terminal.print_remark(f"it can't be graded: {result['error']}")
        return
    pending = f", {result['pending']:g} to come" if result["pending"] else ""
    terminal.print_styled((f"{result['score']:g} of {result['max_score']:g} points", "bold"), pending, indent=2)
    for question in result["questions"]:
        state = _state(question)
        points = f"  {question['score']:g} / {question['max_score']:g}"
        terminal.print_styled(
            (f"{STATE_SIGNS[state]} ", STATE_COLOURS[state]), (str(question["id"]), "bold"), points, indent=2
        )
        _show_checks(question["checks"])


def _show_checks(checks: Sequence[Mapping[str, Any]]) -> None:
    said: dict[str, list[str]] = {}
    for check in checks:
        if check["message"]:
            said.setdefault(str(check["message"]), []).append(str(check["says"]))
    for message, sentences in said.items():
        for sentence in sentences:
            terminal.print_styled(sentence, indent=6)
        terminal.print_styled(("→ ", "dim"), message, indent=6)
    for hint in dict.fromkeys(str(check["hint"]) for check in checks if check["hint"]):
        terminal.print_styled((hint, "cyan"), indent=6)


def _state(question: Mapping[str, Any]) -> str:
    verdicts = {check["verdict"] for check in question["checks"]}
    if question["score"] >= question["max_score"] and verdicts <= {"passed"}:
        return "right"
    if verdicts == {"not_attempted"}:
        return "not_attempted"
    if verdicts <= {"passed"} or "grader_error" in verdicts:
        return "pending"
    return "partly" if question["score"] > 0 else "wrong"
