"""`from grader import check` in a notebook gives the result of `grader check`, as HTML and as text.

Covers `services/check_in_process.py`, `services/diagnose_in_child.py` and `core/report/question_summary.py`.
"""

import importlib
import json
import linecache
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient
from numpy.typing import NDArray

from grader import check
from grader.core.judging.reference_data import PUBLIC_SECRET
from grader.course.bundle.write_bundle import render_bundle
from grader.course.loader import bundled_course_folder, load_course
from grader.notebook_check import CheckUsageError
from grader.sandbox.level import Level
from grader.sandbox.sandbox import Sandbox
from tests import file_set_course


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


def test_a_mistake_is_named() -> None:
    """HTML and text contain the points, the sentence of each failed check and the hint of a known mistake."""
    shown = check("softmax", softmax)
    for text in (repr(shown), shown._repr_html_()):
        assert "0.5 / 1.5" in text
        assert "You divided by the sum over the whole batch." in text
        assert "A batch of two samples" in text
    assert shown._repr_html_().startswith('<div lang="en" ')


def test_it_says_what_the_command_says(released: Path) -> None:
    """The text of a question is the part of `grader check`'s output for the same function, remarks included."""
    source = (
        "import numpy as np\ndef softmax(u):\n    u -= np.max(u)\n    return (np.exp(u) / np.sum(np.exp(u))).tolist()\n"
    )
    file = released / "losses.py"
    file.write_text(source)
    namespace: dict[str, object] = {}
    exec(source, namespace)
    command = [sys.executable, "-m", "grader", "check", str(file)]
    printed = subprocess.run(command, capture_output=True, text=True, timeout=200).stdout
    said = repr(check("softmax", namespace["softmax"]))
    assert "remark: Argument u was changed in place" in said
    assert said in printed


TWO_FAULTS = """import numpy as np

SIZE = -1

def softmax(u):
    powers = np.exp(u)
    return powers / powers.sum(axis=SIZE, keepdim=True)
"""


def test_edits_are_told_as_by_the_command(released: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lines to look at are those that `grader check` names, and the module stays as it is."""
    file = released / "losses.py"
    file.write_text(TWO_FAULTS)
    monkeypatch.syspath_prepend(str(released))
    module = importlib.import_module("losses")
    before = dict(vars(module))
    said = repr(check("softmax", module.softmax))
    assert {name: one for name, one in vars(module).items() if name != "__warningregistry__"} == before
    command = [sys.executable, "-m", "grader", "check", str(file)]
    printed = subprocess.run(command, capture_output=True, text=True, timeout=200).stdout
    for line, sentence in (
        (6, "look at how large the argument of the exponential function becomes."),
        (7, "look at the spelling of this name."),
    ):
        assert f"Line {line}: {sentence}" in said
        place = printed.index(f"    {line} | ")  # the command shows the line itself
        assert printed[place:].splitlines()[1].strip().lower() == sentence


def test_nothing_is_told_of_what_gives_something_else_by_its_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the text of a function doesn't give what the function gives in the notebook, no edit is told."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    text = TWO_FAULTS + "\nnumpy_sum = np.sum\n"
    monkeypatch.setitem(linecache.cache, "<c>", (len(text), None, text.splitlines(keepends=True), "<c>"))
    exec(compile(text, "<c>", "exec"), namespace)
    namespace["SIZE"] = np.int64(-1)  # an object that is no number of Python
    said = repr(check("softmax", namespace["softmax"]))
    assert "TypeError" in said
    assert "look at" not in said


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
        raise ValueError("<i>")

    assert "A blank (`____`) is still empty in line" in repr(check("softmax", empty))
    shown = check("softmax", wrong)
    assert 'raise ValueError("<i>")' in repr(shown)
    assert "<i>" not in shown._repr_html_()


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
        lambda: check("sofmax", softmax),
        lambda: check("softmax", 3),
        lambda: check("softmax", softmax(np.ones((2, 3)))),
        lambda: check("softmax", softmax, exercise="lossses"),
        lambda: check(np.ones(3)),
        lambda: check("cross_entropy_error"),
        lambda: check("why_half"),
        lambda: check("derivatives", softmax),
        lambda: check("why_half", "a", "b"),
    ]
    for call in calls:
        with pytest.raises(CheckUsageError) as error:
            call()
        assert error.value._render_traceback_() == [str(error.value)]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("sofmax",), "the question 'sofmax' does not exist; did you mean 'softmax'?"),
        (("softmax", 3), 'softmax checks a function, not a value: write check("softmax", softmax), without calling'),
        (("cross_entropy_error",), "cross_entropy_error is not defined yet: run the cell that defines it first"),
        (("why_half",), 'the answer is missing: write check("why_half", "your text")'),
    ],
)
def test_wrong_use_says_what_to_write(arguments: tuple[object, ...], line: str) -> None:
    """A misspelt question, a value in place of a function, and a missing answer get a line that says what to write."""
    with pytest.raises(CheckUsageError) as error:
        check(*arguments)
    assert str(error.value).startswith(line)


def test_an_answer_is_found_by_its_name() -> None:
    """Without an answer the calling module's function is checked; a function alone names its question."""
    assert repr(check("softmax")) == repr(check(softmax)) == repr(check("softmax", softmax))


def test_answers_keep_their_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of several functions or variables, those that the caller has defined are taken, each by its own name."""

    def relu_slope(u: NDArray[np.float64]) -> NDArray[np.float64]:
        return (u > 0).astype(float)

    monkeypatch.setitem(globals(), "d_relu", relu_slope)
    report = check("derivatives").question
    assert report.state == "right"
    assert check("d_relu").question.id == "derivatives"
    monkeypatch.setitem(globals(), "cross_entropy_error", 3)
    with pytest.raises(CheckUsageError, match="checks a function, not a value"):
        check("cross_entropy_error")


def test_every_defined_answer_is_checked() -> None:
    """`check()` checks the questions whose answers the caller has defined, and no others."""
    assert [question.id for question in check().questions] == ["softmax"]


def test_a_release_is_read_once(released: Path) -> None:
    """A second check reads no file of the release again; a release that has changed is read anew."""
    from grader import notebook_check

    check("softmax", softmax)
    before = notebook_check._load_unchanged.cache_info()
    check("softmax", softmax)
    after = notebook_check._load_unchanged.cache_info()
    assert (after.hits, after.misses) == (before.hits + 1, before.misses)
    (released / "checks" / "release.json").write_text('{"format": 99}')
    with pytest.raises(CheckUsageError, match="another version of grader made this file"):
        check("softmax", softmax)


def test_the_environment_names_a_release(
    released: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Outside of a release nothing is guessed; GRADER_COURSE names one."""
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    with pytest.raises(CheckUsageError, match="no `checks` folder found here"):
        check("softmax", softmax)
    monkeypatch.setenv("GRADER_COURSE", str(released))
    assert "0.5 / 1.5" in repr(check("softmax", softmax))


def test_a_script_prints(capsys: pytest.CaptureFixture[str]) -> None:
    """In a plain script the feedback is printed, unless `show` is false."""
    shown = check("softmax", softmax)
    assert capsys.readouterr().out == f"{shown}\n"
    check("softmax", softmax, show=False)
    assert capsys.readouterr().out == ""


class Kernel:
    """A live Jupyter kernel in the release's folder."""

    def __init__(self, folder: Path) -> None:
        self.notebook = nbformat.v4.new_notebook()  # type: ignore[no-untyped-call]  # nbformat ships no types
        self._client = NotebookClient(
            self.notebook, timeout=120, allow_errors=True, resources={"metadata": {"path": str(folder)}}
        )

    def run(self, *cells: str) -> list[list[dict[str, Any]]]:
        """Run cells, and return the outputs of each."""
        self.notebook.cells = [
            nbformat.v4.new_code_cell(cell)  # type: ignore[no-untyped-call]  # the same
            for cell in cells
        ]
        self._client.execute()
        return [cell.outputs for cell in self.notebook.cells]


SOFTMAX = """
import numpy as np
from grader import check

def softmax(u):
    e = np.exp(u - np.max(u))
    return e / np.sum(e)
"""


def test_a_live_kernel_shows_every_check_once(released: Path) -> None:
    """Two checks in a cell are both shown, as HTML, once; a kept result is shown again in a later cell."""
    _, both, later = Kernel(released).run(SOFTMAX, 'one = check("softmax")\ncheck("softmax")', "one")
    assert len(both) == 2
    assert len(later) == 1
    for output in (*both, *later):
        assert "You divided by the sum over the whole batch." in output["data"]["text/html"]


def test_a_live_kernel_shows_no_traceback_of_the_grader(released: Path) -> None:
    """Wrong use and an interrupt are one line each; nothing of the program's own files is shown."""
    interrupt = "def softmax(u):\n    raise KeyboardInterrupt\ncheck('softmax')"
    _, wrong, stopped = Kernel(released).run(SOFTMAX, "check('sofmax')", interrupt)
    for outputs in (wrong, stopped):
        text = "".join("".join(o.get("traceback", ())) + o.get("text", "") for o in outputs)
        assert "notebook_check" not in text
        assert len([line for line in text.splitlines() if line]) == 1, text


def test_a_cell_with_check_can_be_handed_in() -> None:
    """In the sandbox, `from grader import check` works and does nothing."""
    from grader.core.wire.job import Job
    from grader.core.wire.submission import Cell

    cell = Cell("from grader import check\nassert check('softmax', print) is None", label="cell 1")
    with Sandbox() as sandbox:
        assert sandbox.run(Job((cell,), ())).cells[0].raised is None
    with Sandbox(Level.NONE, min_level=Level.NONE) as sandbox:
        assert sandbox.run(Job((cell,), ())).cells[0].raised is None


def test_a_function_is_found_in_a_module_that_was_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In an exercise of several files, the answer is that of the imported module, without its name in the notebook."""
    release = tmp_path / "release"
    course = load_course(file_set_course.write_course(tmp_path / "course"))
    for name, data in render_bundle(course, PUBLIC_SECRET).items():
        (release / name).parent.mkdir(parents=True, exist_ok=True)
        (release / name).write_bytes(data)
    file_set_course.write_files(release / "nets", {"models/linear.py": file_set_course.WRONG_LOSS})
    monkeypatch.chdir(release / "nets")
    monkeypatch.syspath_prepend(str(release / "nets"))
    importlib.import_module("models.linear")
    try:
        assert "You did not divide by the number of rows." in repr(check("loss", show=False))
    finally:
        for name in [one for one in sys.modules if one.partition(".")[0] == "models"]:
            del sys.modules[name]
