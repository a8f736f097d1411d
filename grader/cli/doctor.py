"""`grader doctor`: the sandbox level that this machine allows, how to raise it, and records that others can read."""

from collections.abc import Sequence
from dataclasses import asdict

from grader.cli import terminal
from grader.sandbox.diagnostics import LayerStatus, diagnose_layers
from grader.sandbox.host_info import HostInfo, inspect_host
from grader.sandbox.level import Level
from grader.sandbox.zygote_client import probe_sandbox
from grader.services.private_files import find_readable_files


def run_doctor(db: str, *, as_json: bool) -> int:
    """Probe the sandbox, look at the permissions of the records, and print the result."""
    readable = find_readable_files(db)
    machine = inspect_host()
    level, parts = diagnose_layers(probe_sandbox(), machine)
    if as_json:
        data = {"level": level, "parts": [asdict(part) for part in parts], "machine": asdict(machine)}
        terminal.print_json(data | ({"readable_files": [asdict(file) for file in readable]} if readable else {}))
    else:
        print_diagnosis(level, parts, machine)
        for file in readable:
            terminal.print_remark(
                f"{file.path} can be read by others on this machine (its mode is {file.mode}): "
                f"run chmod 600 {file.path}"
            )
    return 0


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
