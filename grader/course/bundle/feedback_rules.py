"""The rules of feedback as data of a release: the hints alone, since a release has no hidden checks."""

from datetime import UTC, datetime
from typing import Any

from grader.core.results.disclosure import DisclosureStep, FeedbackRules, Hints

JsonNode = Any
"""A value that `json` reads and writes."""


def dump_feedback_rules(rules: FeedbackRules) -> JsonNode:
    """Return the hints of an exercise, their steps, and those of single questions."""
    steps = [_dump_step(step) for step in rules.steps if step.hints is not None]
    own: dict[str, JsonNode] = {"hints": rules.hints.name.lower(), "steps": steps}
    if rules.by_question:
        own["questions"] = {name: dump_feedback_rules(one) for name, one in rules.by_question.items()}
    return own


def load_feedback_rules(node: JsonNode) -> FeedbackRules:
    """Return the rules that `dump_feedback_rules` wrote. Raises KeyError, TypeError or ValueError for other data."""
    steps = tuple(_load_step(step) for step in node["steps"])
    by_question = {name: load_feedback_rules(one) for name, one in node.get("questions", {}).items()}
    return FeedbackRules(Hints[node["hints"].upper()], steps, by_question)


def _dump_step(step: DisclosureStep) -> JsonNode:
    assert step.hints is not None
    node: dict[str, JsonNode] = {"hints": step.hints.name.lower()}
    if step.after is not None:
        node["after"] = step.after.astimezone(UTC).isoformat()
    if step.after_attempts is not None:
        node["after_attempts"] = step.after_attempts
    return node


def _load_step(node: JsonNode) -> DisclosureStep:
    after = datetime.fromisoformat(node["after"]) if "after" in node else None
    if after is not None and after.utcoffset() is None:
        raise ValueError(f"{node['after']!r} has no offset")
    attempts = int(node["after_attempts"]) if "after_attempts" in node else None
    return DisclosureStep(after, attempts, Hints[node["hints"].upper()])
