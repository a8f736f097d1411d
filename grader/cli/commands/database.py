"""Commands that look after an installation: `db` and `doctor`."""

from pathlib import Path
from typing import Annotated, Final

import typer

from grader.cli.options import (
    DEFAULT_DATABASE,
    DatabaseOption,
    JsonOption,
    OwnCourseOption,
    StudentOption,
    parse_path,
)

db_app = typer.Typer(no_args_is_help=True, help="Inspect, upgrade, back up and restore the database.")


@db_app.command("info")
def run_db_info(db: DatabaseOption = DEFAULT_DATABASE, as_json: JsonOption = False) -> int:
    """Show the database: its place, revision, number of records and size."""
    from grader.cli import db as command

    return command.print_database_info(db, as_json=as_json)


@db_app.command("upgrade")
def run_db_upgrade(db: DatabaseOption = DEFAULT_DATABASE) -> int:
    """Upgrade the database to this version, completely or not at all. Make a backup first."""
    from grader.cli import db as command

    return command.upgrade_records(db)


@db_app.command("log")
def run_db_log(
    db: DatabaseOption = DEFAULT_DATABASE, student: StudentOption = None, as_json: JsonOption = False
) -> int:
    """Show who did what, and when."""
    from grader.cli import db as command

    return command.print_event_log(db, student, as_json=as_json)


@db_app.command("backup")
def run_db_backup(
    to: Annotated[Path, typer.Argument(parser=parse_path, metavar="FILE", help="A new file.")],
    db: DatabaseOption = DEFAULT_DATABASE,
) -> int:
    """Copy the database into a new file, also while it is in use (SQLite)."""
    from grader.cli import db as command

    return command.write_backup(db, to)


@db_app.command("restore")
def run_db_restore(
    file: Annotated[Path, typer.Argument(parser=parse_path, metavar="FILE", help="The backup file.")],
    db: DatabaseOption = DEFAULT_DATABASE,
) -> int:
    """Restore a backup to a place where no database exists (SQLite)."""
    from grader.cli import db as command

    return command.restore_backup(db, file)


def doctor(as_json: JsonOption = False, db: DatabaseOption = DEFAULT_DATABASE, course: OwnCourseOption = None) -> int:
    """Show the sandbox level of this machine, the reason, and how to raise it, and records that others can read.

    With --course also whether the packages that the course names can be imported.
    """
    from grader.cli import doctor as command

    return command.run_doctor(db, course, as_json=as_json)


COMMANDS: Final = {"doctor": doctor, "db": db_app}
