"""Results of an attempt from a portal's API, parsed into dataclasses."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class RemoteQuestion:
    """One question: its state, its points, each message with the sentences of its checks, and further explanations."""

    id: str
    state: str
    score: float
    max_score: float
    messages: Mapping[str, Sequence[str]]
    hints: tuple[str, ...]
    explanations: tuple[str, ...] = ()


@dataclass(frozen=True)
class RemoteResult:
    """One attempt; `data` is the original response. Points and questions are empty if there is an error."""

    data: Mapping[str, Any]
    error: str | None = None
    score: float = 0.0
    max_score: float = 0.0
    pending: float = 0.0
    questions: tuple[RemoteQuestion, ...] = ()


def parse_result(data: Mapping[str, Any]) -> RemoteResult:
    """Parse the response of a portal. Raises KeyError, TypeError or ValueError for anything else."""
    if data.get("error"):
        return RemoteResult(data, str(data["error"]))
    score, most, pending = (float(data[name]) for name in ("score", "max_score", "pending"))
    questions = tuple(_parse_question(question) for question in data["questions"])
    return RemoteResult(data, None, score, most, pending, questions)


def _parse_question(data: Mapping[str, Any]) -> RemoteQuestion:
    messages: dict[str, list[str]] = {}
    for check in data["checks"]:
        if check["message"]:
            messages.setdefault(str(check["message"]), []).append(str(check["says"]))
    hints = dict.fromkeys(str(check["hint"]) for check in data["checks"] if check["hint"])
    return RemoteQuestion(
        id=str(data["id"]),
        state=_find_state(data),
        score=float(data["score"]),
        max_score=float(data["max_score"]),
        messages=messages,
        hints=tuple(hints),
        explanations=tuple(dict.fromkeys(text for check in data["checks"] for text in _list_explanations(check))),
    )


def _list_explanations(check: Mapping[str, Any]) -> Iterator[str]:
    """Yield the explanations that neither the hint nor the message says; portals of earlier versions send none."""
    for one in check.get("explanations", ()):
        text = str(one["text"])
        if text != check["hint"] and text not in str(check["message"]):
            yield text


def _find_state(question: Mapping[str, Any]) -> str:
    """Return one word for the whole question, as `QuestionReport.state` does."""
    verdicts = {check["verdict"] for check in question["checks"]}
    if question["score"] >= question["max_score"] and verdicts <= {"passed"}:
        return "right"
    if verdicts == {"not_attempted"}:
        return "not_attempted"
    if verdicts <= {"passed"} or "grader_error" in verdicts:
        return "pending"
    return "partly" if question["score"] > 0 else "wrong"
