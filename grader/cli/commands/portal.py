"""Commands of the portal: `serve`, and `user` for accounts."""

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
    SandboxOption,
    SchedulerOption,
    WorkersOption,
    parse_levels,
    parse_scheduler,
    resolve_course_folder,
)

user_app = typer.Typer(no_args_is_help=True, help="Manage accounts of the portal.")
UrlOption = Annotated[
    str | None,
    typer.Option(
        "--url",
        metavar="URL",
        envvar="GRADER_URL",
        help="The public address of the portal. Default: http://127.0.0.1:8000.",
    ),
]
DaysOption = Annotated[
    int, typer.Option("--days", metavar="N", min=1, max=365, help="Days until the invitation expires.")
]


def serve(
    host: Annotated[str, typer.Option("--host", metavar="H", help="The network address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", metavar="P", min=0, max=65535, help="The port to listen on; 0: any free port.")
    ] = 8000,
    url: Annotated[
        str | None,
        typer.Option("--url", metavar="URL", envvar="GRADER_URL", help="The public address, if it is behind a proxy."),
    ] = None,
    trusted_proxy: Annotated[
        list[str] | None,
        typer.Option("--trusted-proxy", metavar="ADDRESS", help="A proxy whose forwarded headers are trusted."),
    ] = None,
    processes: Annotated[
        int, typer.Option("--processes", min=1, max=64, metavar="N", help="Number of processes that answer requests.")
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
    """Serve the portal: web pages where students hand in and read their feedback."""
    from grader.cli import serve as command
    from grader.services.portal_options import ListenOptions, ServerOptions

    listen_options = ListenOptions(host, port, url, tuple(trusted_proxy or ()))
    cluster = parse_scheduler(scheduler, tls_ca, tls_cert, tls_key, workers)
    server_options = ServerOptions(processes, workers, *parse_levels(sandbox, False), cluster)
    return command.run_serve(resolve_course_folder(course), db, listen_options, server_options)


@user_app.command("add")
def add_user(
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help="The names with which people sign in.")],
    role: Annotated[str, typer.Option("--role", metavar="ROLE", help="The role: student or instructor.")] = "student",
    days: DaysOption = 14,
    url: UrlOption = None,
    db: DatabaseOption = DEFAULT_DATABASE,
) -> int:
    """Create accounts. Prints a link for each person, who can set a password with it once."""
    from grader.cli import user as command

    return command.add_accounts(names, role, days, url, db)


@user_app.command("reset")
def reset_user(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The name of the account.")],
    days: DaysOption = 14,
    url: UrlOption = None,
    db: DatabaseOption = DEFAULT_DATABASE,
) -> int:
    """Remove a password, end all sessions, and print a new link."""
    from grader.cli import user as command

    return command.reset_password(name, days, url, db)


@user_app.command("token")
def make_token(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The name of the account.")],
    purpose: Annotated[
        str, typer.Option("--purpose", metavar="TEXT", help="A note on the use of the token, shown in lists.")
    ] = "",
    days: Annotated[
        int, typer.Option("--days", metavar="N", min=1, max=730, help="Days until the token expires.")
    ] = 180,
    db: DatabaseOption = DEFAULT_DATABASE,
) -> int:
    """Print a token with which a program can act as this person at the portal. It is shown once."""
    from grader.cli import user as command

    return command.run_create_token(name, purpose, days, db)


@user_app.command("list")
def list_users(db: DatabaseOption = DEFAULT_DATABASE, as_json: JsonOption = False) -> int:
    """List the accounts."""
    from grader.cli import user as command

    return command.print_accounts(db, as_json=as_json)


@user_app.command("erase")
def run_user_erase(
    student: Annotated[str, typer.Argument(metavar="STUDENT", help="The student.")],
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="The reason, kept in the log. Do not name the person.")
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Confirm the erasure.")] = False,
    db: DatabaseOption = DEFAULT_DATABASE,
) -> int:
    """Erase a student and all their submissions permanently. The log keeps the fact of the erasure."""
    from grader.cli import user as command

    return command.erase_student_records(student, reason, db, sure=yes)


COMMANDS: Final = {"serve": serve, "user": user_app}
