"""The commands with their arguments and options; what they do is in the modules beside this one."""

from pathlib import Path
from typing import Annotated

import typer

from grader.cli.options import (
    DEFAULT_DATABASE,
    AuthorityOption,
    CertificateOption,
    CourseOption,
    DatabaseOption,
    ExerciseOption,
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
from grader.cli.records import db_app, export, extend, marks_app, user_app

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


@app.command()
def demo(
    to: Annotated[
        Path, typer.Option("--to", parser=parse_path, metavar="DIR", help="Where everything is written.")
    ] = Path("grader-demo"),
    workers: WorkersOption = None,
    sandbox: SandboxOption = "seccomp",
) -> int:
    """Grade a sample class of 30, write the reports, and say where they are."""
    from grader.cli import demo as command

    return command.run_demo(to, workers, *parse_levels(sandbox, False))


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(parser=parse_path, metavar="DIR", help="A new folder, or an empty one.")],
) -> int:
    """Start a course of your own: a small one, which can be built, checked and graded at once."""
    from grader.cli import init as command

    return command.run_init(folder)


@app.command()
def build(
    course: CourseOption = None,
    check: Annotated[bool, typer.Option("--check", help="Prove the course instead of writing it.")] = False,
) -> int:
    """Write the notebooks with blanks: reference/ -> exercises/."""
    from grader.cli import build as command

    folder = resolve_course_folder(course)
    return command.print_course_problems(folder) if check else command.write_course(folder)


@app.command()
def translate(
    language: Annotated[str, typer.Argument(metavar="LANGUAGE", help="Such as fr.")],
    course: CourseOption = None,
    program: Annotated[bool, typer.Option("--program", help="The program's own sentences instead.")] = False,
) -> int:
    """Write or update reference/locale/LANGUAGE.po: all that a student reads of the course, for a translator."""
    from grader.cli import translate as command

    return (
        command.translate_program(language)
        if program
        else command.translate_course(language, resolve_course_folder(course))
    )


@app.command()
def release(
    to: Annotated[
        Path, typer.Option("--to", parser=parse_path, metavar="DIR", help="A folder, or a file that ends in .zip.")
    ],
    course: CourseOption = None,
    lang: LanguageOption = None,
) -> int:
    """Write what students get: templates, and what `grader check` needs; no solution, no hidden check."""
    from grader.cli import release as command

    return command.run_release(to, resolve_course_folder(course), lang)


@app.command()
def check(
    files: Annotated[
        list[Path], typer.Argument(parser=parse_path, metavar="FILE...", help="Notebooks (.ipynb) or scripts (.py).")
    ],
    course: CourseOption = None,
    watch: Annotated[bool, typer.Option("--watch", help="Check again on every save, until Ctrl-C.")] = False,
    lang: LanguageOption = None,
    as_json: JsonOption = False,
) -> int:
    """Check your own work: the visible checks only. Nothing is recorded or sent."""
    from grader.cli import check as command

    return (command.watch if watch else command.run_check)(files, course, lang, as_json=as_json)


@app.command()
def submit(
    files: Annotated[
        list[Path], typer.Argument(parser=parse_path, metavar="FILE...", help="Notebooks (.ipynb) or scripts (.py).")
    ],
    student: Annotated[str | None, typer.Option("--student", metavar="ID", help="Whose they are.")] = None,
    server: Annotated[
        str | None,
        typer.Option(
            "--server",
            metavar="URL",
            help="Hand in at this portal, with your token in GRADER_TOKEN.",
        ),
    ] = None,
    wait: Annotated[bool, typer.Option("--wait", help="With --server: wait for the result.")] = False,
    allow_http: Annotated[
        bool, typer.Option("--allow-http", help="With --server: send the token in the clear.")
    ] = False,
    course: CourseOption = None,
    db: DatabaseOption = DEFAULT_DATABASE,
    as_json: JsonOption = False,
) -> int:
    """Record one student's files, here or at a portal, and give a receipt for each."""
    from grader.cli import submit as command
    from grader.cli import submit_remote
    from grader.core.errors import UsageError

    if student is not None:
        if server is not None or wait or allow_http:
            raise UsageError("at a portal the token says who you are: leave out --student, or the options of --server")
        return command.run_submit(files, student, resolve_course_folder(course), db, as_json=as_json)
    if server is None:
        raise UsageError("say whose they are with --student ID, or where to hand in with --server URL")
    return submit_remote.run_submit_remote(
        files, submit_remote.RemoteSubmitOptions(server, wait, allow_http), as_json=as_json
    )


@app.command()
def collect(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(parser=parse_path, metavar="PATH...", help="Folders, or zip archives as an LMS gives them out."),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="FORMAT", help="canvas, moodle, gradescope, nbgrader or folders; default: told."
        ),
    ] = None,
    roster: Annotated[
        Path | None,
        typer.Option("--roster", parser=parse_path, metavar="FILE", help="A CSV of the students, put on record first."),
    ] = None,
    exercise: Annotated[
        str | None, typer.Option("--exercise", metavar="E", help="The exercise of files that don't say it.")
    ] = None,
    received: Annotated[
        str | None, typer.Option("--received", metavar="TIME", help="When files that don't say it were handed in.")
    ] = None,
    undecided: Annotated[
        Path | None,
        typer.Option("--undecided", parser=parse_path, metavar="FILE", help="Write what isn't decided as a new CSV."),
    ] = None,
    decisions: Annotated[
        Path | None, typer.Option("--decisions", parser=parse_path, metavar="FILE", help="That CSV, filled in.")
    ] = None,
    course: CourseOption = None,
    db: DatabaseOption = DEFAULT_DATABASE,
    as_json: JsonOption = False,
) -> int:
    """Record a class's files: a folder per student, or a download of an LMS (zip or folder)."""
    from grader.cli import collect as command
    from grader.services.collect import CollectRequest

    request = CollectRequest(paths or [], source, exercise, received, roster, decisions, undecided)
    return command.run_collect(request, resolve_course_folder(course), db, as_json=as_json)


@app.command()
def grade(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(parser=parse_path, metavar="[PATH...]", help="Folders or files; none: what waits."),
    ] = None,
    course: CourseOption = None,
    db: DatabaseOption = DEFAULT_DATABASE,
    exercise: ExerciseOption = None,
    student: StudentOption = None,
    regrade: Annotated[
        bool, typer.Option("--regrade", help="Also what was graded by another version; says what changed.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="With --regrade: show it, record nothing.")] = False,
    question: Annotated[
        str | None, typer.Option("--question", metavar="Q", help="With --regrade: only this question.")
    ] = None,
    page: Annotated[
        Path | None,
        typer.Option("--html", parser=parse_path, metavar="FILE", help="With --regrade: also a page of what changed."),
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
    """Record and grade submissions: PATH/STUDENT/EXERCISE.ipynb, or files named STUDENT__EXERCISE.ipynb."""
    from grader.cli import grade as command
    from grader.services.grading_run import GradeRequest, GradingOptions

    where = parse_scheduler(scheduler, tls_ca, tls_cert, tls_key, workers)
    how = GradingOptions(workers, *parse_levels(sandbox, unsafe_no_sandbox), scheduler=where)
    wanted = GradeRequest(exercise, student, regrade, question, dry_run)
    folder = resolve_course_folder(course)
    return command.run_grade(paths or [], folder, db, wanted, how, page=page, as_json=as_json)


@app.command()
def report(
    to: Annotated[Path, typer.Option("--to", parser=parse_path, metavar="DIR", help="Where the pages are written.")],
    course: CourseOption = None,
    db: DatabaseOption = DEFAULT_DATABASE,
    student: StudentOption = None,
    lang: LanguageOption = None,
) -> int:
    """Write HTML: one page a student and exercise, one for the class."""
    from grader.cli import report as command

    return command.run_report(to, resolve_course_folder(course), db, student, lang)


@app.command()
def serve(
    host: Annotated[str, typer.Option("--host", metavar="H", help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", metavar="P", min=0, max=65535, help="0: any that is free.")] = 8000,
    url: Annotated[
        str | None,
        typer.Option("--url", metavar="URL", envvar="GRADER_URL", help="Where people reach it, through a proxy."),
    ] = None,
    trusted_proxy: Annotated[
        list[str] | None,
        typer.Option("--trusted-proxy", metavar="ADDRESS", help="Whose forwarded headers are believed."),
    ] = None,
    processes: Annotated[
        int, typer.Option("--processes", min=1, max=64, metavar="N", help="Processes that answer requests.")
    ] = 1,
    workers: WorkersOption = None,
    scheduler: SchedulerOption = None,
    tls_ca: AuthorityOption = None,
    tls_cert: CertificateOption = None,
    tls_key: KeyOption = None,
    course: CourseOption = None,
    db: DatabaseOption = DEFAULT_DATABASE,
    sandbox: SandboxOption = "seccomp",
) -> int:
    """Serve the portal: students hand in on a web page, and read their feedback there."""
    from grader.cli import serve as command
    from grader.services.portal_options import ListenOptions, ServerOptions

    where = ListenOptions(host, port, url, tuple(trusted_proxy or ()))
    there = parse_scheduler(scheduler, tls_ca, tls_cert, tls_key, workers)
    how = ServerOptions(processes, workers, *parse_levels(sandbox, False), there)
    return command.run_serve(resolve_course_folder(course), db, where, how)


@app.command()
def doctor(as_json: JsonOption = False) -> int:
    """Say which sandbox level this machine gives, why, and what would raise it."""
    from grader.cli import doctor as command

    return command.run_doctor(as_json=as_json)


app.add_typer(marks_app, name="marks")
app.command()(export)
app.command()(extend)
app.add_typer(db_app, name="db")
app.add_typer(user_app, name="user")
