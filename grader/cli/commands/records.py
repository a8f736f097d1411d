"""Commands on a class's records: `collect` and `extend`."""

from pathlib import Path
from typing import Annotated, Final

import typer

from grader.cli.options import (
    DEFAULT_DATABASE,
    CourseOption,
    DatabaseOption,
    JsonOption,
    UnnamedExerciseOption,
    parse_path,
    resolve_course_folder,
)


def collect(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(parser=parse_path, metavar="PATH...", help="Folders, or zip archives downloaded from an LMS."),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="FORMAT", help="canvas, moodle, gradescope, nbgrader or folders. Default: detected."
        ),
    ] = None,
    roster: Annotated[
        Path | None,
        typer.Option("--roster", parser=parse_path, metavar="FILE", help="A CSV file of the students, imported first."),
    ] = None,
    adopt: Annotated[
        list[str] | None,
        typer.Option(
            "--adopt",
            metavar="NAME=ID",
            help="With --roster: the student recorded as NAME has this ID on it; NAME= is nobody of the roster.",
        ),
    ] = None,
    exercise: UnnamedExerciseOption = None,
    received: Annotated[
        str | None, typer.Option("--received", metavar="TIME", help="The time of submission of files without one.")
    ] = None,
    undecided: Annotated[
        Path | None,
        typer.Option("--undecided", parser=parse_path, metavar="FILE", help="Write undecided files to a new CSV file."),
    ] = None,
    decisions: Annotated[
        Path | None,
        typer.Option("--decisions", parser=parse_path, metavar="FILE", help="The CSV file of --undecided, filled in."),
    ] = None,
    course: CourseOption = None,
    db: DatabaseOption = DEFAULT_DATABASE,
    as_json: JsonOption = False,
) -> int:
    """Record the files of a class: one folder per student, or an LMS download (zip or folder)."""
    from grader.cli import collect as command
    from grader.services.collect import CollectRequest

    request = CollectRequest(paths or [], source, exercise, received, roster, decisions, undecided)
    return command.run_collect(request, resolve_course_folder(course), db, adoptions=adopt or (), as_json=as_json)


def extend(
    student: Annotated[str, typer.Argument(metavar="STUDENT", help="The student.")],
    exercise: Annotated[str, typer.Argument(metavar="EXERCISE", help="The name of the exercise.")],
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="TIME", help="Such as '2031-05-27 23:59', in the course's time zone."),
    ] = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Withdraw the extension.")] = False,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="The reason, kept in the log.")] = "",
    course: CourseOption = None,
    db: DatabaseOption = DEFAULT_DATABASE,
) -> int:
    """Give one student more time for an exercise."""
    from grader.cli import extend as command

    return command.run_extend(student, exercise, until, withdraw, reason, resolve_course_folder(course), db)


COMMANDS: Final = {"collect": collect, "extend": extend}
