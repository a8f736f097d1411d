"""A known mistake may be a wrong filling of a blank: the solution's function with other text there.

Covers `authoring/mistakes.py`, `authoring/blank_parts.py` and `core/questions/question.py`.
"""

import traceback
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.authoring.fillings import make_slug
from grader.core.errors import CourseError
from grader.core.questions.question import Mistake
from grader.course.loader import load_course
from grader.course.templates import mistake_source

SOLUTION = '''\
# %%
import numpy as np

# %% question="line"
def line(x, w, b):
    """A line with slope w."""
    grad = {}
    u = x * w + b  # blank: the line
    grad["w"] = np.sum(
        u * x
    )  # blank: the slope
    grad["b"] = np.sum(u)  # blank: the offset
    v = u + 1  # blank-line: one more
    ### BEGIN SOLUTION
    total = v
    for _ in range(2):
        total = total + u
    grad["total"] = total
    ### END SOLUTION
    return grad  # blank: the gradients
'''
CHECKS = '''\
from grader.authoring import code_question
from . import solution

line = code_question("line", title="Line", points=1, reference=solution.line)

@line.check(points=1)
def some(rng):
    """Numbers."""
    return rng.normal(size=3), 2.0, 1.0
'''
X = np.array([1.0, 2.0, 4.0])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write a course of one question, with a blank of each form."""
    exercise = tmp_path / "reference" / "lines"
    exercise.mkdir(parents=True)
    (exercise.parent / "course.toml").write_text('title = "Lines"\nexercises = ["lines"]\n')
    (exercise / "solution.py").write_text(SOLUTION)
    return tmp_path


def declare(folder: Path, *declarations: str) -> tuple[Mistake, ...]:
    """Return the known mistakes that these lines of checks.py declare."""
    (folder / "reference" / "lines" / "checks.py").write_text(CHECKS + "\n".join(declarations) + "\n")
    (question,) = load_course(folder).exercises[0].questions
    return question.mistakes


def right() -> dict[str, float]:
    """Return the right result for X, 2 and 1, by hand."""
    u = X * 2 + 1
    return {"w": float(np.sum(u * X)), "b": float(np.sum(u)), "total": 3 * float(np.sum(u)) + 3}


def results(mistake: Mistake) -> dict[str, float]:
    """Return the sums of a mistake's results for X, 2 and 1."""
    return {key: float(np.sum(value)) for key, value in mistake.function(X, 2.0, 1.0).items()}


def test_a_filling_changes_one_blank(folder: Path) -> None:
    """The whole function runs with the wrong text, so that what depends on the blank is wrong, too."""
    (mistake,) = declare(folder, 'line.filling("u", "x * w", "You forgot  b.")')
    u = X * 2
    assert results(mistake) == {"w": np.sum(u * X), "b": np.sum(u), "total": 3 * np.sum(u) + 3}
    assert (mistake.name, mistake.hint, mistake.of, mistake.convention) == (
        "u_x_times_w",
        "You forgot b.",
        "line",
        False,
    )
    assert [(f.name, f.right, f.is_given) for f in mistake.fillings] == [("u", "x * w + b", True)]


@pytest.mark.parametrize(
    ("blank", "text", "changed"),
    [
        ('grad["w"]', "0.0", {"w": 0}),
        ("grad['b']", "np.sum(\n    u\n) + 1  # one more", {"b": 18}),
        ("return", '{**grad, "b": 5}', {"b": 5}),
        ("np.sum(u)", "6", {"b": 6}),
        ("v", "v = u", {"total": 51}),
        ("grad['total']", "2", {"total": 2}),
        ("total = v", "total = v\ntotal = total * 0", {"total": 34}),
        ("total + u", "total", {"total": 20}),
        ("_", "range(\n    3\n)", {"total": 71}),
        ("range(2)", "()", {"total": 20}),
        ("for _ in range(2):\n    total = total + u", "pass", {"total": 20}),
        (
            "total = v\nfor _ in range(2):\n  total = total + u\ngrad['total'] = total",
            'grad["total"] = 1',
            {"total": 1},
        ),
    ],
)
def test_a_blank_is_found(folder: Path, blank: str, text: str, changed: dict[str, float]) -> None:
    """A blank is named by what it assigns, by `return`, or by its right text, in any spacing and quotes."""
    (mistake,) = declare(folder, f"line.filling({blank!r}, {text!r}, 'Hint.', name='wrong')")
    assert results(mistake) == right() | changed
    namespace: dict[str, Any] = {"np": np}
    exec(mistake_source(mistake, "line"), namespace)
    assert results(Mistake("", "", namespace["line"])) == right() | changed
    assert "blank:" not in mistake.source
    assert "SOLUTION" not in mistake.source


@pytest.mark.parametrize(
    ("declaration", "said"),
    [
        ('"w", "x", "H."', "there is no blank `w`; there are: `u`, `grad['w']`, `grad['b']`, `v`, `total`, `_`"),
        ('"total", "x", "H."', "there are 2 blanks `total`: name the one you mean by its right text: `total = v`"),
        ('"u = 1", "x", "H."', "there is no blank `u = 1`"),
        ('"x * w + b", "x *", "H."', "'x *' can't fill `u`, which takes an expression: invalid syntax"),
        ('"return", "a = 1", "H."', "'a = 1' can't fill `return`, which takes an expression: invalid syntax"),
        ('"v", "u =", "H."', "'u =' can't fill `v`: invalid syntax"),
        ('"return", "# none", "H."', "'# none' can't fill `return`"),
        ('"v", "u", "H."', "'u' can't fill `v`, which takes a statement: write one, or pass"),
        ('"v", "# none", "H."', "'# none' can't fill `v`: it is empty"),
        ('"return", "(yield)))", "H."', "unmatched ')'"),
        ('"grad[\'b\']", "np.sum( u )", "H."', "the filling is the right one"),
        ('"grad[\'b\']", "total_of(u)", "H."', "the filling uses total_of, which solution.py doesn't have"),
        ('"grad[\'b\']", "[v for v in us]", "H."', "the filling uses us, which solution.py doesn't have"),
        ('"return", "0", ""', 'write line.filling("y", "x + b", "…"): a blank, a wrong text for it, a hint'),
        ('"return", 0, "H."', 'write line.filling("y", "x + b", "…"): a blank, a wrong text for it, a hint'),
        ('"return", "0", "H.", name="a b"', "name= is one word such as 'not_divided', not 'a b'"),
        ('"return", "0", "H.", also={"x": "1"}', "there is no blank `x`"),
        ('"return", "0", "H.", also={"grad": "1"}', "two of the fillings are of the same blank"),
        ('"return", "0", "H."); line.filling("grad", "0", "I."', "filling 'grad': return_0 is the same: leave one of"),
        (
            '"return", "0", "H."); line.filling("return", "~0", "I."',
            "two mistakes named 'return_0': give one of them a",
        ),
        ('"return", "0", "H.", of=len', "say which function it is of"),
    ],
)
def test_a_wrong_declaration_is_one_line(folder: Path, declaration: str, said: str) -> None:
    """A filling that can't be made is reported with the author's line when the course is loaded."""
    with pytest.raises(CourseError) as error:
        declare(folder, f"line.filling({declaration})")
    assert str(error.value).startswith("reference/lines/checks.py:10: question line: ")
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_several_blanks_at_once(folder: Path) -> None:
    """One mistake may fill several blanks wrongly, in any order."""
    (mistake,) = declare(folder, """line.filling("grad['b']", "0", "Hint.", also={"u": "x"}, convention=True)""")
    assert results(mistake) == right() | {"w": 21, "b": 0, "total": 24}
    assert mistake.convention


def test_errors_name_the_lines_of_the_solution(folder: Path) -> None:
    """A traceback through a filled function has the lines of solution.py, whatever the length of the filling."""
    (mistake,) = declare(folder, """line.filling("total = v", "a = 1\\nb = 2\\ntotal = u[9]", "Hint.")""")
    with pytest.raises(IndexError) as raised:
        mistake.function(X, 2.0, 1.0)
    frame = traceback.extract_tb(raised.value.__traceback__)[-1]
    assert (Path(frame.filename).name, frame.lineno, frame.line) == ("solution.py", 15, "total = v")


def test_a_recursive_function_calls_its_wrong_self(folder: Path) -> None:
    """A filled function that calls itself calls the filled one, as in a student's file."""
    text = '# %% question="line"\ndef line(n):\n    return 0 if n == 0 else n + line(n - 1)  # blank: the sum\n'
    (folder / "reference" / "lines" / "solution.py").write_text(text)
    filling = """line.filling("return", "1 if n == 0 else n + line(n - 1)", "It begins with 0.")"""
    checks = CHECKS.replace("rng.normal(size=3), 2.0, 1.0", "4")
    (folder / "reference" / "lines" / "checks.py").write_text(f"{checks}\n{filling}\n")
    (question,) = load_course(folder).exercises[0].questions
    assert question.mistakes[0].function(4) == 11


def test_fillings_of_different_blanks_compose(folder: Path) -> None:
    """Two fillings are composed to the function with both; of the same blank, or of a whole function, they aren't."""
    whole = "@line.mistake\ndef whole(x, w, b):\n    'Nothing.'\n    return {}\n"
    fillings = [f'line.filling("{b}", "{t}", "{h}")' for b, t, h in (("u", "x", "A."), ("return", "0", "B."))]
    other = 'line.filling("u", "w * x + 2 * b", "C.")'
    slope, answer, third, function = declare(folder, *fillings, other, whole)
    composed = slope.compose_with(answer)
    assert composed
    assert (composed.name, composed.hint, composed.function(X, 2.0, 1.0)) == ("u_x+return_0", "A. B.", 0)
    assert len(composed.fillings) == 2
    assert "u = x  #" in composed.source
    assert "return 0  #" in composed.source
    assert slope.compose_with(third) is None
    assert slope.compose_with(function) is None
    assert function.compose_with(slope) is None
    assert slope.compose_with(slope) is None
    again = composed.compose_with(declare(folder, """line.filling("grad['b']", "3", "D.")""")[0])
    assert again
    assert again.name == "u_x+return_0+grad_b_3"


def test_names_are_readable_and_stable() -> None:
    """A name is made of the blank and the wrong text; a long one is cut, and still differs from others."""
    assert make_slug({"delta2": "y - d"}) == "delta2_y_minus_d"
    assert make_slug({"grad['b2']": "np.sum(delta2, axis=0)"}) == "grad_b2_sum_delta2_axis_is_0"
    long = [make_slug({"y": " + ".join(["x"] * number)}) for number in (40, 41)]
    assert all(len(name) <= 60 and name.isidentifier() for name in long)
    assert long[0] != long[1]
