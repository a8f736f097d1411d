"""The command line as a whole: its commands are found by their place.

Covers `cli/commands/` and `cli/lazy_command.py`.
"""

import sys
from pathlib import Path

import pytest
import typer.main

from grader.cli import commands
from grader.cli.app import HELP_ORDER, create_command_line, find_commands

NEW_COMMAND = """
def greet() -> int:
    '''Greet.'''
    return 7


COMMANDS = {"greet": greet}
"""


def test_the_help_has_every_command_in_order() -> None:
    """The order names exactly the existing commands."""
    assert tuple(find_commands()) == HELP_ORDER


def test_a_new_command_is_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module put beside the others is a command, listed after them, without being named elsewhere."""
    (tmp_path / "greeting.py").write_text(NEW_COMMAND)
    monkeypatch.setattr(commands, "__path__", [*commands.__path__, str(tmp_path)])
    monkeypatch.delitem(sys.modules, "grader.cli.commands.greeting", raising=False)
    command = typer.main.get_command(create_command_line())
    with command.make_context("grader", ["greet"]) as context:
        assert command.invoke(context) == 7
    assert tuple(find_commands())[-1] == "greet"
    del sys.modules["grader.cli.commands.greeting"]
