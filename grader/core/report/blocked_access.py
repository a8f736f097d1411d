"""Find blocked access of student code to files, the network and other programs.

It is read from recorded exceptions and remarks. Blocked access doesn't imply bad intent (saving a plot needs a file,
too), and its absence doesn't imply good intent: code may catch the exception, and then nothing is recorded.
"""

from typing import Final

from grader.core.results.grading import CheckResult
from grader.core.wire.job import CellRun, ExceptionInfo

_NO_FILES: Final = ("there are no files here", "there is no such file here", "leads out of the exercise's folder")
_BLOCKED_PHRASES: Final = (
    "was not read:",
    "was not written:",
    "out of reach here",
    "other programs are not available here",
)
"""Parts of the sandbox's remarks, in today's wording and in the earlier one that old databases hold."""


def is_access_blocked(result: CheckResult) -> bool:
    """Tell whether a check ended because its code requested something that the sandbox blocks."""
    return isinstance(result.reason, ExceptionInfo) and _is_denied(result.reason)


def list_blocked_access(cell: CellRun) -> tuple[str, ...]:
    """Return the blocked access of a cell, one sentence each."""
    sentences = [remark for remark in cell.remarks if any(words in remark for words in _BLOCKED_PHRASES)]
    if not sentences and cell.raised and _is_denied(cell.raised):
        sentences.append("Something that it asked for was denied.")
    return tuple(sentences)


def _is_denied(raised: ExceptionInfo) -> bool:
    return raised.type == "PermissionError" or any(words in raised.message for words in _NO_FILES)
