"""Commands with parameters that are known only when the command is called, such as those of export formats.

`grader --help` shows their summary without loading anything.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import typer
import typer.main
from typer.core import TyperCommand


@dataclass(frozen=True)
class LazyCommand:
    """A command: its help, and a function that makes the function of the command, with all its parameters."""

    help: str
    build: Callable[[], Callable[..., int]]

    def add_to(self, app: typer.Typer, name: str) -> None:
        """Add the command to the command line."""
        build = self.build

        class Built(TyperCommand):
            """The command, which takes its parameters and its work from the one that is made when it is called."""

            def get_params(self, ctx: Any) -> Any:
                return _create_command(build).get_params(ctx)

            def invoke(self, ctx: Any) -> Any:
                return _create_command(build).invoke(ctx)

        app.command(name, cls=Built, help=self.help)(_do_nothing)


def _create_command(build: Callable[[], Callable[..., int]]) -> Any:
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command()(build())
    return typer.main.get_command(app)


def _do_nothing() -> int:
    return 0
