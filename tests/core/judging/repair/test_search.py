"""The search for edits, with a function that is run here: which edits are found, and how many trials it takes.

Covers `core/judging/repair/`.
"""

import ast
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from grader.core.judging.reference_data import Case
from grader.core.judging.repair.budget import GRADE_BUDGET, RepairBudget
from grader.core.judging.repair.candidate_order import order_edits
from grader.core.judging.repair.claim import Confirmation, build_repair, list_mended
from grader.core.judging.repair.search import RepairSearch
from grader.core.judging.repair.subject import JudgedCases, Quality, RepairSubject, Work, is_passed
from grader.core.questions.checks import Check
from grader.core.questions.kinds.registry import get_kind
from grader.core.questions.question import Question
from grader.core.results.reason import CodePlace, RepairEdit
from grader.core.wire.edits.combine import apply_edits
from grader.core.wire.edits.edit import EditKind
from grader.core.wire.edits.list_repairs import list_repairs
from grader.core.wire.edits.mending_context import MendingContext
from grader.core.wire.job import ActionResult, Answer, Call, ExceptionInfo, Request, Status

Reference = Callable[..., Any]
QUESTION = Question("q", get_kind("code"), "Question", (), function="f")


class Learner:
    """A learner's function, run here: its subject of repair, and the answers to trials."""

    def __init__(self, source: str, reference: Reference, inputs: dict[str, list[tuple[Any, ...]]]) -> None:
        self._namespace: dict[str, Any] = {"np": np}
        self._source = source
        function = ast.parse(source).body[0]
        assert isinstance(function, ast.FunctionDef)
        edits = tuple(list_repairs(function, source, MendingContext(function, frozenset({"np"}))))
        self.reference = reference
        self.parts = tuple(self.make_part(name, args) for name, args in inputs.items())
        answers = {part.check.name: self.answer(part.request) for part in self.parts}
        base = {part.check.name: part.judge(answers[part.check.name], None) for part in self.parts}
        raised = [r.raised for answer in answers.values() for r in answer.results]
        errors = tuple(one for one in raised if isinstance(one, ExceptionInfo))
        self.subject = RepairSubject(QUESTION, "f", self.parts, base, None, edits, source, cell="c", errors=errors)

    def make_part(self, name: str, inputs: Sequence[tuple[Any, ...]]) -> JudgedCases:
        """Return a check of these inputs."""
        cases = tuple(Case(args, self.reference(*args), {}) for args in inputs)
        calls = tuple(Call("f", case.args) for case in cases)
        check = Check(name, "Text.", 1.0, lambda rng: None, reference=self.reference)
        return JudgedCases(check, cases, Request("q", name, calls))

    def answer(self, request: Request) -> Answer:
        """Return the answer of the edited function; `hang` in its text stops the trial."""
        source = apply_edits(self._source, request.edits)
        if "hang" in source:
            return Answer(Status.TIME_LIMIT)
        return Answer(results=tuple(self._call(source, action) for action in request.actions))

    def _call(self, source: str, action: Any) -> ActionResult:
        namespace = {**self._namespace}
        try:
            exec(source, namespace)
            with np.errstate(all="ignore"):
                return ActionResult(namespace["f"](*(np.array(arg) for arg in action.args)))
        except Exception as error:
            line = (
                error.__traceback__.tb_next.tb_lineno if error.__traceback__ and error.__traceback__.tb_next else None
            )
            return ActionResult(raised=ExceptionInfo(type(error).__name__, "", "c", line))

    def search(self, budget: RepairBudget = GRADE_BUDGET) -> tuple[list[str], RepairSearch]:
        """Return the found edits as texts, and the search."""
        search = RepairSearch(self.subject, budget)
        while requests := search.next_requests():
            assert len({request.question for request in requests}) == 1
            search.receive(self._run(requests))
        return [edit.after.strip() for edit in search.edits], search

    def _run(self, requests: Sequence[Request]) -> list[Answer]:
        """Return the answers; those behind a stopped one are skipped, as in the sandbox."""
        answers: list[Answer] = []
        for request in requests:
            stopped = bool(answers) and (answers[-1].skipped or answers[-1].ended is Status.TIME_LIMIT)
            answers.append(Answer(Status.TIME_LIMIT, skipped=True) if stopped else self.answer(request))
        return answers


def softmax(u: Any) -> Any:
    powers = np.exp(u - np.max(u, axis=-1, keepdims=True))
    return powers / np.sum(powers, axis=-1, keepdims=True)


def shares(x: Any) -> Any:
    return -2 * x / x.size


ONE = [(np.array([1.0, 2.0, 4.0]),)]
BATCH = [(np.array([[1.0, 2.0, 4.0], [0.5, 3.0, 1.0]]),)]
LARGE = [(np.array([[1000.0, 1001.0], [3.0, 2.0]]),)]
ALL = {"one": ONE, "batch": BATCH, "large": LARGE}


def test_one_edit() -> None:
    """A single fault is mended by one edit."""
    source = (
        "def f(u):\n    p = np.exp(u - np.max(u, axis=-1, keepdims=True))\n"
        "    return p / np.sum(p, axis=0, keepdims=True)"
    )
    assert Learner(source, softmax, ALL).search()[0] == ["np.sum(p, axis=-1, keepdims=True)"]


def test_two_edits() -> None:
    """Two faults, each of which has checks of its own, are mended one after the other."""
    edits, search = Learner("def f(u):\n    p = np.exp(u)\n    return p / np.sum(p)", softmax, ALL).search()
    assert sorted(edits) == ["np.exp(u - np.max(u, axis=-1, keepdims=True))", "np.sum(p, axis=-1, keepdims=True)"]
    assert search.tried < sum(GRADE_BUDGET.trials)


def test_likely_faults_are_found_by_the_quick_pass() -> None:
    """Of many edits only the likeliest ones are tried if they mend two faults, one after the other."""
    source = "def f(u):\n    p = np.exp(u)\n    total = np.sum(p)\n    parts = p / total\n    return parts * 1.0"
    learner = Learner(source, softmax, ALL)
    edits, search = learner.search()
    assert sorted(edits) == ["np.exp(u - np.max(u, axis=-1, keepdims=True))", "np.sum(p, axis=-1, keepdims=True)"]
    assert len(learner.subject.edits) > 100
    assert search.tried < 100


def test_no_trial_runs_twice() -> None:
    """The thorough pass runs what the quick one has left out, and nothing anew."""
    source = "def f(x):\n    a = 2 * x\n    return a"
    learner = Learner(source, shares, {"one": [*ONE, *BATCH], "batch": [*BATCH, *ONE]})
    search = RepairSearch(learner.subject)
    run = []
    while requests := search.next_requests():
        run += [(request.edits, len(request.actions)) for request in requests]
        search.receive([learner.answer(request) for request in requests])
    assert len(set(run)) == len(run) == search.tried


def test_two_edits_of_which_one_alone_mends_nothing() -> None:
    """A sign and a missing division are mended together: with one of them the result is nearer, but not right."""
    source = "def f(x):\n    a = 2 * x\n    return a"
    learner = Learner(source, shares, {"one": ONE, "batch": BATCH})
    edits, search = learner.search()
    assert len(edits) == 2
    namespace: dict[str, Any] = {"np": np}
    exec(apply_edits(source, search.edits), namespace)
    fresh = np.array([3.0, -1.0, 7.0, 2.5])
    np.testing.assert_allclose(namespace["f"](fresh), -2 * fresh / 4)


def test_a_fault_behind_an_exception() -> None:
    """A misspelt name hides another fault; both are mended."""
    source = "def f(x):\n    a = np.negativ(x) * 3\n    return a / x.size"
    edits, _ = Learner(source, shares, {"one": ONE, "batch": BATCH}).search()
    assert sorted(edits) == ["2", "np.negative"]


def test_one_exception_after_another() -> None:
    """An edit after which a call gets further is kept, though the call raises again."""
    source = "def f(x):\n    a = np.negativ(x)\n    b = 2 * a / x.sise\n    return np.squeeez(b)"
    edits, _ = Learner(source, shares, {"one": ONE, "batch": BATCH}).search()
    assert sorted(edits) == ["np.negative", "np.squeeze", "x.size"]


def test_a_missing_reduction() -> None:
    """Where the answers have more axes than expected, reductions are tried before factors."""
    source = "def f(x, y, z):\n    a = x - y\n    b = a * z\n    c = b * b\n    d = c + x\n    return np.square(d) / 3"
    inputs = [tuple(np.array(row) for row in ([1.0, 2.0, 4.0], [0.5, 3.0, 1.0], [2.0, 1.0, 7.0]))]
    learner = Learner(source, lambda x, y, z: float(np.sum(((x - y) ** 2 * z**2 + x) ** 2) / 3), {"one": inputs})
    learner.subject = replace(learner.subject, more_axes=1)
    edits, search = learner.search()
    assert edits == ["np.sum(np.square(d) / 3)"]
    assert search.tried < 60


@pytest.mark.parametrize(
    "source",
    [
        "def f(x):\n    return np.random.default_rng(len(x)).normal(size=x.shape)",
        "def f(x):\n    return np.tanh(x) + np.cos(x)",
        "def f(x):\n    raise ValueError(x)",
    ],
)
def test_nothing_is_found_for_other_calculations(source: str) -> None:
    """What has nothing to do with the question is mended by no edit, within the budget."""
    edits, search = Learner(source, softmax, ALL).search()
    assert edits == []
    assert search.tried <= sum(GRADE_BUDGET.trials) + 20


def test_two_stopped_trials_end_the_search() -> None:
    """A function that hangs only when it is edited costs two trials, and those behind the first are run again."""
    source = "def f(u):\n    hand = np.exp(u)\n    return hand / np.sum(hand)"
    learner = Learner(source, softmax, ALL)
    hanging = tuple(replace(edit, after=f"hang_{n}") for n, edit in enumerate(learner.subject.edits))
    learner.subject = replace(learner.subject, edits=hanging)
    edits, search = learner.search()
    assert edits == []
    assert search.tried == 2
    assert search.was_stopped


def test_one_stopped_trial_is_passed_over() -> None:
    """After one trial that hangs the others are tried all the same."""
    learner = Learner("def f(u):\n    p = np.exp(u)\n    return p / np.sum(p)", softmax, ALL)
    edits = learner.subject.edits
    others = tuple(replace(edit, after="hang") if edit.after == "np.sum(p, axis=0)" else edit for edit in edits)
    assert others != edits
    learner.subject = replace(learner.subject, edits=others)
    assert len(learner.search()[0]) == 2


def test_much_work_gets_fewer_trials() -> None:
    """Calls that are more work get fewer trials, by counts alone; those that are too much get none."""
    budget = RepairBudget((40, 20, 20), work=80_000, least_trials=20)
    assert budget.fit(Work(10, 1000)) == budget
    assert budget.fit(Work(10, 2000)).trials == (20, 10, 10)
    assert budget.fit(Work(10, 4000)).trials == (10, 5, 5)
    assert budget.fit(Work(10, 4001)).trials == ()
    learner = Learner("def f(u):\n    p = np.exp(u)\n    return p / np.sum(p)", softmax, ALL)
    learner.subject = replace(learner.subject, work=Work(10, 10**9))
    edits, search = learner.search()
    assert (edits, search.tried) == ([], 0)


def test_the_budget_is_a_number_of_trials() -> None:
    """With a smaller budget the search tries less; the same search always tries the same."""
    source = "def f(x):\n    return np.tanh(x) + np.cos(x)"
    small = Learner(source, softmax, ALL).search(RepairBudget((5,)))[1]
    assert small.tried <= 5 + 8
    one, other = (Learner(source, softmax, ALL).search()[1].tried for _ in range(2))
    assert small.tried < one == other


def test_the_line_of_the_exception_comes_first() -> None:
    """Edits on the line that raised are tried before others of their kind, and those behind it last."""
    source = "def f(x):\n    a = np.sum(x)\n    b = np.sum(a, axis=3)\n    return np.sum(b)"
    learner = Learner(source, shares, {"one": ONE})
    ordered = order_edits(learner.subject, learner.subject.edits, learner.subject.errors)
    spans = [edit.span for edit in ordered if edit.kind is EditKind.AXIS]
    lines = [span.first_line for span in spans if span.first_line == span.last_line]
    assert lines == sorted(lines, key=lambda line: {3: 0, 2: 1, 4: 2}[line])


SUBJECT = Learner("def f(x):\n    return 2 * x / x.size", shares, {"one": ONE, "batch": BATCH}).subject
RIGHT, WRONG = (Quality.RIGHT,), (Quality.WRONG,)


def claim(passing: str, further: str = "", hidden: str = "", before: str = "", **changes: Any) -> frozenset[str]:
    """Return the mended checks; each text names the checks that pass, in capitals those that fail."""

    def read(names: str) -> dict[str, tuple[Quality, ...]]:
        return {name.lower(): RIGHT if name.islower() else WRONG for name in names.split()}

    confirmation = Confirmation(read(passing), read(further), read(hidden))
    return list_mended(replace(SUBJECT, **changes), SUBJECT.edits[:1], confirmation, read(before))


def test_a_claim_is_confirmed() -> None:
    """Edits are claimed for what they mend, visible and hidden, if other inputs agree and nothing breaks."""
    assert claim("one batch") == {"one", "batch"}
    assert claim("one batch", "one batch", "h g", "H g") == {"one", "batch", "h"}
    assert claim("one batch", "one BATCH") == frozenset()
    assert claim("one batch", hidden="H", before="h") == frozenset()
    assert claim("one batch", before="h") == frozenset()
    assert claim("ONE BATCH") == frozenset()
    assert claim("one BATCH", base={"one": WRONG, "batch": RIGHT}) == frozenset()
    assert claim("one batch", weak=frozenset({"one", "batch"})) == frozenset()
    assert claim("one batch", weak=frozenset({"one"})) == {"one", "batch"}


def test_a_part_is_claimed_if_it_is_shown() -> None:
    """If only some visible checks are mended, they expect three different numbers, or two hidden checks agree."""
    assert claim("one BATCH") == {"one"}
    scalar = Learner("def f(x):\n    return x.size", lambda x: float(np.sum(x)), {"one": ONE, "batch": BATCH}).subject
    changes: dict[str, Any] = {"visible": scalar.visible, "base": scalar.base}
    assert claim("one BATCH", **changes) == frozenset()
    assert claim("one BATCH", hidden="h g", before="H G", **changes) == {"one", "h", "g"}


def test_the_places_of_a_repair() -> None:
    """An edit has the line of its cell, and its text without the indentation around it."""
    subject = replace(SUBJECT, cell="cell 3", first_line=11)
    edit = next(edit for edit in subject.edits if edit.before == "2" and edit.after == "-1")
    assert build_repair(subject, [edit]).edits == (RepairEdit("constant", CodePlace("cell 3", 12), "2", "-1"),)


def test_each_place_of_what_is_repeated() -> None:
    """An edit that mends the same at several places has an entry for each line."""
    source = "def f(x):\n    a = np.sum(x, axis=5)\n    return a + np.sum(x, axis=5)"
    subject = replace(Learner(source, shares, {"one": ONE}).subject, cell="c")
    edit = next(edit for edit in subject.edits if edit.apply(source) == source.replace("5", "0"))
    assert [(one.place.line, one.after) for one in build_repair(subject, [edit]).edits] == [
        (2, "a = np.sum(x, axis=0)"),
        (3, "return a + np.sum(x, axis=0)"),
    ]


@pytest.mark.parametrize(
    ("actual", "quality"),
    [
        (np.array([-1.0, 2.0, 4.0]), Quality.RIGHT),
        (np.array([-2.0, 4.0, 8.0]), Quality.MULTIPLE),
        (np.array([1.0, -2.0, -4.0]), Quality.RELATED),
        (np.array([2.0, -1.0, -3.0]), Quality.RELATED),
        (np.array([1.0, 2.0, 3.0]), Quality.SAME_SHAPE),
        (np.array([[-1.0, 2.0, 4.0]]), Quality.WRONG),
        ("text", Quality.WRONG),
        (np.array([np.nan, np.inf, 0.0]), Quality.SAME_SHAPE),
    ],
)
def test_how_good_an_output_is(actual: Any, quality: Quality) -> None:
    """A multiple, a negative and a difference from 1 are nearer to the expected tensor than other numbers."""
    learner = Learner("def f(x):\n    return x", lambda x: np.array([-1.0, 2.0, 4.0]), {"one": ONE})
    (found,) = learner.parts[0].judge(Answer(results=(ActionResult(actual),)), None)
    assert found is quality
    assert is_passed([found]) == (quality is Quality.RIGHT)
