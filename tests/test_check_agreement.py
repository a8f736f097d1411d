"""`grader check` and `from grader import check` agree: the same function gets the same verdicts, messages and hints."""

import contextlib
import io
import linecache
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader import check
from grader.core.judging.reference_data import PUBLIC_SECRET
from grader.core.questions.exercise import Course
from grader.core.report.report import QuestionReport, SubmissionInfo, build_report
from grader.core.wire.submission import Cell, ParsedSubmission
from grader.course.bundle.read_bundle import Bundle, load_bundle
from grader.course.bundle.write_bundle import render_bundle
from grader.course.loader import bundled_course_folder, load_course
from grader.course.templates import make_mistaken_submission
from grader.grading.judge import Judge
from grader.sandbox.sandbox import Sandbox

SAID = ("name", "verdict", "says", "message", "hint", "remarks", "points")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Return one sandbox for all tests."""
    with Sandbox() as one:
        yield one


def release(course: Course, folder: Path) -> Bundle:
    """Write a release of the checks, and read it as `grader check` does."""
    for name, data in render_bundle(course, PUBLIC_SECRET).items():
        if name.startswith("checks/"):
            (folder / name).parent.mkdir(exist_ok=True, parents=True)
            (folder / name).write_bytes(data)
    return load_bundle(folder)


def command_says(bundle: Bundle, sandbox: Sandbox, exercise: str, program: ParsedSubmission) -> list[QuestionReport]:
    """Return the reports that the command prints for a submission."""
    asked = bundle.course.exercise(exercise)
    judge = Judge(bundle.course, sandbox, PUBLIC_SECRET, visible_only=True, reference_data=bundle.reference_data)
    return list(build_report(asked, judge.judge(asked, program), SubmissionInfo(None, 1, program)).questions)


def sentences(report: QuestionReport) -> list[tuple[object, ...]]:
    """Return all sentences about a question's checks, without numbers of cells, which a kernel doesn't know."""
    return [tuple(_drop_cell_number(getattr(one, field)) for field in SAID) for one in report.checks]


def _drop_cell_number(said: object) -> object:
    if not isinstance(said, str):
        return said
    return re.sub(r"(in line \d+) of cell \d+", r"\1", re.sub(r"^(Line \d+) of cell \d+", r"\1 of your code", said))


def run(program: ParsedSubmission) -> dict[str, Any]:
    """Return the names that a submission's cells leave in this process; one that raises doesn't stop the next."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for cell in program.cells:
        if cell.kind == "code":
            name = f"<{cell.label}>"
            linecache.cache[name] = len(cell.source), None, cell.source.splitlines(keepends=True), name
            with contextlib.redirect_stdout(io.StringIO()), np.errstate(all="ignore"), contextlib.suppress(Exception):
                exec(compile(cell.source, name, "exec"), namespace)
    return namespace


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Bundle]:
    """Return a release of the bundled course: its folder, and what `grader check` reads there."""
    folder = tmp_path_factory.mktemp("released")
    return folder, release(load_course(bundled_course_folder()), folder)


@pytest.fixture
def _helpers_imported_anew() -> Iterator[None]:
    """Forget the course's helper modules that answers import, so that other tests don't find them."""
    yield
    for name in [name for name in sys.modules if name.partition(".")[0] == "common"]:
        del sys.modules[name]


@pytest.mark.usefixtures("_helpers_imported_anew")
@pytest.mark.parametrize("name", [e.name for e in load_course(bundled_course_folder()).exercises])
def test_both_say_the_same_of_every_known_mistake(
    name: str, sandbox: Sandbox, released: tuple[Path, Bundle], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each known mistake of the bundled course gets the same sentences in a terminal and in a notebook."""
    exercise = load_course(bundled_course_folder()).exercise(name)
    folder, bundle = released
    monkeypatch.chdir(folder)
    monkeypatch.syspath_prepend(bundled_course_folder() / "exercises")
    seen = 0
    for question in exercise.questions:
        for mistake in question.mistakes:
            program = make_mistaken_submission(exercise, {question.id: mistake.name})
            reports = command_says(bundle, sandbox, name, program)
            theirs = next((report for report in reports if report.id == question.id), None)
            if theirs is None or not theirs.checks:  # all of its checks are hidden
                continue
            namespace = run(program)
            answers = [namespace[function] for function in question.functions]
            ours = check(question.id, *answers, exercise=name).question
            assert sentences(ours) == sentences(theirs), mistake.name
            seen += 1
    assert seen or not any(question.mistakes for question in exercise.questions)


SOLUTION = """\
# %% [markdown]
# # Ends of arrays

# %%
import numpy as np

# %% question="ends"
def ends(x):
    result = np.array([x[0], x[-1]])  # blank: the first and the last item
    return result

# %% question="doubled"
def doubled(x):
    return map(lambda item: 2 * item, x[:3])  # blank: twice each of the first three items
"""
CHECKS = """\
import numpy as np
from grader.authoring import code_question
from . import solution

ends = code_question("ends", title="Ends", points=2, reference=solution.ends)
doubled = code_question("doubled", title="Doubled", points=1, reference=solution.doubled)

@ends.check(points=2)
def long_array(rng):
    "An array of 3000 items."
    return np.arange(3000.0)

@doubled.check(points=1)
def three(rng):
    "A long array."
    return np.arange(3000.0)
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """Return a release of two questions about a long array."""
    folder = tmp_path_factory.mktemp("small")
    (folder / "reference" / "arrays").mkdir(parents=True)
    (folder / "reference" / "arrays" / "solution.py").write_text(SOLUTION)
    (folder / "reference" / "arrays" / "checks.py").write_text(CHECKS)
    (folder / "reference" / "course.toml").write_text('title = "Arrays"\nexercises = ["arrays"]\n')
    (folder / "exercises").mkdir()
    return release(load_course(folder), folder / "released")


ODD = {
    "generator": "(item for item in (x[0], x[-1]))",
    "map": "map(float, (x[0], x[-1]))",
    "zip": "zip(x[:1], x[-1:])",
    "range": "range(0, 2999, 2998)",
    "enumerate": "enumerate(x[:2])",
    "endless": "iter(int, 1)",
    "keys": "{x[0]: 1, x[-1]: 2}.keys()",
    "values": "{1: x[0], 2: x[-1]}.values()",
    "items": "{1: x[0], 2: x[-1]}.items()",
    "dict": "{'first': x[0], 'last': x[-1]}",
    "set": "{x[0], x[-1]}",
    "None": "None",
    "matrix": "np.matrix([x[0], x[-1]])",
    "subclass": "np.ma.array([x[0], x[-1]])",
    "float32": "np.array([x[0], x[-1]], np.float32)",
    "float16": "np.array([x[0], x[-1]], np.float16)",
    "big-endian": "np.array([x[0], x[-1]], '>f8')",
    "0-d": "np.array(x[0])",
    "scalar": "x[-1]",
    "object array": "np.array([x[0], x[-1]], object)",
    "array of text": "np.array(['a', 'b'])",
    "empty": "x[:0]",
    "NaN": "np.array([np.nan, x[-1]])",
    "infinity": "[x[0], np.inf]",
    "Ellipsis": "...",
    "class": "dict",
    "instance": "type('Odd', (), {})()",
    "exception": "ValueError('returned')",
    "text": "'0 2999'",
    "bytes": "b'0'",
    "complex": "[complex(x[0]), complex(x[-1])]",
    "long int": "[0, 10 ** 300]",
    "nested": "functools.reduce(lambda inner, _: [inner], range(30), 0)",
    "many items": "list(range(200_000))",
    "many bytes": "np.zeros(2_000_000)",
    "itself": "(lambda l: l.append(l) or l)([])",
    "division by zero": "x[-1] / x[0] and 1 / 0",
    "warning": "np.array([x[0], x[-1] + 0 * np.log(x[0])])",
    "exit": "exit_now()",
    "changed": "put(x, 1500, 1.0)",
    "changed by NaN": "put(x, 1500, np.nan)",
    "swapped": "put(x, 0, 3.0)",
    "blank": "____",
}
HELPERS = """\
import functools
import numpy as np

def exit_now():
    raise SystemExit(3)

def put(x, place, item):
    result = np.array([x[0], x[-1]])
    x[place] = item
    return result

"""


def both(
    bundle: Bundle, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, question: str, returned: str
) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """Return the sentences of a notebook and of a terminal about a function that returns this expression."""
    source = f"{HELPERS}def {question}(x):\n    return {returned}\n"
    program = ParsedSubmission((Cell(source, label="cell 1"),), "arrays")
    reports = command_says(bundle, sandbox, "arrays", program)
    monkeypatch.chdir(bundle.course.folder)
    ours = check(question, run(program)[question], exercise="arrays").question
    return sentences(ours), sentences(next(report for report in reports if report.id == question))


@pytest.mark.parametrize("returned", ODD)
def test_both_say_the_same_of_odd_values(
    returned: str, small: Bundle, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For any result, exception or change of a function, a terminal and a notebook give the same sentences."""
    ours, theirs = both(small, sandbox, monkeypatch, "ends", ODD[returned])
    assert ours == theirs


@pytest.mark.parametrize(
    "returned", ["map(float, 2 * x[:3])", "(2 * i for i in x[:3])", "[0.0, 2.0, 4.0]", "range(0, 6, 2)"]
)
def test_a_lazy_reference_asks_for_its_items(
    returned: str, small: Bundle, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the reference returns a map, a list, map or generator of the same items is right in both."""
    ours, theirs = both(small, sandbox, monkeypatch, "doubled", returned)
    assert ours == theirs
    assert [str(one[1]) for one in ours] == ["passed"]


def test_a_change_in_the_middle_is_remarked(small: Bundle, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """One changed item of 3000 in an argument gives a remark in a terminal and in a notebook."""
    for report in both(small, sandbox, monkeypatch, "ends", ODD["changed"]):
        assert ["Argument x was changed in place" in str(said) for said in report] == [True]
