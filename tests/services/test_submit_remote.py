"""Submitting to a portal: every file has a receipt or a reason; meaningless responses are the portal's fault."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from grader.core.errors import PortalError
from grader.core.results.receipt import Receipt
from grader.services import submit_remote
from grader.services.ingest import IngestResult
from grader.services.portal_client import PortalClient, UploadRejected
from grader.services.remote_result import parse_result
from grader.services.submit_remote import fetch_account, submit_files_remotely, wait_for_result

ACCOUNT = {"/me": {"name": "ada", "time_zone": "UTC"}, "/exercises": [{"name": "doubling"}]}
RECEIPT = {
    "student": "ada",
    "exercise": "doubling",
    "submission": 1,
    "is_new": True,
    "received_at": "2031-05-20T12:00:00+00:00",
    "sha256": "0" * 64,
    "size": 6,
    "due": None,
    "late": False,
    "days_late": 0,
    "keeps": 1.0,
    "counts": True,
    "attempts": None,
    "attempts_left": None,
    "error": None,
}
CHECK = {"verdict": "wrong_answer", "message": "It is twice too large.", "says": "A row is doubled.", "hint": None}
RESULT = {
    "score": 1.0,
    "max_score": 3.0,
    "pending": 0.0,
    "questions": [{"id": "twice", "score": 1.0, "max_score": 3.0, "checks": [CHECK, CHECK | {"hint": "Halve it."}]}],
}


@dataclass(frozen=True)
class FakePortal(PortalClient):
    """A portal that gives prepared responses."""

    answers: Mapping[str, Any] = field(default_factory=dict)
    submit: Callable[[str], Mapping[str, Any]] = lambda name: RECEIPT

    def get(self, path: str) -> Any:
        """Return the response for a path; from a list, the next one."""
        found = self.answers[path]
        return found.pop(0) if path.endswith("attempts/1") else found

    def submit_file(self, exercise: str, name: str, data: bytes) -> Mapping[str, Any]:
        """Return the receipt of a file, or refuse it."""
        return self.submit(name)


def portal(answers: Mapping[str, Any], submit: Callable[[str], Mapping[str, Any]] = lambda name: RECEIPT) -> FakePortal:
    """Make a portal with these responses."""
    return FakePortal("https://portal.example.org", "token", answers, submit)


def receipt() -> Receipt:
    """Return the receipt of the attempt whose result is awaited."""
    return Receipt.from_json(RECEIPT)


def test_each_file_has_a_receipt_or_a_reason(tmp_path: Path) -> None:
    """A file that the portal refuses, or that is of no exercise, doesn't stop the others."""

    def submit(name: str) -> Mapping[str, Any]:
        if name.endswith(".ipynb"):
            raise UploadRejected("it is too large")
        return RECEIPT

    names = ("doubling.ipynb", "other.py", "doubling.py")
    for name in names:
        (tmp_path / name).write_text("x = 1\n")
    client = portal(ACCOUNT, submit)
    account = fetch_account(client)
    assert (account.name, account.zone, account.exercises) == ("ada", "UTC", ("doubling",))
    refused, other, good = submit_files_remotely(client, account, [tmp_path / name for name in names])
    assert refused.result == IngestResult("ada", "doubling", error="it is too large")
    assert isinstance(other.result, IngestResult)
    assert good.result == receipt()


def test_a_result_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """The result is polled until it is graded; None once that takes too long."""
    monkeypatch.setattr(submit_remote, "RESULT_POLL_DELAYS_S", (0.0, 0.0))
    here = "/exercises/doubling/attempts/1"
    states = [{"state": "waiting"}, {"state": "failed"}, {"state": "graded"}]
    found = wait_for_result(portal({here: states, f"{here}/result": RESULT}), receipt())
    assert found is not None
    assert (found.score, found.max_score, found.data) == (1.0, 3.0, RESULT)
    monkeypatch.setattr(submit_remote, "RESULT_TIMEOUT_S", -1.0)
    assert wait_for_result(portal({here: [{"state": "waiting"}]}), receipt()) is None


def test_a_result_is_grouped_by_message() -> None:
    """Each message has the sentences of its checks; each hint is listed once."""
    (question,) = parse_result(RESULT).questions
    assert (question.id, question.state) == ("twice", "partly")
    assert question.messages == {"It is twice too large.": ["A row is doubled.", "A row is doubled."]}
    assert question.hints == ("Halve it.",)
    assert parse_result({"error": "no notebook"}).error == "no notebook"


@pytest.mark.parametrize(
    ("verdicts", "score", "state"),
    [
        (["passed"], 3.0, "right"),
        (["not_attempted", "not_attempted"], 0.0, "not_attempted"),
        (["passed"], 0.0, "pending"),
        (["grader_error", "wrong_answer"], 0.0, "pending"),
        (["wrong_answer"], 0.0, "wrong"),
        (["passed", "wrong_answer"], 1.0, "partly"),
    ],
)
def test_a_question_has_a_state(verdicts: list[str], score: float, state: str) -> None:
    """The state follows from the verdicts and the points."""
    checks = [CHECK | {"verdict": verdict} for verdict in verdicts]
    question = {"id": "twice", "score": score, "max_score": 3.0, "checks": checks}
    assert parse_result(RESULT | {"questions": [question]}).questions[0].state == state


def test_a_malformed_response_raises_portal_error() -> None:
    """A missing field, or one of another type, raises PortalError, which advises to update."""
    here = "/exercises/doubling/attempts/1"
    with pytest.raises(PortalError, match="gives an answer that this program does not understand"):
        fetch_account(portal({"/me": {}}))
    with pytest.raises(PortalError, match="update grader"):
        wait_for_result(portal({here: [{"state": "graded"}], f"{here}/result": {"score": 1.0}}), receipt())
