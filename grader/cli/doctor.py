"""`grader doctor`: which sandbox level this machine gives, why, and what would raise it."""

from collections.abc import Sequence
from dataclasses import asdict

from grader.cli import terminal
from grader.sandbox.diagnostics import Part, diagnosis
from grader.sandbox.host_info import Machine, look
from grader.sandbox.level import Level
from grader.sandbox.zygote_client import probe


def run(*, as_json: bool) -> int:
    """Probes and prints."""
    machine = look()
    level, parts = diagnosis(probe(), machine)
    if as_json:
        terminal.json_line({"level": level, "parts": [asdict(part) for part in parts], "machine": asdict(machine)})
    else:
        show(level, parts, machine)
    return 0


def show(level: Level, parts: Sequence[Part], machine: Machine) -> None:
    """The level, then each part of the wall: it works, or what failed, what it is for, and what mends it."""
    terminal.show("sandbox level: ", (str(level), "bold"), f"  ({_described(machine)})")
    for part in parts:
        terminal.show(f"{part.name:<12}", ("works", "green") if part.works else (part.failed_step, "red"), indent=2)
        if not part.works:
            terminal.show(part.meaning, indent=14)
            terminal.show(("→ ", "dim"), part.remedy, indent=14)


def _described(machine: Machine) -> str:
    where = f"{machine.system} {machine.release}, {machine.processor}"
    return where + (f", in a container ({machine.container})" if machine.container else "")
