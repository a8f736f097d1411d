"""Errors of the program or of a course's author. A student's failures are verdicts, never exceptions.

GraderError                 one clear line: the problem, its place, and the remedy
├── UsageError              the command was used wrongly                     exit code 2
├── CourseError             the course's author must correct something       exit code 2
├── UnreadableSubmission    this file can't be graded; the others can        exit code 3
├── StoreError              the database can't be used                       exit code 3
│   └── NoRecords           the database is missing or empty                 exit code 2
├── PortalError             the portal can't be reached, or refuses          exit code 3
├── SandboxUnavailable      this machine's sandbox is too weak               exit code 3
├── ClusterError            the cluster can't be reached, or can't grade     exit code 3
└── SandboxFault            the sandbox itself failed (`grader_error`)       exit code 3
"""

from grader.core.text.messages import MessageLike, TranslatableError
from grader.version import WHEEL_NAME


class GraderError(TranslatableError):
    """The root of all errors: `str(error)` is the line that a command prints, `exit_code` that of the command.

    `command_hint` names a command or an option that helps. A page shows `message` only, which has neither.
    """

    exit_code = 3

    def __init__(self, message: MessageLike = "", command_hint: str = "") -> None:
        super().__init__(message)
        self.command_hint = command_hint

    def __str__(self) -> str:
        return "; ".join(filter(None, (str(self.message), self.command_hint)))


class UsageError(GraderError):
    """The command was called with a value that can't be used."""

    exit_code = 2


class CourseError(GraderError):
    """The course is wrong; the message names file, line, question and what to write instead."""

    exit_code = 2


class UnreadableSubmission(GraderError):
    """The submitted file isn't a readable notebook or script."""


class StoreError(GraderError):
    """The database can't be opened, read or written."""


class NoRecords(StoreError):
    """A command that needs records was given a database that is empty or missing."""

    exit_code = 2


class PortalError(GraderError):
    """The portal can't be reached, or refuses a request."""


class SandboxUnavailable(GraderError):
    """The machine's strongest sandbox level is weaker than the required one."""


class ClusterError(GraderError):
    """The scheduler can't be reached, or its workers can't grade the course."""


class SandboxFault(GraderError):
    """The sandbox itself failed, not the code in it. It never costs a student points."""


def describe_cause(error: BaseException) -> str:
    """Return an exception's own words in one line, for a sentence: of the system's errors without their number."""
    if isinstance(error, OSError) and error.strerror:
        return str(error.strerror)
    return " ".join(str(error).split()) or type(error).__name__


def describe_missing_extra(feature: str, package: str, extra: str) -> str:
    """Return one line for an installation without an optional package: what to install, from a clone or a wheel."""
    return (
        f"{feature} needs {package}: install the program's extra {extra}, from a clone with "
        f"`pip install -e '.[{extra}]'`, from the wheel with `pip install './{WHEEL_NAME}[{extra}]'`"
    )
