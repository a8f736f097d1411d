"""The command line as a whole: the commands of every module in `commands`."""

from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules
from typing import Annotated, Final

import typer

from grader.cli import commands
from grader.cli.lazy_command import LazyCommand

HELP_ORDER: Final = (
    *("demo", "init", "build", "translate", "release", "check", "submit", "collect", "grade", "report"),
    *("serve", "doctor", "docs", "export", "extend", "marks", "db", "user"),
)
"""The order of the commands in `grader --help`; any others follow by name."""

Command = Callable[..., int] | LazyCommand | typer.Typer
"""A command, or a group of commands."""


def find_commands() -> dict[str, Command]:
    """Return the commands of every module in `commands`, in the order of the help."""
    modules = [import_module(f"{commands.__name__}.{found.name}") for found in iter_modules(commands.__path__)]
    found: dict[str, Command] = {name: one for module in modules for name, one in module.COMMANDS.items()}
    first = {name: position for position, name in enumerate(HELP_ORDER)}
    return {name: found[name] for name in sorted(found, key=lambda name: (first.get(name, len(first)), name))}


def create_command_line() -> typer.Typer:
    """Create the command line."""
    app = typer.Typer(
        name="grader",
        help="Grade deep-learning exercises in plain numpy, in a sandbox, and show how a tensor is wrong.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.callback(invoke_without_command=True)(top)
    for name, command in find_commands().items():
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name)
        elif isinstance(command, LazyCommand):
            command.add_to(app, name)
        else:
            app.command(name)(command)
    return app


def top(version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False) -> None:
    """Grade deep-learning exercises in plain numpy, in a sandbox, and show how a tensor is wrong."""
    if version:
        from grader.version import __version__

        typer.echo(f"grader {__version__}")
        raise typer.Exit


app: Final = create_command_line()
