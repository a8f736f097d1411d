"""Options that several commands share."""

from pathlib import Path
from typing import Annotated, Any

import typer


def parse_path(text: str) -> Path:
    """Return the path as it was written. Raises UsageError for an empty one, which would be the current folder."""
    from grader.core.errors import UsageError

    if not text:
        raise UsageError("a path is empty: write the name of a file or folder, or . for the current folder")
    return Path(text)


def _course_option(default: str) -> Any:
    """Return the option --course with a help that says which course is taken without it."""
    return typer.Option(
        "--course",
        parser=parse_path,
        metavar="DIR",
        envvar="GRADER_COURSE",
        help=f"The folder of the course. Default: {default}.",
    )


CourseOption = Annotated[Path | None, _course_option("the bundled course")]
OwnCourseOption = Annotated[
    Path | None, _course_option("the current one if it contains a course, else the bundled course")
]
DatabaseOption = Annotated[
    str,
    typer.Option(
        "--db", metavar="URL", envvar="GRADER_DB", help="The database, SQLite or PostgreSQL, as an SQLAlchemy URL."
    ),
]
ExerciseOption = Annotated[str | None, typer.Option("--exercise", metavar="E", help="Only this exercise.")]
UnnamedExerciseOption = Annotated[
    str | None, typer.Option("--exercise", metavar="E", help="The exercise of files that name none.")
]
StudentOption = Annotated[str | None, typer.Option("--student", metavar="ID", help="Only this student.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print only JSON: one object per line.")]
LanguageOption = Annotated[
    str | None,
    typer.Option(
        "--lang",
        metavar="LANGUAGE",
        envvar="GRADER_LANG",
        help="The language, such as en or fr. Default: the course's.",
    ),
]
SandboxOption = Annotated[
    str, typer.Option("--sandbox", metavar="LEVEL", help="The lowest level to accept: seccomp, landlock or full.")
]
UnsafeOption = Annotated[
    bool,
    typer.Option(
        "--unsafe-no-sandbox", help="Run student code without a sandbox. Use it only for code that you trust."
    ),
]
ForceOption = Annotated[bool, typer.Option("--force", help="Overwrite a file that has other contents.")]
WorkersOption = Annotated[
    int | None,
    typer.Option("--workers", min=1, max=1024, metavar="N", help="Number of processes. Default: one per processor."),
]
SchedulerOption = Annotated[
    str | None,
    typer.Option(
        "--scheduler",
        metavar="ADDRESS",
        envvar="GRADER_SCHEDULER",
        help="Grade on the Dask cluster at tls://HOST:PORT (or tcp://).",
    ),
]
AuthorityOption = Annotated[
    Path | None,
    typer.Option("--tls-ca", metavar="FILE", envvar="GRADER_TLS_CA", help="The certificate authority to trust (PEM)."),
]
CertificateOption = Annotated[
    Path | None,
    typer.Option("--tls-cert", metavar="FILE", envvar="GRADER_TLS_CERT", help="The certificate of this machine (PEM)."),
]
KeyOption = Annotated[
    Path | None,
    typer.Option(
        "--tls-key", metavar="FILE", envvar="GRADER_TLS_KEY", help="Its private key, if it is in another file."
    ),
]
DEFAULT_DATABASE = "sqlite:///grader.db"


def resolve_course_folder(folder: Path | None) -> Path:
    """Return the named course folder, else the bundled one. Raises UsageError if the current folder has another."""
    from grader.services.course_folder import choose_course

    return choose_course(folder)


def resolve_own_course_folder(folder: Path | None) -> Path:
    """Return the named course folder, else the current one or the bundled one, with a remark."""
    from grader.cli import terminal
    from grader.services.course_folder import choose_own_course

    chosen, remark = choose_own_course(folder)
    if remark:
        terminal.print_remark(remark)
    return chosen


def parse_levels(sandbox: str, unsafe: bool) -> tuple[Any, Any]:
    """Return the (strongest, least) sandbox level to use. Raises UsageError for an unknown level."""
    from grader.core.errors import UsageError
    from grader.sandbox.level import Level

    if unsafe:
        return Level.NONE, Level.NONE
    allowed = [str(level) for level in Level if level is not Level.NONE]
    if sandbox not in allowed:
        raise UsageError(f"--sandbox {sandbox!r} is not a level; choose one of {', '.join(allowed)}")
    return Level.FULL, Level(sandbox)


def parse_scheduler(
    address: str | None, authority: Path | None, certificate: Path | None, key: Path | None, workers: int | None
) -> Any:
    """Return the named scheduler, or None. Raises UsageError for an unsafe or contradictory combination."""
    if address is None:
        return None
    from grader.core.errors import UsageError
    from grader.grading.cluster.address import build_scheduler

    if workers is not None:
        raise UsageError("--workers does not apply to a cluster, where all its workers take part: leave it out")
    return build_scheduler(address, authority, certificate, key)
