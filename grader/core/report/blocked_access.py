"""What student code asked for that the sandbox doesn't give: files, the network, other programs.

Read from what is on record: exceptions and remarks. It is no proof of bad intent (a plot that was to be saved asks for
a file, too), nor of good: code may catch the exception, and then nothing is on record.
"""

from typing import Final

from grader.core.results.grading import CheckResult
from grader.core.wire.job import CellRun, ExceptionInfo

_NO_FILES: Final = "there are no files here"
_BLOCKED_PHRASES: Final = ("was not read:", "was not written:", "out of reach here")


def is_access_blocked(result: CheckResult) -> bool:
    """A check ended because code asked for what isn't given."""
    return isinstance(result.reason, ExceptionInfo) and _is_denied(result.reason)


def list_blocked_access(cell: CellRun) -> tuple[str, ...]:
    """What a cell was refused, a sentence each."""
    said = [remark for remark in cell.remarks if any(words in remark for words in _BLOCKED_PHRASES)]
    if not said and cell.raised and _is_denied(cell.raised):
        said.append("Something that it asked for was denied.")
    return tuple(said)


def _is_denied(raised: ExceptionInfo) -> bool:
    return raised.type == "PermissionError" or _NO_FILES in raised.message
