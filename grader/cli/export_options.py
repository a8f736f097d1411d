"""The options of the export formats, as parameters of the command `export`."""

import inspect
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from grader.cli.options import parse_path
from grader.formats.export.export_format import ExportOption
from grader.formats.export.registry import EXPORT_FORMATS, find_export_options


def describe_formats() -> str:
    """Return the help of `--format`: every format with its description."""
    return "; ".join(f"{one}: {one.description}" for one in EXPORT_FORMATS.values()) + "."


def make_option_parameters() -> list[inspect.Parameter]:
    """Return one parameter per option, with the help of each format that has it."""
    return [_make_parameter(name, owners) for name, owners in find_export_options().items()]


def _make_parameter(name: str, owners: Mapping[str, ExportOption]) -> inspect.Parameter:
    option = next(iter(owners.values()))
    choices = f": {' (the default) or '.join(option.choices)}" if option.choices else ""
    says = "; ".join(f"{format}: {one.help}" for format, one in owners.items())
    kind: Any = list[str] if option.is_repeatable else Path if option.is_file else str
    parser = parse_path if option.is_file else None
    typed = Annotated[
        kind | None, typer.Option(f"--{name}", metavar=option.metavar, help=f"For {says}{choices}.", parser=parser)
    ]
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=typed)
