"""Recorded access that the sandbox blocked is found."""

import pytest

from grader.core.report.blocked_access import is_access_blocked, list_blocked_access
from grader.core.results.grading import CheckResult
from grader.core.results.verdict import Verdict
from grader.core.wire.job import CellRun, ExceptionInfo

NO_FILE = ExceptionInfo("FileNotFoundError", "[Errno 2] there are no files here: '/etc/passwd'")
DENIED = ExceptionInfo("PermissionError", "[Errno 1] Operation not permitted")


@pytest.mark.parametrize(
    ("raised", "asked"), [(NO_FILE, True), (DENIED, True), (ExceptionInfo("ValueError", "no"), False)]
)
def test_a_check_that_ended_by_blocked_access(raised: ExceptionInfo, asked: bool) -> None:
    """A check that ended by blocked access is distinguished from other exceptions."""
    assert is_access_blocked(CheckResult("a", Verdict.RUNTIME_ERROR, 0.0, 1.0, False, reason=raised)) is asked
    assert not is_access_blocked(CheckResult("a", Verdict.PASSED, 1.0, 1.0, False))


def test_a_cells_blocked_access_is_listed() -> None:
    """A cell's remarks about files and the network are listed; a denied cell without one gets a sentence."""
    remarks = ("`pandas` is not available here", "`a.csv` was not read: there are no files here.")
    assert list_blocked_access(CellRun("cell 1", remarks=remarks)) == (remarks[1],)
    assert list_blocked_access(CellRun("cell 1", raised=DENIED)) == ("Something that it asked for was denied.",)
    assert list_blocked_access(CellRun("cell 1", remarks=remarks[:1], raised=ExceptionInfo("NameError", "x"))) == ()
