"""Options that several commands share."""

from pathlib import Path
from typing import Annotated, Any

import typer


def parse_path(said: str) -> Path:
    """A path as it was written. Raises UsageError for an empty one, which would be the current folder."""
    from grader.core.errors import UsageError

    if not said:
        raise UsageError("an empty path names nothing: write the name of a file or folder, or . for the current one")
    return Path(said)


CourseOption = Annotated[
    Path | None,
    typer.Option(
        "--course",
        parser=parse_path,
        metavar="DIR",
        envvar="GRADER_COURSE",
        help="The course; default: the bundled one.",
    ),
]
DatabaseOption = Annotated[
    str, typer.Option("--db", metavar="URL", envvar="GRADER_DB", help="SQLite or PostgreSQL, as SQLAlchemy writes it.")
]
ExerciseOption = Annotated[str | None, typer.Option("--exercise", metavar="E", help="Only this exercise.")]
StudentOption = Annotated[str | None, typer.Option("--student", metavar="ID", help="Only this student.")]
JsonOption = Annotated[
    bool, typer.Option("--json", help="One JSON object a line on standard output, and nothing else.")
]
LanguageOption = Annotated[
    str | None,
    typer.Option("--lang", metavar="LANGUAGE", envvar="GRADER_LANG", help="en, fr, …; default: the course's own."),
]
SandboxOption = Annotated[
    str, typer.Option("--sandbox", metavar="LEVEL", help="The least level accepted: seccomp, landlock or full.")
]
UnsafeOption = Annotated[
    bool,
    typer.Option("--unsafe-no-sandbox", help="Run student code without any sandbox. Only for code that you trust."),
]
ForceOption = Annotated[bool, typer.Option("--force", help="Write over a file that holds something else.")]
WorkersOption = Annotated[
    int | None, typer.Option("--workers", min=1, max=1024, metavar="N", help="Processes; default: one a processor.")
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
    Path | None, typer.Option("--tls-ca", metavar="FILE", envvar="GRADER_TLS_CA", help="Whose certificates count.")
]
CertificateOption = Annotated[
    Path | None, typer.Option("--tls-cert", metavar="FILE", envvar="GRADER_TLS_CERT", help="Our certificate.")
]
KeyOption = Annotated[
    Path | None, typer.Option("--tls-key", metavar="FILE", envvar="GRADER_TLS_KEY", help="Its key, if not in there.")
]
DEFAULT_DATABASE = "sqlite:///grader.db"


def resolve_course_folder(given: Path | None) -> Path:
    """The course's folder: what was given, else the bundled one."""
    from grader.course.loader import bundled_course_folder

    return given if given is not None else bundled_course_folder()


def parse_levels(sandbox: str, unsafe: bool) -> tuple[Any, Any]:
    """(strongest, least) level to use. Raises UsageError for a level that isn't one."""
    from grader.core.errors import UsageError
    from grader.sandbox.level import Level

    if unsafe:
        return Level.NONE, Level.NONE
    allowed = [str(level) for level in Level if level is not Level.NONE]
    if sandbox not in allowed:
        raise UsageError(f"--sandbox {sandbox!r} is no level; choose one of {', '.join(allowed)}")
    return Level.FULL, Level(sandbox)


def parse_scheduler(
    address: str | None, authority: Path | None, certificate: Path | None, key: Path | None, workers: int | None
) -> Any:
    """The scheduler that is named, or None. Raises UsageError for what isn't safe, or doesn't go together."""
    if address is None:
        return None
    from grader.core.errors import UsageError
    from grader.grading.cluster.address import build_scheduler

    if workers is not None:
        raise UsageError("--workers is for this machine; on a cluster as many work as were started there: leave it out")
    return build_scheduler(address, authority, certificate, key)
