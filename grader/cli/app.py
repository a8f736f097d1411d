"""The command line as a whole: every command, in the order in which `grader --help` shows them."""

from typing import Annotated

import typer

from grader.cli.commands import course, database, grading, marks, portal, records, students

app = typer.Typer(
    name="grader",
    help="Grades deep-learning exercises in plain numpy: sandboxed, fast, and it says how a tensor is wrong.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback(invoke_without_command=True)
def top(version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False) -> None:
    """Grades deep-learning exercises in plain numpy: sandboxed, fast, and it says how a tensor is wrong."""
    if version:
        from grader.version import __version__

        typer.echo(f"grader {__version__}")
        raise typer.Exit


for command in (
    grading.demo,
    course.init,
    course.build,
    course.translate,
    course.release,
    students.check,
    students.submit,
    records.collect,
    grading.grade,
    grading.report,
    portal.serve,
    database.doctor,
    records.export,
    records.extend,
):
    app.command()(command)
app.add_typer(marks.marks_app, name="marks")
app.add_typer(database.db_app, name="db")
app.add_typer(portal.user_app, name="user")
