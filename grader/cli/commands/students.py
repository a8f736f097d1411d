"""Commands of a student: `check` and `submit`."""

from pathlib import Path
from typing import Annotated, Final

import typer

from grader.cli.options import (
    DEFAULT_DATABASE,
    CourseOption,
    DatabaseOption,
    JsonOption,
    LanguageOption,
    UnnamedExerciseOption,
    parse_path,
    resolve_course_folder,
)


def check(
    files: Annotated[
        list[Path], typer.Argument(parser=parse_path, metavar="FILE...", help="Notebooks (.ipynb) or scripts (.py).")
    ],
    course: CourseOption = None,
    exercise: UnnamedExerciseOption = None,
    watch: Annotated[bool, typer.Option("--watch", help="Check again after every save, until Ctrl-C.")] = False,
    lang: LanguageOption = None,
    as_json: JsonOption = False,
) -> int:
    """Check your own work with the visible checks. Nothing is recorded or sent."""
    from grader.cli import check as command

    return (command.watch if watch else command.run_check)(files, course, lang, as_json=as_json, exercise=exercise)


def submit(
    files: Annotated[
        list[Path], typer.Argument(parser=parse_path, metavar="FILE...", help="Notebooks (.ipynb) or scripts (.py).")
    ],
    student: Annotated[str | None, typer.Option("--student", metavar="ID", help="The student who hands in.")] = None,
    server: Annotated[
        str | None,
        typer.Option(
            "--server",
            metavar="URL",
            help="Hand in at this portal; GRADER_TOKEN holds your token.",
        ),
    ] = None,
    wait: Annotated[bool, typer.Option("--wait", help="With --server: wait for the result.")] = False,
    allow_http: Annotated[
        bool, typer.Option("--allow-http", help="With --server: allow http, which sends the token unencrypted.")
    ] = False,
    course: CourseOption = None,
    exercise: UnnamedExerciseOption = None,
    db: DatabaseOption = DEFAULT_DATABASE,
    as_json: JsonOption = False,
) -> int:
    """Record one student's files, here or at a portal, and print a receipt for each."""
    from grader.cli import submit as command
    from grader.cli import submit_remote
    from grader.core.errors import UsageError

    if student is not None:
        if server is not None or wait or allow_http:
            raise UsageError(
                "--student and --server exclude each other: the token identifies you at a portal; leave one out"
            )
        return command.run_submit(files, student, resolve_course_folder(course), db, as_json=as_json, exercise=exercise)
    if server is None:
        raise UsageError("name the student with --student ID, or the portal with --server URL")
    return submit_remote.run_submit_remote(
        files, submit_remote.RemoteSubmitOptions(server, wait, allow_http, exercise), as_json=as_json
    )


COMMANDS: Final = {"check": check, "submit": submit}
