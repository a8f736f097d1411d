"""`from grader import check` in a notebook gives the result of `grader check`, as a table and as text."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from grader import check
from grader.core.judging.reference_data import PUBLIC_SECRET
from grader.course.bundle.write_bundle import render_bundle
from grader.course.loader import bundled_course_folder, load_course
from grader.notebook_check import CheckUsageError
from grader.sandbox.level import Level
from grader.sandbox.sandbox import Sandbox


@pytest.fixture(autouse=True)
def released(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Change to a folder inside a release."""
    for name, data in render_bundle(load_course(bundled_course_folder()), PUBLIC_SECRET).items():
        if name.startswith("checks/"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_bytes(data)
    (tmp_path / "mine").mkdir()
    monkeypatch.chdir(tmp_path / "mine")
    return tmp_path


def softmax(u: NDArray[np.float64]) -> NDArray[np.float64]:
    """Divide the whole batch by its sum."""
    e = np.exp(u - np.max(u))
    return e / np.sum(e)  # type: ignore[no-any-return]


def test_a_mistake_is_named_in_a_table() -> None:
    """Table and text contain the points, each check's sentence and the hint of a known mistake."""
    shown = check("softmax", softmax)
    for text in (repr(shown), shown._repr_html_()):
        assert "0.5 / 1.5" in text
        assert "You divided by the sum over the whole batch." in text
        assert "A batch of two samples" in text
    assert shown._repr_html_().startswith('<table lang="en">')


def test_it_agrees_with_the_command(released: Path) -> None:
    """Verdicts, messages and hints are those of `grader check` for a file with the same function."""
    source = "import numpy as np\ndef softmax(u):\n    e = np.exp(u - np.max(u))\n    return e / np.sum(e)\n"
    file = released / "losses.py"
    file.write_text(source)
    command = [sys.executable, "-m", "grader", "check", "--json", str(file)]
    said = json.loads(subprocess.run(command, capture_output=True, text=True, timeout=200).stdout)
    theirs = next(q for q in said["questions"] if q["id"] == "softmax")["checks"]
    ours = check("softmax", softmax).question.checks
    assert [(c["name"], c["verdict"], c["message"], c["hint"]) for c in theirs] == [
        (c.name, str(c.verdict), c.message, c.hint) for c in ours
    ]


def test_other_answers_are_checked() -> None:
    """A dict, a line and a text are checked for their form; of several functions, only the given ones are checked."""
    assert "has no entry for" in repr(check("task_table", {"regression": {"identity"}}))
    assert "is not a line of Python" in repr(check("hidden_output_line", "z = ("))
    assert "A person reads" in repr(check("why_half", "It goes away when one differentiates."))

    def d_relu(u: NDArray[np.float64]) -> NDArray[np.float64]:
        return (u > 0).astype(float)

    report = check("derivatives", d_relu).question
    assert report.state == "right"
    assert len(report.checks) == 2


def test_blanks_and_exceptions_have_their_line() -> None:
    """A blank that was not filled in and an exception are results with the line of their origin."""

    def empty(u: object) -> object:
        return ____  # type: ignore[name-defined]  # noqa: F821  # a blank

    def wrong(u: object) -> object:
        raise ValueError("<b>")

    assert "A blank (`____`) is still empty in line" in repr(check("softmax", empty))
    shown = check("softmax", wrong)
    assert 'raise ValueError("<b>")' in repr(shown)
    assert "<b>" not in shown._repr_html_()


def test_an_input_is_a_copy() -> None:
    """A function that changes its arguments affects no later check; an interrupt is passed on."""

    def greedy(u: NDArray[np.float64]) -> NDArray[np.float64]:
        u *= 0
        return u

    assert repr(check("softmax", greedy)) == repr(check("softmax", greedy))

    def interrupted(u: object) -> object:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check("softmax", interrupted)


def test_wrong_use_is_one_line() -> None:
    """An unknown question, a missing answer, and a function that isn't asked for are reported in one line."""
    calls: list[Callable[[], object]] = [
        lambda: check("nothing", softmax),
        lambda: check("softmax"),
        lambda: check("derivatives", softmax),
        lambda: check("why_half", "a", "b"),
    ]
    for call in calls:
        with pytest.raises(CheckUsageError) as error:
            call()
        assert error.value._render_traceback_() == [str(error.value)]


def test_a_cell_with_check_can_be_handed_in() -> None:
    """In the sandbox, `from grader import check` works and does nothing."""
    from grader.core.wire.job import Job
    from grader.core.wire.submission import Cell

    cell = Cell("from grader import check\nassert check('softmax', print) is None", label="cell 1")
    with Sandbox() as sandbox:
        assert sandbox.run(Job((cell,), ())).cells[0].raised is None
    with Sandbox(Level.NONE, least=Level.NONE) as sandbox:
        assert sandbox.run(Job((cell,), ())).cells[0].raised is None
