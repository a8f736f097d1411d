"""`grader doctor`: the sandbox level that this machine allows, how to raise it, and records that others can read."""

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from grader.cli import terminal
from grader.sandbox.diagnostics import LayerStatus, diagnose_layers
from grader.sandbox.host_info import HostInfo, inspect_host
from grader.sandbox.level import Level
from grader.sandbox.zygote_client import probe_sandbox
from grader.services.course_packages import find_missing_packages, find_unusable_packages, read_named_packages
from grader.services.private_files import find_readable_files


def run_doctor(db: str, course: Path | None = None, *, as_json: bool) -> int:
    """Probe the sandbox, look at the permissions of the records, and print the result.

    With a course, try its packages too. Return 3 if one can't be imported, else 0.
    """
    named = read_named_packages(course) if course else ()
    unusable = find_unusable_packages(named) if named else ()
    readable = find_readable_files(db)
    machine = inspect_host()
    level, parts = diagnose_layers(probe_sandbox(), machine)
    if as_json:
        data = {"level": level, "parts": [asdict(part) for part in parts], "machine": asdict(machine)}
        data |= {"packages": list(named), "unusable_packages": list(unusable)} if course else {}
        terminal.print_json(data | ({"readable_files": [asdict(file) for file in readable]} if readable else {}))
    else:
        print_diagnosis(level, parts, machine)
        for file in readable:
            terminal.print_remark(
                f"{file.path} can be read by others on this machine (its mode is {file.mode}): "
                f"run chmod 600 {file.path}"
            )
        if named:
            _print_packages(named, unusable)
    return 3 if unusable else 0


def _print_packages(named: Sequence[str], unusable: Sequence[str]) -> None:
    if not unusable:
        terminal.print_line(f"packages: {', '.join(named)}: each can be imported")
        return
    missing = set(find_missing_packages(unusable))
    for name in unusable:
        what = "is not installed" if name in missing else "is installed, but importing it fails"
        terminal.print_line(f"packages: {name} {what}: {sys.executable} -m pip install {name.partition('.')[0]}")


def print_diagnosis(level: Level, parts: Sequence[LayerStatus], machine: HostInfo) -> None:
    """Print the level, then each part of the sandbox: that it works, or the failure, its purpose and a remedy."""
    terminal.print_styled("sandbox level: ", (str(level), "bold"), f"  ({_describe_machine(machine)})")
    for part in parts:
        terminal.print_styled(
            f"{part.name:<12}", ("works", "green") if part.works else (part.failed_step, "red"), indent=2
        )
        if not part.works:
            terminal.print_styled(part.meaning, indent=14)
            terminal.print_styled(("→ ", "dim"), part.remedy, indent=14)


def _describe_machine(machine: HostInfo) -> str:
    where = f"{machine.system} {machine.release}, {machine.processor}"
    return where + (f", in a container ({machine.container})" if machine.container else "")
