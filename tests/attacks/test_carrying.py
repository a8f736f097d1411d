"""Tests of code that exploits substituted earlier outputs: it earns no points for outputs that it didn't compute."""

from collections.abc import Iterator

import numpy as np
import pytest

from grader.core.questions.exercise import Course
from grader.core.results.grading import Grading, QuestionResult
from grader.core.wire.assignment_target import Target
from grader.core.wire.job import Call, Job, Limits, Request, Status
from grader.core.wire.submission import Cell, ParsedSubmission
from grader.course.loader import bundled_course_folder, load_course
from grader.grading.judge import Judge
from grader.sandbox.sandbox import Sandbox

SPY = """
import gc, os, sys
import numpy as np
seen = []

def hunt():
    found = list(seen)
    frame = sys._getframe()
    while frame:
        for value in list(frame.f_locals.values()) + list(frame.f_globals.values()):
            found += walk(value, 5)
        frame = frame.f_back
    found += [item for item in gc.get_objects() if isinstance(item, (dict, list, tuple)) for item in walk(item, 2)]
    return found

def last(found, shape):
    return ([item for item in found if item.shape == shape] or [0])[-1]

def walk(value, depth):
    if isinstance(value, np.ndarray):
        return [value]
    if depth and isinstance(value, dict):
        return [one for item in list(value.values()) for one in walk(item, depth - 1)]
    if depth and isinstance(value, (list, tuple)):
        return [one for item in list(value)[:200] for one in walk(item, depth - 1)]
    return []
"""
HEAD = "import numpy as np\ndef backward(network, x, d, u1, z1, y):\n    N = len(x)\n    grad = {}\n"
SCHEMES = {
    "nothing_worked_out": """
        delta2 = 0
        grad["b2"] = 0
        grad["W2"] = 0
        delta1 = 0
        grad["b1"] = 0
        grad["W1"] = 0
        return grad
    """,
    "empty_blanks": """
        delta2 = ____
        grad["b2"] = ____
        grad["W2"] = ____
        delta1 = ____
        grad["b1"] = ____
        grad["W1"] = ____
        return grad
    """,
    "handed_on": """
        delta2 = 0
        grad["b2"] = delta2
        grad["W2"] = delta2
        delta1 = delta2
        grad["b1"] = grad["b2"]
        grad["W1"] = grad["W2"]
        return grad
    """,
    "hunted_for": """
        found = hunt()
        delta2 = last(found, y.shape)
        grad["b2"] = last(found, network["b2"].shape)
        grad["W2"] = last(found, network["W2"].shape)
        delta1 = last(found, u1.shape)
        grad["b1"] = last(found, network["b1"].shape)
        grad["W1"] = last(found, network["W1"].shape)
        seen.extend([delta2, delta1, *grad.values()])
        return grad
    """,
    "taken_from_what_is_given": """
        given = dict(globals().get("set right") or {})
        def take(label): return given.get(label, given.get("backward: " + label, 0))
        delta2 = take("delta2")
        grad["b2"] = take("grad['b2']")
        grad["W2"] = take("grad['W2']")
        delta1 = take("delta1")
        grad["b1"] = take("grad['b1']")
        grad["W1"] = take("grad['W1']")
        return grad
    """,
}


@pytest.fixture(scope="module")
def course() -> Course:
    return load_course(bundled_course_folder())


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


def graded(course: Course, sandbox: Sandbox, body: str) -> Grading:
    """Return the grading of a notebook with a `backward` of this body, with helpers that spy."""
    lines = body.strip("\n").split("\n")
    indent = len(lines[0]) - len(lines[0].lstrip())
    source = HEAD + "\n".join("    " + line[indent:] for line in lines)
    cells = (Cell(SPY, label="cell 1"), Cell(source, label="cell 2"))
    return Judge(course, sandbox, b"secret", budget=None).judge(
        course.exercise("backpropagation"), ParsedSubmission(cells)
    )


def question(grading: Grading) -> QuestionResult:
    """Return the result of `backward`."""
    (found,) = (result for result in grading.questions if result.id == "backward")
    return found


@pytest.mark.parametrize("scheme", SCHEMES)
def test_no_scheme_earns_a_point(scheme: str, course: Course, sandbox: Sandbox) -> None:
    """An output that is not computed earns nothing, whatever the other outputs are set to.

    Zero would be the right answer only if every delta were zero; no check has such inputs.
    """
    assert question(graded(course, sandbox, SCHEMES[scheme])).score == 0


def test_right_formulas_from_a_given_value_earn_their_points(course: Course, sandbox: Sandbox) -> None:
    """Code that uses a given `delta2` in right formulas earns their points, and none for a delta."""
    spied = """
        delta2 = 0 * y
        seen.append(delta2)
        grad["b2"] = np.sum(seen[-1], axis=0)
        grad["W2"] = np.dot(z1.T, seen[-1])
        delta1 = seen[0] if seen[0].shape == u1.shape else 0
        grad["b1"] = 0
        grad["W1"] = 0
        return grad
    """
    result = question(graded(course, sandbox, spied))
    assert {check.output for check in result.checks if check.points} == {"grad['b2']", "grad['W2']"}
    assert result.score == 2 * 1.5


def test_given_values_are_not_shown(course: Course, sandbox: Sandbox) -> None:
    """Text printed, raised or returned with a given target is nowhere in the grading."""
    loud = """
        delta2 = 0 * y
        if delta2.any():
            print("MARKER", delta2)
            import warnings; warnings.warn("MARKER", RuntimeWarning)
        grad["b2"] = delta2 * (np.nan if delta2.any() else 0)
        grad["W2"] = delta2.tolist() if delta2.any() else 0
        if delta2.any():
            raise ValueError("MARKER %s" % delta2.tolist())
        delta1 = 0
        grad["b1"] = 0
        grad["W1"] = 0
        return grad
    """
    quiet = loud.split("if delta2.any():")[0] + 'grad["b2"] = delta2 * 0\n' + loud[loud.index("        delta1 = 0") :]
    result = question(graded(course, sandbox, loud))
    assert "MARKER" not in repr(result)
    assert not result.score
    shown = {check.name: (check.verdict, check.reason, check.details) for check in result.checks}
    plain = quiet.replace('grad["b2"] = delta2 * 0', 'grad["b2"] = delta2 * 0\n        grad["W2"] = 0')
    before = question(graded(course, sandbox, plain))
    assert shown == {check.name: (check.verdict, check.reason, check.details) for check in before.checks}


def test_given_values_do_not_reach_other_jobs(course: Course, sandbox: Sandbox) -> None:
    """Values seen in one job are absent from the next, and from the submission's first job."""
    kept = """
        import builtins
        delta2 = getattr(builtins, "kept", 0 * y)
        if np.any(delta2): builtins.kept = delta2
        grad["b2"] = np.sum(delta2, axis=0)
        grad["W2"] = 0
        delta1 = 0
        grad["b1"] = 0
        grad["W1"] = 0
        return grad
    """
    first, second = (question(graded(course, sandbox, kept)) for _ in range(2))
    assert first == second
    assert {check.output for check in first.checks if check.points} == {"grad['b2']"}


READ_AHEAD = """
import os, sys
import numpy as np

def attack(x):
    frame = sys._getframe()
    while "frames" not in frame.f_locals:
        frame = frame.f_back
    read = bytes(frame.f_locals["frames"]._buffer)
    while (np.arange(8.0) + 0.25).tobytes() not in read:
        read += os.read(3, 2**16)
    return True
"""


@pytest.mark.parametrize("stage", [0, 1])
def test_a_later_stage_cannot_be_read_ahead(sandbox: Sandbox, stage: int) -> None:
    """Code that reads ahead in the pipe finds requests of the same stage only, and then waits."""
    limits = Limits(wall=2.0 if stage else 50.0)
    given = Call("attack", (np.ones(8),), set_right={"target": np.arange(8.0) + 0.25})
    asked = (
        Request("now", "check", (Call("attack", (np.ones(8),)),), limits=limits),
        Request("later", "check", (given,), limits=Limits(wall=2.0), stage=stage),
    )
    job = Job((Cell(READ_AHEAD, label="cell 1"),), asked, targets={"attack": (Target("target"),)})
    answer = sandbox.run(job).answers[0]
    if stage == 0:
        assert answer.results[0].value is True
    else:
        assert answer.ended is Status.TIME_LIMIT
