"""The registry finds all export formats, and each is documented, offered by the portal and explained by the help.

Covers `formats/export/export_format.py`.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

import grader
from grader.cli.app import app
from grader.formats import export
from grader.formats.export.export_format import AnyExportFormat, ExportedTable, TableFormat
from grader.formats.export.registry import EXPORT_FORMATS, find_export_formats, find_export_options

PACKAGE = Path(grader.__file__).parent
DOCUMENT = "docs/lms.md"
NEW_FORMAT = """
from grader.formats.export.export_format import ExportedTable, ExportOption, TableFormat

MARK = ExportOption("mark", "M", "the mark", choices=("a", "b"))
EMPTY = ExportedTable(b"", 0, "score")
FORMAT = TableFormat("dakota", "a table for Dakota", lambda book, values: EMPTY, options=(MARK,))
"""


def find_omissions(format: AnyExportFormat) -> Iterator[str]:
    """Yield what a format lacks: its documentation, its entry in the portal, or its help."""
    documented = (PACKAGE / DOCUMENT).read_text("utf-8").partition("## Returning scores")[2].partition("\n## ")[0]
    (own,) = re.findall(rf"^- `{format}`.*?(?=^- |\n\n|\Z)", documented, re.M | re.S) or [""]
    if not own:
        yield f"{DOCUMENT}: an item `{format}` under Returning scores"
    for option in format.options:
        if f"--{option.name}" not in own:
            yield f"{DOCUMENT}: --{option.name} in the item `{format}`"
        if not option.help:
            yield f"help of --{option.name}: what it does for {format}"
    if not format.description:
        yield f"description of {format}, which the portal and the help of --format show"


@pytest.mark.parametrize("format", EXPORT_FORMATS.values(), ids=str)
def test_every_format_is_documented(format: AnyExportFormat) -> None:
    """Nothing is missing: neither the documentation, nor the portal's entry, nor the help."""
    assert list(find_omissions(format)) == []


def test_omissions_are_named() -> None:
    """A format without documentation and description is told what it lacks."""
    bare = TableFormat("bare", "", lambda book, values: ExportedTable(b"", 0, "score"))
    assert list(find_omissions(bare)) == [
        "docs/lms.md: an item `bare` under Returning scores",
        "description of bare, which the portal and the help of --format show",
    ]


def test_a_format_is_one_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module in the folder is found by its place, and the help shows it with its options."""
    (tmp_path / "dakota_scores.py").write_text(NEW_FORMAT)
    monkeypatch.setattr(export, "__path__", [*export.__path__, str(tmp_path)])
    found = find_export_formats()
    assert set(found) == {*EXPORT_FORMATS, "dakota"}
    assert find_export_options(found)["mark"].keys() == {"dakota"}
    assert "docs/lms.md: --mark in the item `dakota`" in list(find_omissions(found["dakota"]))
    monkeypatch.setitem(EXPORT_FORMATS, "dakota", found["dakota"])
    command: Any = typer.main.get_command(app)
    command = command.commands["export"]
    shown = " ".join(command.get_help(command.make_context("export", [], resilient_parsing=True)).split())
    assert "dakota: a table for Dakota" in shown
    assert "--mark M For dakota: the mark: a (the default) or b." in shown


def test_no_other_module_names_a_format() -> None:
    """Only a format's own module imports or names it; the portal and the command line have no list of formats."""
    folder = PACKAGE / "formats" / "export"
    own = {file.stem for file in folder.glob("*.py") if "\nFORMAT" in file.read_text("utf-8")}
    for file in PACKAGE.rglob("*.py"):
        if "bundled" in file.parts or file.parent == folder:
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom):
                names = {alias.name for alias in node.names} if node.module == "grader.formats.export" else set()
                module = (node.module or "").removeprefix("grader.formats.export.")
                assert not names & own, file
                assert module not in own or not (node.module or "").startswith("grader.formats.export."), file


def test_formats_are_distinct() -> None:
    """Formats of the whole class come first, then all by name; each is described in its own words."""
    assert list(EXPORT_FORMATS)[:2] == ["csv", "json"]
    others = [name for name, one in EXPORT_FORMATS.items() if not one.is_whole_class]
    assert others == sorted(others)
    assert {"canvas", "gradescope", "moodle"} <= set(others)
    assert len({one.description for one in EXPORT_FORMATS.values()}) == len(EXPORT_FORMATS)
