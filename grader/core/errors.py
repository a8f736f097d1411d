"""What can go wrong on our side or the author's. A student's failures are verdicts, never exceptions.

GraderError                 one clear line: what, where, what to do
├── UsageError              the command was called wrongly                    exit code 2
├── CourseError             the course's author must mend something          exit code 2
├── UnreadableSubmission    this file can't be graded; the others can        exit code 3
├── StoreError              the database can't be used                       exit code 3
│   └── NoRecords           no database is there, or nothing is in it        exit code 2
├── PortalError             the portal can't be reached, or refuses          exit code 3
├── SandboxUnavailable      this machine gives too weak a sandbox            exit code 3
├── ClusterError            the cluster can't be reached, or none of it grades   exit code 3
└── SandboxFault            our side of the sandbox failed (`grader_error`)  exit code 3
"""

from grader.core.text.messages import TranslatableError


class GraderError(TranslatableError):
    """The root: `str(error)` is one line for a person, `exit_code` is the command's."""

    exit_code = 3


class UsageError(GraderError):
    """The command was called with something that can't be used."""

    exit_code = 2


class CourseError(GraderError):
    """The course is wrong; the message names file, line, question and what to write instead."""

    exit_code = 2


class UnreadableSubmission(GraderError):
    """What was handed in is not a notebook or script that can be read."""


class StoreError(GraderError):
    """The database can't be opened, read or written."""


class NoRecords(StoreError):
    """A command that works with records was given a database that has none, or isn't there."""

    exit_code = 2


class PortalError(GraderError):
    """A portal can't be reached, or refuses what it was asked."""


class SandboxUnavailable(GraderError):
    """The machine's strongest level is weaker than what was asked."""


class ClusterError(GraderError):
    """The scheduler can't be reached, or its workers can't grade this."""


class SandboxFault(GraderError):
    """The sandbox itself failed, not what ran in it. Never costs a student points."""
