"""`grader marks`: what waits for a person, shown and marked."""

from pathlib import Path
from typing import Annotated, Final

import typer

from grader.cli.options import (
    DEFAULT_DATABASE,
    CourseOption,
    DatabaseOption,
    ExerciseOption,
    ForceOption,
    JsonOption,
    StudentOption,
    parse_path,
    resolve_course_folder,
)

marks_app = typer.Typer(no_args_is_help=True, help="Mark answers by hand: points and a comment.")
AnonymousOption = Annotated[bool, typer.Option("--anonymous", help="Show pseudonyms instead of names.")]
MarkedOption = Annotated[bool, typer.Option("--marked", help="Include answers that are marked already.")]
AttemptsOption = Annotated[bool, typer.Option("--all-attempts", help="Include attempts that cannot count.")]
SubmissionArgument = Annotated[
    int, typer.Argument(metavar="SUBMISSION", min=1, max=2**31 - 1, help="The number that grader marks queue shows.")
]
QuestionArgument = Annotated[str, typer.Argument(metavar="QUESTION", help="The name of the question.")]


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
    """List the answers to mark, question by question."""
    from grader.cli import marks as command
    from grader.services.marks import MarkFilter

    mark_filter = MarkFilter(exercise, student, marked, all_attempts, anonymous)
    return command.print_marking_queue(resolve_course_folder(course), db, mark_filter, as_json=as_json)


@marks_app.command("show")
def run_marks_show(
    submission: SubmissionArgument,
    question: Annotated[str | None, typer.Argument(metavar="[QUESTION]", help="Default: all questions.")] = None,
    course: CourseOption = None,
    db: DatabaseOption = DEFAULT_DATABASE,
    anonymous: AnonymousOption = False,
) -> int:
    """Show an answer with its rubric and its mark, or the mark of an earlier attempt as a proposal."""
    from grader.cli import marks as command

    return command.print_answers(submission, question, resolve_course_folder(course), db, anonymous=anonymous)


@marks_app.command("set")
def run_marks_set(
    submission: SubmissionArgument,
    question: QuestionArgument,
    points: Annotated[
        float | None, typer.Argument(metavar="[POINTS]", help="Default: the sum of the ticked items.")
    ] = None,
    items: Annotated[
        list[str] | None, typer.Option("--item", metavar="ITEM", help="Tick a rubric item, by its number or its text.")
    ] = None,
    comment: Annotated[str, typer.Option("--comment", metavar="TEXT", help="A comment for the student.")] = "",
    proposed: Annotated[bool, typer.Option("--proposed", help="Give the points of the earlier attempt.")] = False,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Withdraw the mark.")] = False,
    course: CourseOption = None,
    db: DatabaseOption = DEFAULT_DATABASE,
) -> int:
    """Give points for a question of a submission. A later mark replaces an earlier one."""
    from grader.cli import marks as command
    from grader.core.errors import UsageError
    from grader.store import NewMark

    if (proposed or withdraw) and (points is not None or items or comment or (proposed and withdraw)):
        raise UsageError("--proposed and --withdraw take no other input: leave out points, --item and --comment")
    if proposed:
        return command.run_accept_proposal(submission, question, db)
    if withdraw:
        return command.run_withdraw_mark(submission, question, db)
    marking = NewMark(submission, question, points, comment, tuple(items or ()))
    return command.run_set_mark(marking, resolve_course_folder(course), db)


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
    """Write the answers to mark as a CSV table, which you fill in and import."""
    from grader.cli import marks as command
    from grader.services.marks import MarkFilter

    mark_filter = MarkFilter(exercise, student, marked, all_attempts, anonymous)
    return command.run_export_marks(to, resolve_course_folder(course), db, mark_filter, force=force)


@marks_app.command("import")
def run_marks_import(
    file: Annotated[
        Path,
        typer.Argument(parser=parse_path, metavar="FILE", help="A table from grader marks export that you filled in."),
    ],
    course: CourseOption = None,
    db: DatabaseOption = DEFAULT_DATABASE,
) -> int:
    """Record the marks of a table, all of them or none."""
    from grader.cli import marks as command

    return command.run_import_marks(file, lambda: resolve_course_folder(course), db)


COMMANDS: Final = {"marks": marks_app}
