"""A release has further cases and those local variables of the reference whose names students are given; no others.

Covers `course/bundle/read_bundle.py` and `course/bundle/write_bundle.py`.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from grader.core.judging.reference_data import PUBLIC_SECRET, ReferenceData, compute_reference_data
from grader.core.questions.exercise import Course
from grader.course.bundle import diagnosis_data
from grader.course.bundle.diagnosis_data import compute_confirmation, compute_traces
from grader.course.bundle.read_bundle import Bundle, load_bundle
from grader.course.bundle.write_bundle import render_bundle
from grader.course.loader import load_course

SOLUTION = """# %% question="spread"
import numpy as np


def spread(x):
    middle = np.mean(x, axis=0)  # blank: the mean of each column
    ### BEGIN SOLUTION
    secret = x - middle
    return np.mean(secret**2, axis=0)
    ### END SOLUTION
"""
CHECKS = '''from grader.authoring import code_question

from . import solution

spread = code_question("spread", title="Spread", points=2, reference=solution.spread)


@spread.check(points=1, repeat=2)
def rows(rng):
    """Rows of numbers."""
    return (rng.normal(size=(4, 3)),)


@spread.check(points=1, hidden=True)
def tall(rng):
    """A tall batch."""
    return (rng.normal(size=(9, 2)),)


@spread.mistake
def summed(x):
    """You summed instead of taking the mean."""
    return np.sum((x - np.mean(x, axis=0)) ** 2, axis=0)
'''.replace("from grader", "import numpy as np\n\nfrom grader", 1)
KEY = ("spread", "rows")


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """Return a course with a blank that names a variable, and a solution with another."""
    reference = tmp_path / "course" / "reference"
    (reference / "means").mkdir(parents=True)
    (reference / "course.toml").write_text(
        'exercises = ["means"]\n[exercise.means.feedback]\nhints = "edit"\n'
        '[[exercise.means.feedback.steps]]\nafter_attempts = 2\nhidden = "values"\n'
    )
    (reference / "means" / "solution.py").write_text(SOLUTION)
    (reference / "means" / "checks.py").write_text(CHECKS)
    return load_course(tmp_path / "course")


def read_release(course: Course, folder: Path) -> Bundle:
    """Write a course's release into a folder and read it back."""
    for name, data in render_bundle(course, PUBLIC_SECRET).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return load_bundle(folder)


def compute_visible(course: Course) -> ReferenceData:
    """Return the reference data of the visible checks."""
    return compute_reference_data(course.exercises[0], PUBLIC_SECRET, visible_only=True)


def test_further_cases_have_other_inputs(course: Course) -> None:
    """Each visible check has as many further cases as it makes calls, with other inputs and right outputs."""
    further = compute_confirmation(course.exercises[0])
    assert further.keys() == {KEY}
    assert len(further[KEY]) == 2
    for case, visible in zip(further[KEY], compute_visible(course).cases[KEY], strict=True):
        assert not np.array_equal(case.args[0], visible.args[0])
        np.testing.assert_allclose(case.expected, np.var(case.args[0], axis=0))
        np.testing.assert_allclose(np.asarray(case.mistakes["summed"]), 4 * np.var(case.args[0], axis=0))


def test_only_given_names_are_traced(course: Course) -> None:
    """The variable of a blank is traced with its value; one that only the solution names is not."""
    visible = compute_visible(course)
    traces = compute_traces(course.exercises[0], visible)[KEY]
    assert [[name for name, _ in trace] for trace in traces] == [["middle"], ["middle"]]
    for trace, case in zip(traces, visible.cases[KEY], strict=True):
        np.testing.assert_allclose(trace[0][1], case.args[0].mean(axis=0))


def test_large_data_are_left_out(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """Further cases and variables beyond the limit are left out, so that a release stays small."""
    monkeypatch.setattr(diagnosis_data, "MAX_CHECK_BYTES", 30)
    assert compute_confirmation(course.exercises[0]) == {}
    assert compute_traces(course.exercises[0], compute_visible(course)) == {}


def test_a_release_keeps_them(course: Course, tmp_path: Path) -> None:
    """Reading a release gives the same further cases, variables and hints as the course; nothing of hidden checks."""
    bundle = read_release(course, tmp_path / "release")
    data, visible = bundle.reference_data["means"], compute_visible(course)
    made = compute_confirmation(course.exercises[0])
    assert data.confirmation.keys() == {KEY}
    np.testing.assert_equal([vars(c) for c in data.confirmation[KEY]], [vars(c) for c in made[KEY]])
    np.testing.assert_equal(data.traces, compute_traces(course.exercises[0], visible))
    rules = bundle.course.exercises[0].feedback
    assert (rules.hints, rules.steps) == (course.exercises[0].feedback.hints, ())
    text = "".join(path.read_text("utf-8") for path in (tmp_path / "release" / "checks").glob("*.json"))
    assert "secret" not in text
    assert "tall" not in text
    assert '"hidden"' not in text


def test_a_release_without_them_is_read(course: Course, tmp_path: Path) -> None:
    """A release of an earlier version, which has none of this, is read as before."""
    read_release(course, tmp_path)
    file = tmp_path / "checks" / "means.json"
    data = json.loads(file.read_text("utf-8"))
    del data["feedback"]
    for check in data["questions"][0]["checks"]:
        del check["confirmation"], check["traces"]
    file.write_text(json.dumps(data))
    earlier = load_bundle(tmp_path).reference_data["means"]
    assert (earlier.confirmation, earlier.traces) == ({}, {})
    assert earlier.cases.keys() == {KEY}
