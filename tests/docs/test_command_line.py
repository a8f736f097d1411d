"""docs/command-line.md has every command, option, environment variable and exit code of the program."""

import ast
import os
import re
from pathlib import Path

import pytest

import grader
from grader.core import errors
from tests.docs.command_reference import find_commands, list_parameters, render_commands

PACKAGE = Path(grader.__file__).parent
FILE = PACKAGE / "docs" / "command-line.md"
HEADING = "## Commands\n\n"


def test_the_commands_are_those_of_the_program() -> None:
    """The section Commands is made from the commands; GRADER_GOLDEN=1 writes it anew."""
    before, _, written = FILE.read_text("utf-8").partition(HEADING)
    made = render_commands()
    if os.environ.get("GRADER_GOLDEN"):
        FILE.write_text(before + HEADING + made, "utf-8")
        written = made
    assert written == made, "docs/command-line.md is stale: GRADER_GOLDEN=1 writes it anew; review the difference"


@pytest.mark.parametrize("name", [name for name, _ in find_commands()])
def test_every_parameter_has_a_help(name: str) -> None:
    """A command and each of its arguments and options says in a sentence what it does."""
    command = dict(find_commands())[name]
    assert command.help.rstrip().endswith(".")
    assert [param.name for param in list_parameters(name, command) if not (param.help or "").endswith(".")] == []


def test_every_environment_variable_is_listed() -> None:
    """The table has the variables of the options and those that the program reads itself, and no others."""
    of_options = {
        param.envvar for name, command in find_commands() for param in list_parameters(name, command) if param.envvar
    }
    read = {
        node.value
        for path in PACKAGE.rglob("*.py")
        if "bundled" not in path.parts
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"GRADER_[A-Z_]+", node.value)
    }
    table = FILE.read_text("utf-8").partition("## Environment variables")[2].partition("\n## ")[0]
    listed = {name for row in re.findall(r"^\| (`GRADER.*?) \|", table, re.M) for name in re.findall(r"`(\w+)`", row)}
    assert listed == of_options | read


def test_every_exit_code_is_listed() -> None:
    """The table has 0, 1 and 130, and the code of each class of errors."""
    codes = {one.exit_code for one in vars(errors).values() if isinstance(one, type) and hasattr(one, "exit_code")}
    table = FILE.read_text("utf-8").partition("## Exit codes")[2].partition("\n## ")[0]
    assert {int(code) for code in re.findall(r"^\| `(\d+)`", table, re.M)} == {0, 1, 130} | codes
