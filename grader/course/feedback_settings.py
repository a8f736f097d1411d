"""Read `[feedback]` of a course, an exercise or a question: what students are shown, and from when on more of it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from zoneinfo import ZoneInfo

from grader.core.results.disclosure import DisclosureStep, FeedbackRules, HiddenDetail, Hints
from grader.course.toml_values import TomlLines, read_moment, read_table, require_known

FEEDBACK_KEYS: Final = ("hints", "steps")
STEP_KEYS: Final = ("after", "after_attempts", "hints", "hidden")
QUESTION_KEYS: Final = ("feedback",)
HINTS: Final = {hints.name.lower(): hints for hints in Hints}
"""The values of `hints`, each of which shows more than the one before."""
HIDDEN_DETAILS: Final = {detail.name.lower(): detail for detail in HiddenDetail if detail}
"""The values of `hidden`."""


def read_feedback(defaults: FeedbackRules, owner: Mapping[str, Any], zone: ZoneInfo, lines: TomlLines) -> FeedbackRules:
    """Return the rules of a table `feedback` in its owner's; a key that is missing keeps its value of `defaults`."""
    table = read_table(owner, "feedback", lines)
    require_known(table, FEEDBACK_KEYS, lines)
    rules = defaults
    if "hints" in table:
        rules = replace(rules, hints=_hints(table["hints"], lines))
    if "steps" in table:
        rules = replace(rules, steps=_steps(table["steps"], zone, lines))
    return rules


def read_question_feedback(
    defaults: FeedbackRules, exercise: Mapping[str, Any], zone: ZoneInfo, lines: TomlLines
) -> dict[str, FeedbackRules]:
    """Return the rules of `[exercise.NAME.question.ID.feedback]` by question."""
    tables = read_table(exercise, "question", lines)
    rules = {}
    for name in tables:
        own = read_table(tables, name, lines)
        require_known(own, QUESTION_KEYS, lines)
        rules[name] = read_feedback(defaults, own, zone, lines)
    return rules


def _hints(value: Any, lines: TomlLines) -> Hints:
    if not isinstance(value, str) or value not in HINTS:
        raise lines.error("hints", f"hints can't be {value!r}: write one of {', '.join(HINTS)}, in quotes")
    return HINTS[value]


def _steps(value: Any, zone: ZoneInfo, lines: TomlLines) -> tuple[DisclosureStep, ...]:
    if not isinstance(value, list) or not all(isinstance(step, dict) for step in value):
        raise lines.error("steps", "steps is a list of tables: write [[feedback.steps]] and the settings of one below")
    return tuple(_step(step, zone, lines) for step in value)


def _step(table: Mapping[str, Any], zone: ZoneInfo, lines: TomlLines) -> DisclosureStep:
    require_known(table, STEP_KEYS, lines)
    if not {"after", "after_attempts"} & table.keys():
        raise lines.error("steps", "a step says from when on it applies: write after or after_attempts")
    if not {"hints", "hidden"} & table.keys():
        raise lines.error("steps", "a step says what it changes: write hints or hidden")
    return DisclosureStep(
        after=read_moment("after", table["after"], zone, lines) if "after" in table else None,
        after_attempts=_count(table["after_attempts"], lines) if "after_attempts" in table else None,
        hints=_hints(table["hints"], lines) if "hints" in table else None,
        hidden=_hidden(table["hidden"], lines) if "hidden" in table else None,
    )


def _count(value: Any, lines: TomlLines) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise lines.error("after_attempts", f"after_attempts can't be {value!r}: write a number of attempts, such as 3")
    return value


def _hidden(value: Any, lines: TomlLines) -> HiddenDetail:
    if not isinstance(value, str) or value not in HIDDEN_DETAILS:
        choices = ", ".join(HIDDEN_DETAILS)
        raise lines.error("hidden", f"hidden can't be {value!r}: write one of {choices}, in quotes")
    return HIDDEN_DETAILS[value]
