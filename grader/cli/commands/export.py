"""The command `export`. Its formats, and the options of each, are those of the modules in `formats/export`."""

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from grader.cli.lazy_command import LazyCommand
from grader.cli.options import (
    DEFAULT_DATABASE,
    CourseOption,
    DatabaseOption,
    ExerciseOption,
    ForceOption,
    parse_path,
    resolve_course_folder,
)

ToOption = Annotated[
    Path,
    typer.Option(
        "--to", parser=parse_path, metavar="FILE", help="The file to write; a folder for a file per submission."
    ),
]
PendingOption = Annotated[
    bool, typer.Option("--pending", help="Include scores with unmarked answers: the points so far.")
]


def build_export() -> Callable[..., int]:
    """Return the command's function; its signature has the options of all formats."""
    from grader.cli.export_options import describe_formats, make_option_parameters

    def export(
        format: str,
        to: ToOption,
        pending: PendingOption = False,
        force: ForceOption = False,
        course: CourseOption = None,
        db: DatabaseOption = DEFAULT_DATABASE,
        exercise: ExerciseOption = None,
        **options: Any,
    ) -> int:
        from grader.cli import export as command
        from grader.services.export import ExportRequest

        given = {name: _list_values(value) for name, value in options.items() if value}
        request = ExportRequest(exercise, pending, given)
        return command.run_export(to, resolve_course_folder(course), db, format, request, force=force)

    chosen = Annotated[str, typer.Option("--format", metavar="F", help=describe_formats())]
    own = inspect.signature(export)
    format, to, *others, _ = own.parameters.values()
    parameters = [format.replace(annotation=chosen), to, *make_option_parameters(), *others]
    only_by_name = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in parameters]
    export.__signature__ = own.replace(parameters=only_by_name)  # type: ignore[attr-defined]  # read by typer
    return export


def _list_values(value: str | Path | list[str]) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, list) else (str(value),)


COMMANDS: Final = {
    "export": LazyCommand("Write the scores of a class, by the rules of the course, for other systems.", build_export)
}
