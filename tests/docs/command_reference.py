"""Write the section of docs/command-line.md that lists all commands, from the commands themselves."""

from collections.abc import Iterator
from typing import Any

import typer.main

from grader.cli.app import app

SHARED_COLUMNS = "| argument or option | meaning |\n|---|---|\n"


def find_commands() -> Iterator[tuple[str, Any]]:
    """Yield every command with its full name, in the order of the help."""
    waiting: list[tuple[str, Any]] = [("grader", typer.main.get_command(app))]
    while waiting:
        name, command = waiting.pop(0)
        below = getattr(command, "commands", None)
        if below is None:
            yield name, command
        else:
            waiting[:0] = [(f"{name} {each}", one) for each, one in below.items()]


def list_parameters(name: str, command: Any) -> list[Any]:
    """Return the arguments and options of a command, without `--help`."""
    params = command.get_params(command.make_context(name, [], resilient_parsing=True))
    return [param for param in params if "--help" not in param.opts]


def render_commands() -> str:
    """Return the section: for each command its call, its help, and a row per argument and option."""
    return "\n".join(_render_command(name, command) for name, command in find_commands())


def _render_command(name: str, command: Any) -> str:
    params = list_parameters(name, command)
    arguments = [param for param in params if param.param_type_name == "argument"]
    needed = [param for param in params if param.param_type_name == "option" and param.required]
    call = " ".join([name, *(_render_metavar(one) for one in arguments), *(_render_option(one) for one in needed)])
    text = f"### {name}\n\n```text\n{call}{' [OPTIONS]' if len(params) > len(arguments) + len(needed) else ''}\n```\n\n"
    text += f"{' '.join(command.help.split())}\n"
    rows = "".join(f"| `{_escape(_render_name(one))}` | {_escape(_render_meaning(one))} |\n" for one in params)
    return f"{text}\n{SHARED_COLUMNS}{rows}" if rows else text


def _render_name(param: Any) -> str:
    return _render_metavar(param) if param.param_type_name == "argument" else _render_option(param)


def _render_metavar(param: Any) -> str:
    name = str(param.metavar or param.name.upper())
    return name if param.required or name.startswith("[") else f"[{name}]"


def _render_option(param: Any) -> str:
    return f"{param.opts[0]} {param.metavar}" if param.metavar else str(param.opts[0])


def _render_meaning(param: Any) -> str:
    parts = [param.help or ""]
    if param.param_type_name == "option" and param.required:
        parts.append("Required.")
    if param.param_type_name == "option" and getattr(param, "multiple", False):
        parts.append("Can be repeated.")
    if param.default not in (None, False, "", (), []) and "Default" not in parts[0]:
        parts.append(f"Default: `{param.default}`.")
    if param.envvar:
        parts.append(f"Environment: `{param.envvar}`.")
    return " ".join(part for part in parts if part)


def _escape(text: str) -> str:
    return text.replace("|", "\\|")
