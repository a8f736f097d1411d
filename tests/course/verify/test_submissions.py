"""Solutions, templates and known mistakes get the right results, or verification says which one doesn't.

Covers `course/verify/judge.py`.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.core.questions.exercise import Course
from grader.core.results.verdict import Verdict
from grader.core.wire.submission import Cell, ParsedSubmission
from grader.course.loader import bundled_course_folder, load_course
from grader.course.templates import make_solved_submission, make_untouched_submission, write_templates
from grader.course.verify.course import Findings
from grader.grading.judge import Judge
from grader.sandbox.sandbox import Sandbox
from tests.chained_course import write_chained_course

Verify = Callable[..., Findings]
Edit = Callable[..., Course]


def test_core_questions_have_known_mistakes() -> None:
    """Each of the four core questions has at least six known mistakes, visible and hidden checks."""
    core = ("softmax", "cross_entropy_error", "update_step", "backward")
    found = [
        q for exercise in load_course(bundled_course_folder()).exercises for q in exercise.questions if q.id in core
    ]
    assert len(found) == 4
    for question in found:
        assert len(question.mistakes) >= 6
        assert {check.hidden for check in question.checks} == {True, False}


def test_only_blanks_raise(sandbox: Sandbox) -> None:
    """A template runs from top to bottom, and only empty blanks raise; the solution raises nothing."""
    course = load_course(bundled_course_folder())
    judge = Judge(course, sandbox, b"proof", budget=None)
    for exercise in course.exercises:
        given = [run.raised for run in judge.judge(exercise, make_untouched_submission(exercise)).cells if run.raised]
        assert given
        assert all(raised.blank for raised in given)
        assert not any(run.raised for run in judge.judge(exercise, make_solved_submission(exercise)).cells)


UNFIT = [
    (
        "checks.py",
        "@twice.check(points=1)",
        "@twice.check(points=1, holds=lambda value, x: 'No.')",
        "doubling: twice: check a_row: the solution doesn't pass (wrong_answer): No.",
    ),
    (
        "solution.py",
        "    y = x + x  # blank: x and x\n    return y\n",
        "    y = x + x\n    if len(x) > 2:\n        return y\n    z = y  # blank: y\n    return z\n",
        "doubling: twice: check a_row: the untouched template must be not_attempted, but is passed",
    ),
    (
        "checks.py",
        "return x * x",
        "return 2 * x",
        "doubling: twice: the mistake squared passes all checks: add a check that fails it",
    ),
    (
        "checks.py",
        "return x * x",
        "return x * np.random.random()",
        "doubling: twice: the mistake squared is not recognised, though it loses 3 points",
    ),
    (
        "checks.py",
        "@twice.mistake\n",
        "@twice.mistake\ndef power(x):\n    '''A power.'''\n    return x**2\n\n\n@twice.mistake\n",
        "doubling: twice: the mistake squared is mistaken for power in the result: add an input on which they differ",
    ),
    (
        "checks.py",
        "return x * x",
        "return [helper(y) for y in x]\n\n\ndef helper(y):\n    return y * y",
        "doubling: twice: the mistake squared is not recognised, though it loses 3 points: it uses helper, which",
    ),
    (
        "checks.py",
        "return x * x",
        "return twice(x) * x",
        "doubling: twice: the mistake squared is not recognised, though it loses 3 points: it calls twice, which is",
    ),
    (
        "checks.py",
        "return rng.normal(size=3)",
        "return {}",
        "doubling: question twice: check a_row: the reference raised TypeError",
    ),
]


@pytest.mark.parametrize(("file", "right", "wrong", "said"), UNFIT)
def test_fault_is_reported(edit: Edit, verify: Verify, file: str, right: str, wrong: str, said: str) -> None:
    """Each kind of fault in an exercise is found and reported in one sentence."""
    found = verify(edit((file, right, wrong))).problems
    assert any(problem.startswith(said) for problem in found), found
    assert all("\n" not in problem for problem in found)


def test_a_question_in_its_answer_s_cell_would_be_an_answer(edit: Edit, verify: Verify) -> None:
    """A text in the cell of an answer in prose is reported once, with its place and what to do."""
    lines = ("*question: why*", "", "Why so?", "", "### BEGIN SOLUTION", "So.", "### END SOLUTION")
    prose = '\n\n# %% [markdown] question="why"\n' + "".join(f"# {line}".rstrip() + "\n" for line in lines)
    question = 'why = text_question("why", title="Why", points=1, rubric={"So": 1}, ideal="So.")'
    begin = "twice = code_question("
    checks = f"from grader.authoring import text_question\n\n{question}\n\n{begin}"
    edits = ("solution.py", "    return y\n", f"    return y\n{prose}"), ("checks.py", begin, checks)
    found = verify(edit(*edits))
    assert [problem for problem in found.problems if ": why: " in problem] == [
        "doubling: why: the answer's cell contains “Why so?”, which would count as an answer: write it into a markdown "
        "cell of its own above, and leave the first line and the blank"
    ]


def test_mistake_that_affects_another_question(course_folder: Path, verify: Verify) -> None:
    """A mistake that costs points in another question is reported, unless this question calls the function by name."""
    folder = course_folder / "reference" / "doubling"
    solution = folder / "solution.py"
    more = '\nrun = {"twice": twice}\n\n# %% question="four"\ndef four(x):\n    y = run["twice"](x)\n'
    solution.write_text(f"{solution.read_text()}{more}    return run['twice'](y)  # blank: twice\n")
    checks = folder / "checks.py"
    text = checks.read_text()
    copy = text[text.index("twice = ") :].replace("twice", "four").replace("four = code", "four = code")
    checks.write_text(text + copy.replace("squared", "cubed").replace("x * x", "x * x * x"))
    said = "doubling: twice: the mistake squared costs points in four too"
    assert said in verify(load_course(course_folder)).problems
    solution.write_text(solution.read_text().replace('run["twice"]', "twice").replace("run['twice']", "twice"))
    course = load_course(course_folder)
    write_templates(course, course_folder)
    assert verify(course).problems == ()


def test_a_chained_course(tmp_path: Path, verify: Verify) -> None:
    """A course whose functions call each other, with a known mistake in the first, is accepted."""
    course = write_chained_course(tmp_path)
    assert course.exercises[0].questions[0].mistakes
    assert verify(course) == Findings()


RIGHT = [
    (
        "losses",
        "softmax",
        """
def softmax(x):
    if x.ndim == 2:
        x = x.T
        x = x - np.max(x, axis=0)
        y = np.exp(x) / np.sum(np.exp(x), axis=0)
        return y.T
    x = x - np.max(x)
    return np.exp(x) / np.sum(np.exp(x))
""",
    ),
    (
        "losses",
        "cross_entropy_error",
        """
def cross_entropy_error(d, y):
    y = np.clip(np.atleast_2d(y), 1e-12, 1)
    d = np.atleast_2d(d) if np.size(d) == y.size and y.size > len(y) else np.eye(y.shape[1])[np.reshape(d, -1)]
    return np.mean(-np.sum(d * np.log(y), axis=1))
""",
    ),
    (
        "losses",
        "cross_entropy_error",
        """
def cross_entropy_error(d, y):
    total, rows = 0.0, y.reshape(-1, y.shape[-1])
    for n, row in enumerate(rows):
        t = np.asarray(d).reshape(len(rows), -1)[n]
        label = int(t[0]) if len(t) == 1 else list(t).index(1) if len(row) > 1 else 0
        total -= np.log(row[label] if row[label] > 1e-5 else 1e-5)
    return float(total) / len(rows)
""",
    ),
    (
        "gradient_descent",
        "update_step",
        """
def update_step(network, grad, learning_rate):
    for key, value in grad.items():
        network[key] = network[key] - learning_rate * value
    return network
""",
    ),
    (
        "backpropagation",
        "backward",
        """
def backward(network, x, d, u1, z1, y):
    N = len(x)
    delta2 = (1 / N) * (y - d)
    mask = np.where(u1 > 0, 1.0, 0.0)
    delta1 = mask * (delta2 @ network["W2"].T)
    return {
        "W1": x.T @ delta1,
        "b1": delta1.sum(axis=0),
        "W2": sum(np.outer(z, e) for z, e in zip(z1, delta2)),
        "b2": np.ones(N) @ delta2,
    }
""",
    ),
]


@pytest.mark.parametrize(("name", "function", "source"), RIGHT)
def test_other_right_answers(sandbox: Sandbox, name: str, function: str, source: str) -> None:
    """A different correct implementation of a function gets full marks."""
    course = load_course(bundled_course_folder())
    program = ParsedSubmission((Cell(f"import numpy as np\n{source}", label="cell 1"),), name)
    grading = Judge(course, sandbox, b"proof", budget=None).judge(course.exercise(name), program)
    (result,) = [question for question in grading.questions if question.id == function]
    assert [check for check in result.checks if check.verdict is not Verdict.PASSED] == []
    assert result.score == result.max_score
