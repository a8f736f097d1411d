"""Offered mistakes can be pasted into the checks: a course with them passes every proof."""

from pathlib import Path

from grader.core.report.mistake_offer import offer_mistake
from grader.core.results.reason import CodePlace, RepairEdit
from grader.course.loader import load_course
from grader.services.verify import verify_course

SOLUTION = '''# %%
import numpy as np


# %% question="weights"
def softmax(x):
    """Weights of each row: x (N, C) -> (N, C)."""
    shifted = x - np.max(x, axis=1, keepdims=True)
    e = np.exp(shifted)
    return e / np.sum(e, axis=1, keepdims=True)  # blank: the weights


# %% question="weights"
def mix(x, v):
    """Mixed rows of v: x (N, C), v (C, D) -> (N, D)."""
    weights = softmax(x)  # blank: the weights
    return weights @ v  # blank: the mixed rows
'''
CHECKS = '''
from grader.authoring import code_question

from . import solution
import numpy as np

weights = code_question("weights", title="Weights", points=2, references=[solution.softmax, solution.mix])


@weights.check(points=1, of=solution.softmax)
def scores(rng):
    """Two rows."""
    return rng.normal(size=(2, 3))


@weights.check(points=1, of=solution.mix)
def values(rng):
    """Two rows and three values."""
    return rng.normal(size=(2, 3)), rng.normal(size=(3, 3))


'''


def edit(before: str, after: str) -> RepairEdit:
    return RepairEdit("axis", CodePlace("cell 2", 2), before, after)


def write_course(folder: Path, checks: str) -> Path:
    (folder / "reference" / "rows").mkdir(parents=True)
    (folder / "reference" / "course.toml").write_text('exercises = ["rows"]\n')
    (folder / "reference" / "rows" / "solution.py").write_text(SOLUTION)
    (folder / "reference" / "rows" / "checks.py").write_text(checks)
    return folder


def test_offers_pass_every_proof_of_a_course(tmp_path: Path) -> None:
    """A filling, one in a function that calls another, and a whole function are caught and named where pasted."""
    course = load_course(write_course(tmp_path / "before", CHECKS))
    (question,) = course.exercises[0].questions
    offers = [
        offer_mistake(question, "softmax_scores", edit("np.sum(e, axis=0)", "np.sum(e, axis=1, keepdims=True)")),
        offer_mistake(question, "softmax_scores", edit("np.exp(-shifted)", "np.exp(shifted)")),
        offer_mistake(question, "mix_values", edit("weights @ v.T", "weights @ v")),
    ]
    first, second, third = (one.offer for one in offers)
    assert first == (
        'weights.filling(\n    "return",\n    "e / np.sum(e, axis=0)",\n    "TODO: the hint that students read.",\n'
        "    of=solution.softmax,\n)\n"
    )
    assert second.startswith("@weights.mistake(of=solution.softmax)\ndef axis_np_exp_shifted(x):\n")
    assert '"weights @ v.T"' in third
    assert "of=solution.mix" in third
    pasted = load_course(write_course(tmp_path / "after", CHECKS + "\n\n".join((first, second, third))))
    verified = verify_course(pasted)
    assert [problem for problem in verified.problems if "build the templates" not in problem] == []
    assert verified.mistakes == 3


def test_an_edit_without_a_place_is_offered_as_a_comment(tmp_path: Path) -> None:
    """An edit of what the solution writes otherwise is to be completed by hand; it compiles all the same."""
    course = load_course(write_course(tmp_path, CHECKS))
    offered = offer_mistake(course.exercises[0].questions[0], "mix_values", edit('own["\\n"]', "own[0]")).offer
    compile(offered, "checks.py", "exec")
    assert offered.endswith('    # own["\\n"]\n    # own[0]\n    raise NotImplementedError\n')
