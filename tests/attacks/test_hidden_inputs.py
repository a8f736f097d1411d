"""No hidden input can be told from what a student is shown: code that does different things by them reads the same.

Two submissions have the same text but for one digit, by which their function chooses what it does with hidden inputs.
Of what is shown of them, only verdicts, points, authors' hints and the words of a closed list may differ, and sentences
about visible checks that hidden ones silenced.
"""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.core.judging.repair.budget import RepairBudget
from grader.core.questions.exercise import Course
from grader.core.report.report import Report, SubmissionInfo, build_report
from grader.core.wire.submission import Cell, ParsedSubmission
from grader.course.loader import load_course
from grader.grading.judge import Judge
from tests.fake_runner import FakeRunner

SOLUTION = """# %% [markdown]
# # Shares

# %%
import numpy as np

# %% question="total"
def total(x):
    return np.sum(x, axis=1)  # blank: the sums

# %% question="shares"
def shares(x):
    size = total(x)  # blank: the totals
    part = x / size[:, None]  # blank: the shares
    return part, np.max(part * 2, axis=0)
"""
CHECKS = '''
import numpy as np

from grader.authoring import code_question, local, returned

from . import solution

ask_total = code_question("total", title="Total", points=2, reference=solution.total)
ask_shares = code_question("shares", title="Shares", points=6, reference=solution.shares)


@ask_total.check(points=1)
def sums(rng):
    """The sums are right."""
    return rng.uniform(1, 2, size=(2, 3))


@ask_total.check(points=1, hidden=True)
def hidden_sums(rng):
    """The sums are right, hidden."""
    return rng.uniform(1, 2, size=(5, 4))


@ask_shares.check(local("size"), returned(0, label="part"), returned(1, label="largest"), points=1)
def parts(rng):
    """The {output} is right."""
    return rng.uniform(1, 2, size=(2, 3))


@ask_shares.check(local("size"), returned(0, label="part"), returned(1, label="largest"), points=1, hidden=True)
def hidden_parts(rng):
    """The {output} is right, hidden."""
    return rng.uniform(1, 2, size=(5, 4))


@ask_total.mistake
def over_columns(x):
    """HINT: each row is one sample."""
    return np.sum(x, axis=0)


@ask_shares.mistake
def not_divided(x):
    """HINT: a share is a part of a total."""
    return x, np.max(x * 2, axis=0)
'''
VISIBLE = {
    "right": ("np.sum(x, axis=1)", "x / size[:, None]"),
    "over columns": ("np.sum(x, axis=0)", "x / size[:, None]"),
    "a wrong factor": ("np.sum(x, axis=1)", "x / size[:, None] * 2"),
    "raises": ("np.sum(x, axis=1)", "x / size"),
    "not filled in": ("None", "x / size[:, None]"),
    "not divided": ("np.sum(x, axis=1)", "x"),
}
HIDDEN = (
    "return right(x)",
    "return right(x) * 2",
    "return x[0]",
    "raise ValueError(f'MARKER {x[0, 0]}')",
    "print('MARKER', x); return right(x)",
    "import warnings; warnings.warn(f'MARKER {x[0, 0]}', RuntimeWarning); return right(x)",
    "return None",
    "a = None; b = None; return (a + 1 if x[0, 0] > 1.5 else b + 1)",
    "total(x); return right(x)",
    "return {'MARKER': x}",
    "return right(x).astype('float16')",
    "globals()['totals'] = globals().pop('total'); return right(x)",
    "return np.zeros(0)",
    "raise NotImplementedError(f'MARKER {x[0, 0]}')",
)
BASES = (0, HIDDEN.index("return None"), HIDDEN.index("globals()['totals'] = globals().pop('total'); return right(x)"))
"""What visible checks may say: as with these hidden results, or without hidden checks; the others add nothing."""
CARRIED = r"(?: With (?:earlier errors|`size`|`size`, `total`|`total`) corrected, it is still wrong\.)?"
CLOSED = re.compile(
    r"(?:`\w+`|The result) is (?:partly right|not what was expected"
    rf"(?:: its (?:shape|values|kind of numbers) differs?)?)\.{CARRIED}"
    rf"|Your code raised an exception\.{CARRIED}"
    r"|Checked with (?:earlier errors|`size`|`size`, `total`|`total`) corrected, so that one error costs .*"
    r"|No answer was found\.|HINT: .*|mistake|size|total|over_columns|not_divided|"
)
"""All that may be said of a hidden check, by its verdict; what was corrected is named as visible checks name it."""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    folder: Path = tmp_path_factory.mktemp("shares")
    exercise = folder / "reference" / "shares"
    exercise.mkdir(parents=True)
    (exercise.parent / "course.toml").write_text('title = "Shares"\nexercises = ["shares"]\n')
    (exercise / "solution.py").write_text(SOLUTION)
    (exercise / "checks.py").write_text(CHECKS)
    return load_course(folder)


def write_program(visible: str, mode: int) -> ParsedSubmission:
    """Return a submission that does this with visible inputs, and with hidden ones what the two digits say."""
    total, part = VISIBLE[visible]
    branches = "".join(f"    if MODE == {i:02}:\n        {code}\n".replace(" 0", " ") for i, code in enumerate(HIDDEN))
    cells = (
        f"import numpy as np\nMODE = int('{mode:02}')\n",
        "def right(x):\n    return np.sum(x, axis=1)\n\ndef hidden(x):\n" + branches,
        f"def total(x):\n    if len(x) > 2:\n        return hidden(x)\n    return {total}\n",
        "def shares(x):\n    size = hidden(x) if len(x) > 2 else total(x)\n"
        f"    part = {part}\n    return part, np.max(part * 2, axis=0)\n",
    )
    return ParsedSubmission(tuple(Cell(text, label=f"cell {i}") for i, text in enumerate(cells, 1)))


def list_words(report: object) -> Iterator[str]:
    """Yield all texts in a report, with arrays and numbers in it as text, but no time and not the student's code."""
    if isinstance(report, str) and not isinstance(report, Enum):
        yield report
    elif isinstance(report, dict):
        yield from (word for item in report.values() for word in list_words(item))
    elif isinstance(report, list | tuple):
        yield from (word for item in report for word in list_words(item))
    elif is_dataclass(report):
        left_out = ("cells", "code", "elapsed_ms", "edits", "refusals", "verdict", "mistake", "hint")
        yield from (w for f in fields(report) if f.name not in left_out for w in list_words(getattr(report, f.name)))


def describe_visible(report: Report) -> list[set[str]]:
    """Return the texts about each visible check."""
    return [set(list_words(check)) for question in report.questions for check in question.checks if not check.hidden]


def describe_hidden(report: Report) -> set[str]:
    """Return the texts about all hidden checks."""
    return {w for q in report.questions for check in q.checks if check.hidden for w in list_words(check)}


@settings(deadline=None, max_examples=8)
@given(st.sampled_from(sorted(VISIBLE)), st.sampled_from(range(len(HIDDEN))), st.sampled_from(range(len(HIDDEN))))
def test_hidden_inputs_cannot_be_told(course: Course, visible: str, one: int, other: int) -> None:
    """What differs between two submissions that differ on hidden inputs alone is in the closed list, or silenced."""
    first, second = (_show(course, visible, mode, visible_only=False) for mode in (one, other))
    bases = [_show(course, visible, 0, visible_only=True)]
    bases += [_show(course, visible, mode, visible_only=False) for mode in BASES]
    allowed = [set().union(*of_check) for of_check in zip(*map(describe_visible, bases), strict=True)]
    for shown in (first, second):
        assert all(words <= known for words, known in zip(describe_visible(shown), allowed, strict=True))
        assert "MARKER" not in repr(sorted(list_words(shown)))
    different = describe_hidden(first) ^ describe_hidden(second)
    assert [word for word in different if not CLOSED.fullmatch(word)] == []
    assert list(list_words(first.cell_remarks)) == list(list_words(second.cell_remarks))
    named = [{c.carried for q in shown.questions for c in q.checks if c.hidden} - {()} for shown in (first, second)]
    visibly = [{n for q in s.questions for c in q.checks if not c.hidden for n in c.carried} for s in (first, second)]
    assert all({n for names in found for n in names} <= known for found, known in zip(named, visibly, strict=True))


@cache
def _show_once(folder: str, visible: str, mode: int, visible_only: bool) -> Report:
    course, program = load_course(Path(folder)), write_program(visible, mode)
    judge = Judge(course, FakeRunner(), b"secret", visible_only=visible_only, budget=RepairBudget((20, 10)))
    return build_report(course.exercises[0], judge.judge(course.exercises[0], program), SubmissionInfo(program=program))


def _show(course: Course, visible: str, mode: int, *, visible_only: bool) -> Report:
    """Return what a student is shown of a submission; it is judged once."""
    return _show_once(str(course.folder), visible, mode, visible_only)
