"""A check that is exported to a release as JSON and read back judges answers alike.

Covers `core/results/rule_result.py`.
"""

import json
from typing import Any

import pytest

from grader.core.questions.checks import AnswerCheck, Check, Probe, TextCheck
from grader.core.questions.kinds.choice import ChoiceForm, ChoiceRule
from grader.core.questions.kinds.code_reading import CodeReadingForm
from grader.core.questions.kinds.drawing import DrawingForm
from grader.core.questions.kinds.experiment import CurvesForm
from grader.core.questions.kinds.kind import CheckExport, CheckImport, FormRule
from grader.core.questions.kinds.matching import MatchingForm
from grader.core.questions.kinds.registry import KINDS
from grader.core.questions.kinds.text import ContentRule, LengthRule, TextLimits
from grader.core.results.rule_result import RuleResult
from grader.core.wire.job import ActionResult, Call, Read

FORMS = [
    ("choice", ChoiceForm(("values",), {"W": "the weights", "b": "the biases"}, several=False), ["W", "b"]),
    ("matching", MatchingForm(("use",), {"relu": "ReLU"}, {"h": "hidden"}), {"relu": "q"}),
    ("code_reading", CodeReadingForm(("line",), several=False), ["a = 1", "b = 2"]),
    ("drawing", DrawingForm(("net",)), [2, 0]),
    ("experiment", CurvesForm(("runs",)), 3),
]
WRITTEN = {
    "choice": '{"kind": "choice", "variables": ["values"], '
    '"options": {"W": "the weights", "b": "the biases"}, "several": false}',
    "matching": '{"kind": "matching", "variables": ["use"], "items": {"relu": "ReLU"}, "options": {"h": "hidden"}}',
    "code_reading": '{"kind": "reading", "variables": ["line"], "several": false}',
    "drawing": '{"kind": "drawing", "variables": ["net"]}',
    "experiment": '{"kind": "curves", "variables": ["runs"]}',
}
"""The forms as they are in releases of all versions."""


def check_of(rule: Any, actions: tuple[Any, ...]) -> tuple[AnswerCheck, Probe]:
    """Return a check of that rule."""
    probe = Probe(actions, rule)
    return AnswerCheck("form", "It can be read.", 1.0, lambda rng: probe, limits={"cpu": 3.0}), probe


def read_back(kind: str, exported: CheckExport) -> Any:
    """Return the check that is read from an export in JSON."""
    data = json.loads(json.dumps(exported.data))
    return KINDS[kind].load_check(CheckImport("q", "form", "It can be read.", 1.0, data))


@pytest.mark.parametrize(("kind", "form", "wrong"), FORMS, ids=[kind for kind, _, _ in FORMS])
def test_a_form_is_released_completely(kind: str, form: FormRule, wrong: Any) -> None:
    """A form's export never changes; read back, it has the same actions and gives the same results."""
    exported = KINDS[kind].export_check(*check_of(form, form.actions))
    assert exported
    assert exported.is_whole
    assert list(exported.data) == ["limits", "form"]
    assert json.dumps(exported.data["form"]) == WRITTEN[kind]
    check = read_back(kind, exported)
    assert (check.name, check.says, check.points, check.limits) == ("form", "It can be read.", 1.0, {"cpu": 3.0})
    probe = check.make_probe(None)
    assert (probe.actions, probe.rule) == (form.actions, form)
    judged = probe.rule((ActionResult(wrong),))
    assert judged.wrong
    assert judged == form((ActionResult(wrong),))


def test_right_answers_are_never_released() -> None:
    """A rule that scores is released as a check that the variable exists, without points."""
    form = ChoiceForm(("values",), {"W": "the weights"}, several=True)
    exported = KINDS["choice"].export_check(*check_of(ChoiceRule(form, frozenset({"W"})), form.actions))
    assert exported
    assert exported.data["form"] == {"kind": "present", "variables": ["values"]}
    assert not exported.is_whole
    check = read_back("choice", exported)
    assert check.points == 0
    assert str(check.says) == "It can be read. (Here only whether it is there is looked at.)"
    assert check.make_probe(None).rule((ActionResult("anything"),)).passed


def test_rules_about_calls_are_left_out() -> None:
    """An author's rule about the results of calls is not released."""
    actions = (Read("W"), Call("forward", ()))
    assert KINDS["experiment"].export_check(*check_of(lambda returned: RuleResult(), actions)) is None


def test_remarks_on_lines_are_translated_and_not_released() -> None:
    """Remarks on lines that cost nothing are the author's texts, and a release doesn't contain them."""
    form = CodeReadingForm(("lines",), several=True, also={"c = a": "Nothing uses `c`."})
    assert form.author_texts == ("Nothing uses `c`.",)
    exported = KINDS["code_reading"].export_check(*check_of(form, form.actions))
    assert exported
    assert "Nothing" not in json.dumps(exported.data)


@pytest.mark.parametrize("rule", [LengthRule(TextLimits("q", 2, 10)), ContentRule(TextLimits("q", 2, 10))])
def test_prose_is_released_completely(rule: LengthRule | ContentRule) -> None:
    """Both rules for prose are read back unchanged; an author's own rule is left out."""
    exported = KINDS["text"].export_check(TextCheck("form", "It can be read.", 1.0, rule), None)
    assert exported
    check = read_back("text", exported)
    assert check == TextCheck("form", "It can be read.", 1.0, rule)
    assert KINDS["text"].export_check(TextCheck("own", "Says so.", 1.0, lambda text: RuleResult()), None) is None


@pytest.mark.parametrize(("holds", "points"), [(None, 1.0), (lambda value, x: None, 0.0)])
def test_a_check_of_a_function_is_released_without_code(holds: Any, points: float) -> None:
    """The read check has names, output and tolerance, and no code; a property becomes a check of the form."""
    check = Check(
        "form", "It is halved.", 1.0, lambda rng: 1.0, holds=holds, function="half", reference=lambda x: x / 2
    )
    exported = KINDS["code"].export_check(check, None)
    assert exported
    assert list(exported.data) == ["limits", "function", "parameters", "output", "tolerance", "only_form"]
    assert exported.data["parameters"] == ["x"]
    assert exported.is_whole == (holds is None)
    made = read_back("code", CheckExport({**exported.data, "cases": [{}, {}]}))
    assert (made.function, made.repeat, made.points, made.output) == ("half", 2, points, check.output)
    assert (made.holds is None) == (holds is None)


@pytest.mark.parametrize("kind", KINDS)
def test_an_unknown_form_is_refused(kind: str) -> None:
    """A form of a later version, which is unknown here, is refused."""
    exported = CheckExport({"limits": {}, "form": {"kind": "poem", "variables": ["x"]}})
    with pytest.raises(ValueError, match="unknown form 'poem'"):
        read_back(kind, exported)
