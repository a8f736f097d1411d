"""Commands that look after an installation: `db` and `doctor`."""

from pathlib import Path
from typing import Annotated, Final

import typer

from grader.cli.options import (
    DEFAULT_DATABASE,
    DatabaseOption,
    JsonOption,
    StudentOption,
    parse_path,
)

db_app = typer.Typer(no_args_is_help=True, help="The records themselves.")


@db_app.command("info")
def run_db_info(db: DatabaseOption = DEFAULT_DATABASE, as_json: JsonOption = False) -> int:
    """Where the records are, their revision, how many, how large."""
    from grader.cli import db as command

    return command.print_database_info(db, as_json=as_json)


@db_app.command("upgrade")
def run_db_upgrade(db: DatabaseOption = DEFAULT_DATABASE) -> int:
    """Bring older records up to date, all or nothing. Make a backup first."""
    from grader.cli import db as command

    return command.upgrade_records(db)


@db_app.command("log")
def run_db_log(
    db: DatabaseOption = DEFAULT_DATABASE, student: StudentOption = None, as_json: JsonOption = False
) -> int:
    """Who did what when."""
    from grader.cli import db as command

    return command.print_event_log(db, student, as_json=as_json)


@db_app.command("backup")
def run_db_backup(
    to: Annotated[Path, typer.Argument(parser=parse_path, metavar="FILE", help="A new file.")],
    db: DatabaseOption = DEFAULT_DATABASE,
) -> int:
    """Write the records into one new file, also while they are in use (SQLite)."""
    from grader.cli import db as command

    return command.write_backup(db, to)


@db_app.command("restore")
def run_db_restore(
    file: Annotated[Path, typer.Argument(parser=parse_path, metavar="FILE", help="A backup.")],
    db: DatabaseOption = DEFAULT_DATABASE,
) -> int:
    """Make a database of a backup, where none is (SQLite)."""
    from grader.cli import db as command

    return command.restore_backup(db, file)


def doctor(as_json: JsonOption = False) -> int:
    """Say which sandbox level this machine gives, why, and what would raise it."""
    from grader.cli import doctor as command

    return command.run_doctor(as_json=as_json)


COMMANDS: Final = {"doctor": doctor, "db": db_app}
