"""`grader submit --server`: hand one's own files in at a portal, and wait for what was found if asked to."""

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from grader.cli import receipts, terminal
from grader.cli.check import MARKS
from grader.cli.portal_client import NotTaken, Portal, reach
from grader.cli.submit import refuse_folders, tell
from grader.core.errors import PortalError
from grader.core.results.receipt import Receipt
from grader.formats.decode_text import printable
from grader.formats.discover import find
from grader.services.ingest import Line, read_in

PATIENCE: Final = 600.0
"""Seconds after which waiting ends."""
LOOK: Final = (0.3, 3.0)
"""Seconds between two looks, at first and at last."""


@dataclass(frozen=True)
class Where:
    """Which portal; whether to wait for results, and to send the token in the clear."""

    server: str
    wait: bool = False
    in_the_clear: bool = False


def run(files: Sequence[Path], where: Where, *, as_json: bool) -> int:
    """Hands in and prints; the exit code."""
    portal = reach(where.server, os.environ.get("GRADER_TOKEN"), in_the_clear=where.in_the_clear)
    refuse_folders(files)
    try:
        me = portal.get("/me")
        name, zone = str(me["name"]), str(me["time_zone"])
        names = [str(one["name"]) for one in portal.get("/exercises")]
        found = [replace(one, student=name) for one in find(files, names)]
        codes = [0]
        for one, thing in zip(found, read_in(found, names), strict=True):
            if isinstance(thing, Line):
                tell(one.path, thing, zone, as_json=as_json)
                codes.append(3)
                continue
            try:
                said = portal.hand_in(thing.exercise, thing.file_name, thing.data)
            except NotTaken as error:
                tell(one.path, Line(name, thing.exercise, error=str(error)), zone, as_json=as_json)
                codes.append(3)
            else:
                codes.append(_told(portal, one.path, said, zone, where, as_json=as_json))
    except (KeyError, TypeError, ValueError) as error:
        raise PortalError(f"{portal.url} answers otherwise than this program expects: update grader") from error
    return max(codes)


def _told(portal: Portal, file: Path, said: Mapping[str, Any], zone: str, where: Where, *, as_json: bool) -> int:
    """Prints a receipt, and what was found if that is waited for."""
    receipt = Receipt.from_json(said)
    if not as_json:
        receipts.show(receipt, file, zone)
    result = _result(portal, receipt) if where.wait else None
    if as_json:
        told = {"file": printable(str(file)), **receipt.as_json()}
        terminal.json_line(told | ({"result": result} if where.wait else {}))
    elif result is not None:
        _show(result)
    if where.wait and result is None:
        terminal.remark(
            f"{receipt.exercise}, attempt {receipt.submission}: on record, not graded yet: look again later"
        )
    return 3 if where.wait and (result is None or result.get("error")) else 0


def _result(portal: Portal, receipt: Receipt) -> Mapping[str, Any] | None:
    """What was found once it was; None where that takes too long."""
    end = time.monotonic() + PATIENCE
    here = f"/exercises/{receipt.exercise}/attempts/{receipt.submission}"
    pause = LOOK[0]
    while portal.get(here)["state"] in ("waiting", "failed"):
        if time.monotonic() > end:
            return None
        time.sleep(pause)
        pause = min(pause * 1.3, LOOK[1])
    found: Mapping[str, Any] = portal.get(f"{here}/result")
    return found


def _show(result: Mapping[str, Any]) -> None:
    """A result as `grader check` prints one: points, and of each question what was wrong."""
    if result.get("error"):
        terminal.remark(f"it can't be graded: {result['error']}")
        return
    pending = f", {result['pending']:g} to come" if result["pending"] else ""
    terminal.show((f"{result['score']:g} of {result['max_score']:g} points", "bold"), pending, indent=2)
    for question in result["questions"]:
        mark, colour = MARKS[_state(question)]
        points = f"  {question['score']:g} / {question['max_score']:g}"
        terminal.show((f"{mark} ", colour), (str(question["id"]), "bold"), points, indent=2)
        _show_checks(question["checks"])


def _show_checks(checks: Sequence[Mapping[str, Any]]) -> None:
    said: dict[str, list[str]] = {}
    for check in checks:
        if check["message"]:
            said.setdefault(str(check["message"]), []).append(str(check["says"]))
    for message, sentences in said.items():
        for sentence in sentences:
            terminal.show(sentence, indent=6)
        terminal.show(("→ ", "dim"), message, indent=6)
    for hint in dict.fromkeys(str(check["hint"]) for check in checks if check["hint"]):
        terminal.show((hint, "cyan"), indent=6)


def _state(question: Mapping[str, Any]) -> str:
    verdicts = {check["verdict"] for check in question["checks"]}
    if question["score"] >= question["max_score"] and verdicts <= {"passed"}:
        return "right"
    if verdicts == {"not_attempted"}:
        return "not_attempted"
    if verdicts <= {"passed"} or "grader_error" in verdicts:
        return "pending"
    return "partly" if question["score"] > 0 else "wrong"
