"""Commands on the records, with their arguments and options: `marks`, `db`, `user`, `export` and `extend`."""

from pathlib import Path
from typing import Annotated

import typer

from grader.cli.options import (
    DEFAULT_DATABASE,
    CourseOption,
    DatabaseOption,
    ExerciseOption,
    JsonOption,
    StudentOption,
    parse_path,
    resolve_course_folder,
)

marks_app = typer.Typer(no_args_is_help=True, help="What waits for a person: points with a comment.")
db_app = typer.Typer(no_args_is_help=True, help="The records themselves.")
user_app = typer.Typer(no_args_is_help=True, help="People.")

AnonymousOption = Annotated[bool, typer.Option("--anonymous", help="Pseudonyms in place of names.")]
ForceOption = Annotated[bool, typer.Option("--force", help="Write over a file that holds something else.")]
MarkedOption = Annotated[bool, typer.Option("--marked", help="Also what is marked already.")]
AttemptsOption = Annotated[bool, typer.Option("--all-attempts", help="Not only the attempts that may count.")]
SubmissionArgument = Annotated[
    int, typer.Argument(metavar="SUBMISSION", min=1, max=2**31 - 1, help="Its number in grader marks queue.")
]
QuestionArgument = Annotated[str, typer.Argument(metavar="QUESTION")]


@marks_app.command("queue")
def run_marks_queue(
    course: CourseOption = None,
    db: DatabaseOption = DEFAULT_DATABASE,
    exercise: ExerciseOption = None,
    student: StudentOption = None,
    marked: MarkedOption = False,
    all_attempts: AttemptsOption = False,
    anonymous: AnonymousOption = False,
    as_json: JsonOption = False,
) -> int:
    """What waits for a person, question by question."""
    from grader.cli import marks as command
    from grader.services.marks import MarkFilter

    which = MarkFilter(exercise, student, marked, all_attempts, anonymous)
    return command.print_marking_queue(resolve_course_folder(course), db, which, as_json=as_json)


@marks_app.command("show")
def run_marks_show(
    submission: SubmissionArgument,
    question: Annotated[str | None, typer.Argument(metavar="[QUESTION]")] = None,
    course: CourseOption = None,
    db: DatabaseOption = DEFAULT_DATABASE,
    anonymous: AnonymousOption = False,
) -> int:
    """An answer with its rubric, its mark, or the mark of an earlier attempt as a proposal."""
    from grader.cli import marks as command

    return command.print_answers(submission, question, resolve_course_folder(course), db, anonymous=anonymous)


@marks_app.command("set")
def run_marks_set(
    submission: SubmissionArgument,
    question: QuestionArgument,
    points: Annotated[float | None, typer.Argument(metavar="[POINTS]", help="Default: the sum of the items.")] = None,
    items: Annotated[
        list[str] | None, typer.Option("--item", metavar="ITEM", help="An item of the rubric: its number or its words.")
    ] = None,
    comment: Annotated[str, typer.Option("--comment", metavar="TEXT", help="What the student reads.")] = "",
    proposed: Annotated[bool, typer.Option("--proposed", help="Give the mark of the earlier attempt.")] = False,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take the mark back.")] = False,
    course: CourseOption = None,
    db: DatabaseOption = DEFAULT_DATABASE,
) -> int:
    """Give points for a question of a submission. A later mark stands in place of an earlier one."""
    from grader.cli import marks as command
    from grader.core.errors import UsageError
    from grader.store import NewMark

    if (proposed or withdraw) and (points is not None or items or comment or (proposed and withdraw)):
        raise UsageError("--proposed and --withdraw say it all: leave points, --item and --comment out")
    if proposed:
        return command.accept_proposal(submission, question, db)
    if withdraw:
        return command.withdraw_mark(submission, question, db)
    marking = NewMark(submission, question, points, comment, tuple(items or ()))
    return command.set_mark(marking, resolve_course_folder(course), db)


@marks_app.command("export")
def run_marks_export(
    to: Annotated[
        Path | None, typer.Option("--to", parser=parse_path, metavar="FILE", help="Default: standard output.")
    ] = None,
    course: CourseOption = None,
    db: DatabaseOption = DEFAULT_DATABASE,
    exercise: ExerciseOption = None,
    student: StudentOption = None,
    marked: MarkedOption = False,
    all_attempts: AttemptsOption = False,
    anonymous: AnonymousOption = False,
    force: ForceOption = False,
) -> int:
    """A CSV table of answers, to be filled in and imported."""
    from grader.cli import marks as command
    from grader.services.marks import MarkFilter

    which = MarkFilter(exercise, student, marked, all_attempts, anonymous)
    return command.export_marks(to, resolve_course_folder(course), db, which, force=force)


@marks_app.command("import")
def run_marks_import(
    file: Annotated[
        Path, typer.Argument(parser=parse_path, metavar="FILE", help="A table from grader marks export, filled in.")
    ],
    db: DatabaseOption = DEFAULT_DATABASE,
) -> int:
    """Set the marks of a table, all or none."""
    from grader.cli import marks as command

    return command.import_marks(file, db)


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


UrlOption = Annotated[
    str, typer.Option("--url", metavar="URL", envvar="GRADER_URL", help="Where people reach the portal.")
]
DaysOption = Annotated[int, typer.Option("--days", metavar="N", min=1, max=365, help="How long the invitation holds.")]
DEFAULT_PORTAL_URL = "http://127.0.0.1:8000"


@user_app.command("add")
def add_user(
    names: Annotated[list[str], typer.Argument(metavar="NAME...")],
    role: Annotated[str, typer.Option("--role", metavar="ROLE", help="student or instructor.")] = "student",
    days: DaysOption = 14,
    url: UrlOption = DEFAULT_PORTAL_URL,
    db: DatabaseOption = DEFAULT_DATABASE,
) -> int:
    """Let people sign in at the portal: prints a link for each, by which a password is set once."""
    from grader.cli import user as command

    return command.add_accounts(names, role, days, url, db)


@user_app.command("reset")
def reset_user(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    days: DaysOption = 14,
    url: UrlOption = DEFAULT_PORTAL_URL,
    db: DatabaseOption = DEFAULT_DATABASE,
) -> int:
    """Take a password away, end all sessions, and print a new link."""
    from grader.cli import user as command

    return command.reset_password(name, days, url, db)


@user_app.command("token")
def make_token(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    purpose: Annotated[str, typer.Option("--purpose", metavar="TEXT", help="What it is for, to know it by.")] = "",
    days: Annotated[int, typer.Option("--days", metavar="N", min=1, max=730, help="How long it holds.")] = 180,
    db: DatabaseOption = DEFAULT_DATABASE,
) -> int:
    """Print a token by which a program acts as somebody at the portal; it is shown once."""
    from grader.cli import user as command

    return command.create_account_token(name, purpose, days, db)


@user_app.command("list")
def list_users(db: DatabaseOption = DEFAULT_DATABASE, as_json: JsonOption = False) -> int:
    """Who has an account."""
    from grader.cli import user as command

    return command.print_accounts(db, as_json=as_json)


@user_app.command("erase")
def run_user_erase(
    student: Annotated[str, typer.Argument(metavar="STUDENT")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Kept on record; name nobody in it.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do it.")] = False,
    db: DatabaseOption = DEFAULT_DATABASE,
) -> int:
    """Erase a student with everything handed in, for good; that it was done stays on record."""
    from grader.cli import user as command

    return command.erase_student_records(student, reason, db, sure=yes)


def export(
    format: Annotated[str, typer.Option("--format", metavar="F", help="csv, json, canvas, moodle or gradescope.")],
    to: Annotated[
        Path, typer.Option("--to", parser=parse_path, metavar="FILE", help="Of gradescope's: a folder of files.")
    ],
    template: Annotated[
        Path | None,
        typer.Option(
            "--template", parser=parse_path, metavar="FILE", help="Canvas's gradebook or Moodle's worksheet to fill in."
        ),
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option("--column", metavar="E=NAME", help="Which assignment of Canvas's is an exercise's."),
    ] = None,
    pending: Annotated[
        bool, typer.Option("--pending", help="Also scores that wait for a person: the points so far.")
    ] = False,
    hidden: Annotated[
        str, typer.Option("--hidden", metavar="V", help="Of hidden checks in gradescope: after_published or hidden.")
    ] = "after_published",
    force: ForceOption = False,
    course: CourseOption = None,
    db: DatabaseOption = DEFAULT_DATABASE,
    exercise: ExerciseOption = None,
) -> int:
    """Write the scores of a class, under the course's rules, for other systems."""
    from grader.cli import export as command
    from grader.core.errors import UsageError
    from grader.services.export import ExportFormat, ExportRequest

    if format not in list(ExportFormat):
        raise UsageError(f"there is no format {format[:40]!r}; choose one of {', '.join(ExportFormat)}")
    request = ExportRequest(ExportFormat(format), exercise, template, tuple(column or ()), pending, hidden)
    return command.run_export(to, resolve_course_folder(course), db, request, force=force)


def extend(
    student: Annotated[str, typer.Argument(metavar="STUDENT")],
    exercise: Annotated[str, typer.Argument(metavar="EXERCISE")],
    until: Annotated[
        str | None, typer.Option("--until", metavar="TIME", help="'2031-05-27 23:59', on the course's clocks.")
    ] = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take an extension back.")] = False,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Kept on record.")] = "",
    course: CourseOption = None,
    db: DatabaseOption = DEFAULT_DATABASE,
) -> int:
    """Give one student more time for an exercise."""
    from grader.cli import extend as command

    return command.run_extend(student, exercise, until, withdraw, reason, resolve_course_folder(course), db)
