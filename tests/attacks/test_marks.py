"""Tests of submissions that try to obtain points: none earns any, and no other student's grading changes."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from grader.core.questions.exercise import Course, Exercise
from grader.core.results.grading import Grading
from grader.core.results.verdict import Verdict
from grader.core.wire.submission import Cell, ParsedSubmission
from grader.course import loader
from grader.formats import read_submission
from grader.grading.judge import Judge
from grader.sandbox.sandbox import Sandbox

SCHEMES = {
    "equal_to_everything": """
        class Equal:
            def __eq__(self, other): return True
            def __array__(self, *a, **k): return np.ones((2, 2))
            def __float__(self): return 1.0
        def softmax(x): return Equal()
    """,
    "array_that_lies": """
        class Liar(np.ndarray):
            def __eq__(self, other): return True
            def __array_function__(self, *a, **k): return True
            def __array_ufunc__(self, *a, **k): return True
            def __sub__(self, other): return np.zeros(1)
        def softmax(x): return np.full_like(x, 7.0).view(Liar)
    """,
    "nan_everywhere": "def softmax(x): return np.full_like(x, np.nan)",
    "infinity_everywhere": "def softmax(x): return np.full_like(x, np.inf)",
    "broadcast": "def softmax(x): return np.float64(1.0)",
    "objects": "def softmax(x): return np.array([[EVERYTHING] * x.shape[-1]] * len(x), dtype=object)",
    "numpy_patched": """
        np.allclose = np.array_equal = np.isclose = np.testing.assert_allclose = lambda *a, **k: True
        def softmax(x): return x
    """,
    "frames_and_garbage": """
        import gc, sys
        def softmax(x):
            found = [o for o in gc.get_objects() if isinstance(o, np.ndarray) and o.shape == x.shape and o is not x]
            frame = sys._getframe()
            while frame:
                found += [v for v in frame.f_locals.values() if isinstance(v, np.ndarray) and v.shape == x.shape]
                frame = frame.f_back
            return found[-1] if found else x
    """,
    "hunt_for_the_reference": """
        import sys
        def softmax(x):
            for name, module in list(sys.modules.items()):
                there = vars(module).get("softmax") if hasattr(module, "__dict__") else None
                if there is not None and there is not softmax and name != "__main__":
                    return there(x)
            return x
    """,
    "exit_as_if_done": """
        import os
        def softmax(x): os._exit(0)
    """,
    "forged_frames": """
        import os, sys
        def softmax(x):
            frame = sys._getframe()
            while "self" not in frame.f_locals or not hasattr(frame.f_locals["self"], "_nonce"):
                frame = frame.f_back
            encode = sys.modules["grader.core.wire.encode"].encode
            head = sys.modules["grader.sandbox.inside.protocol"].ANSWER_HEADER
            for index in range(40):
                item = {"value": x * 0, "locals": {}, "changed": []}
                data = head.pack(frame.f_locals["self"]._nonce.encode(), b"r", index) + encode(
                    {"returned": [item] * 5, "printed": "", "printed_bytes": 0, "warnings": [], "passed": True}, 10**6)
                os.write(4, len(data).to_bytes(4, "little") + data)
            return x
    """,
    "verdict_returned": """
        def softmax(x): return {"verdict": "passed", "points": 4.0, "ended": "done"}
    """,
    "exception_that_passes": """
        class Passed(Exception):
            verdict = "passed"
            def __eq__(self, other): return True
        def softmax(x): raise Passed("passed")
    """,
    "generator": """
        def softmax(x):
            while True: yield 1.0
    """,
    "never": """
        def softmax(x):
            while True: pass
    """,
}


@pytest.fixture(scope="module")
def bundled() -> Course:
    return loader.load_course(loader.bundled_course_folder())


@pytest.fixture(scope="module")
def losses(bundled: Course) -> Exercise:
    return next(exercise for exercise in bundled.exercises if exercise.name == "losses")


@pytest.fixture(scope="module")
def judge(bundled: Course) -> Iterator[Judge]:
    with Sandbox() as sandbox:
        yield Judge(bundled, sandbox, b"a secret", budget=None)


@pytest.fixture(scope="module")
def honest() -> ParsedSubmission:
    path = loader.bundled_course_folder() / "reference" / "losses" / "solution.py"
    return read_submission.parse_submission(path.name, read_submission.read_submission_bytes(path))


def essence(grading: Grading) -> Grading:
    """Return a grading without the parts that differ between runs."""
    return replace(grading, elapsed_ms=0.0)


def dishonest(honest: ParsedSubmission, scheme: str) -> ParsedSubmission:
    """Return the worked solution followed by a scheme that replaces `softmax`."""
    lines = SCHEMES[scheme].strip("\n").split("\n")
    indent = len(lines[0]) - len(lines[0].lstrip())
    source = "import numpy as np\n" + "\n".join(line[indent:] for line in lines)
    return replace(honest, cells=(*honest.cells, Cell(source, label="cell 99")))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_no_scheme_earns_a_point(scheme: str, judge: Judge, losses: Exercise, honest: ParsedSubmission) -> None:
    """No check of the question passes, and the next student's grading is unchanged to the last bit."""
    before = essence(judge.judge(losses, honest))
    grading = judge.judge(losses, dishonest(honest, scheme))
    (softmax,) = (question for question in grading.questions if question.id == "softmax")
    assert not [check.name for check in softmax.checks if check.verdict is Verdict.PASSED or check.points]
    assert essence(judge.judge(losses, honest)) == before


def test_an_honest_answer_earns_all_points(judge: Judge, losses: Exercise, honest: ParsedSubmission) -> None:
    """The same judge gives the worked solution every point of the question."""
    grading = judge.judge(losses, honest)
    (softmax,) = (question for question in grading.questions if question.id == "softmax")
    assert {check.verdict for check in softmax.checks} == {Verdict.PASSED}
