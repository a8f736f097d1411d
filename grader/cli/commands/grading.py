"""Commands that grade and report: `demo`, `grade` and `report`."""

from pathlib import Path
from typing import Annotated, Final

import typer

from grader.cli.options import (
    DEFAULT_DATABASE,
    AuthorityOption,
    CertificateOption,
    CourseOption,
    DatabaseOption,
    JsonOption,
    KeyOption,
    LanguageOption,
    SandboxOption,
    SchedulerOption,
    StudentOption,
    UnsafeOption,
    WorkersOption,
    parse_levels,
    parse_path,
    parse_scheduler,
    resolve_course_folder,
)


def demo(
    to: Annotated[Path, typer.Option("--to", parser=parse_path, metavar="DIR", help="The folder to write to.")] = Path(
        "grader-demo"
    ),
    workers: WorkersOption = None,
    sandbox: SandboxOption = "seccomp",
) -> int:
    """Grade a demo class of 30 students, write the reports, and print their location."""
    from grader.cli import demo as command

    return command.run_demo(to, workers, *parse_levels(sandbox, False))


def grade(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            parser=parse_path,
            metavar="[PATH...]",
            help="Folders or files. Default: recorded submissions without a grade.",
        ),
    ] = None,
    course: CourseOption = None,
    db: DatabaseOption = DEFAULT_DATABASE,
    exercise: Annotated[
        str | None, typer.Option("--exercise", metavar="E", help="Only this exercise, also of files that name none.")
    ] = None,
    student: StudentOption = None,
    regrade: Annotated[
        bool, typer.Option("--regrade", help="Also grade again what another version graded, and show the changes.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="With --regrade: show the changes, record nothing.")
    ] = False,
    question: Annotated[
        str | None, typer.Option("--question", metavar="Q", help="With --regrade: only this question.")
    ] = None,
    page: Annotated[
        Path | None,
        typer.Option(
            "--html", parser=parse_path, metavar="FILE", help="With --regrade: also write the changes as an HTML page."
        ),
    ] = None,
    workers: WorkersOption = None,
    scheduler: SchedulerOption = None,
    tls_ca: AuthorityOption = None,
    tls_cert: CertificateOption = None,
    tls_key: KeyOption = None,
    sandbox: SandboxOption = "seccomp",
    unsafe_no_sandbox: UnsafeOption = False,
    as_json: JsonOption = False,
) -> int:
    """Record and grade submissions: PATH/STUDENT/EXERCISE.ipynb or STUDENT__EXERCISE.ipynb."""
    from grader.cli import grade as command
    from grader.services.grading_run import GradeRequest, GradingOptions

    cluster = parse_scheduler(scheduler, tls_ca, tls_cert, tls_key, workers)
    grading_options = GradingOptions(workers, *parse_levels(sandbox, unsafe_no_sandbox), scheduler=cluster)
    request = GradeRequest(exercise, student, regrade, question, dry_run)
    folder = resolve_course_folder(course)
    return command.run_grade(paths or [], folder, db, request, grading_options, page=page, as_json=as_json)


def report(
    to: Annotated[Path, typer.Option("--to", parser=parse_path, metavar="DIR", help="The folder for the pages.")],
    course: CourseOption = None,
    db: DatabaseOption = DEFAULT_DATABASE,
    student: StudentOption = None,
    lang: LanguageOption = None,
    mode: Annotated[
        str, typer.Option("--mode", metavar="MODE", help="Permissions of pages to publish: 644, or 640 for a group.")
    ] = "",
) -> int:
    """Write HTML: one page per student and exercise, and one page for the class, for you alone unless published."""
    from grader.cli import report as command

    return command.run_report(to, resolve_course_folder(course), db, student, lang, mode)


COMMANDS: Final = {"demo": demo, "grade": grade, "report": report}
