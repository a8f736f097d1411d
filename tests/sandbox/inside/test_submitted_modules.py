"""Modules that were handed in with a submission: imported under their paths, and looked up for answers."""

import pytest

from grader.core.wire.job import Answer, Call, CellRun, ExceptionInfo, Job, JobResult, Limits, Request, Status
from grader.core.wire.submission import Cell
from grader.sandbox.inside.cell_notes import CellNotes
from grader.sandbox.inside.submitted_modules import AnswerNames, SubmittedModules
from grader.sandbox.sandbox import Sandbox

_LIMITS = Limits(cpu=10.0, wall=60.0)
_LINEAR = "from .parts.shared import double\n\ndef loss(x):\n    return double(x) + 1\n"


def _run(
    sandbox: Sandbox,
    files: dict[str, str],
    *sources: str,
    calls: tuple[str, ...] = (),
    modules: dict[str, str] | None = None,
    files_by_name: dict[str, str] | None = None,
) -> JobResult:
    """Run cells and files, and call each of the functions with 3."""
    cells = [Cell(source, label=f"cell {number}") for number, source in enumerate(sources, 1)]
    cells += [Cell(source, "module", path) for path, source in files.items()]
    requests = tuple(Request(name, "check", (Call(name, (3.0,)),), limits=_LIMITS) for name in calls)
    return sandbox.run(
        Job(tuple(cells), requests, modules or {}, cell_limits=_LIMITS, files_by_name=files_by_name or {})
    )


def _value(answer: Answer) -> object:
    assert answer.ended is Status.DONE
    assert answer.results[0].raised is None
    return answer.results[0].value


def _raised(run: CellRun) -> ExceptionInfo:
    assert run.raised is not None
    return run.raised


@pytest.mark.parametrize(
    "cell",
    [
        "from models.linear import loss\nfound = loss",
        "import models.linear as linear\nfound = linear.loss",
        "from models import linear\nfound = linear.loss",
        "import models.linear\nfound = models.linear.loss",
        "import sys\nsys.path.append('models')\nfrom linear import loss\nfound = loss",
        "%load_ext autoreload\n%autoreload 2\nimport importlib, models.linear\n"
        "found = importlib.reload(models.linear).loss",
    ],
)
def test_modules_are_imported_under_their_paths(sandbox: Sandbox, cell: str) -> None:
    """A cell imports a module in every usual way, which imports others relatively, without any `__init__.py`."""
    files = {"models/linear.py": _LINEAR, "models/parts/shared.py": "def double(x):\n    return 2 * x\n"}
    result = _run(sandbox, files, cell, calls=("found", "loss"))
    assert [run.raised for run in result.cells] == [None] * 3
    assert [_value(answer) for answer in result.answers] == [7.0, 7.0]


def test_a_package_runs_its_init(sandbox: Sandbox) -> None:
    """`__init__.py` is the package itself, and imports from its own modules."""
    files = {"models/__init__.py": "from .linear import loss\n", "models/linear.py": "def loss(x):\n    return x + 1\n"}
    result = _run(sandbox, files, "from models import loss as found", calls=("found",))
    assert _value(result.answers[0]) == 4.0


def test_functions_are_found_without_a_notebook(sandbox: Sandbox) -> None:
    """A function is looked up in the modules if no cell has it."""
    result = _run(sandbox, {"linear.py": "def loss(x):\n    return x + 1\n"}, calls=("loss",))
    assert _value(result.answers[0]) == 4.0


def test_a_function_is_looked_up_in_its_own_file_first(sandbox: Sandbox) -> None:
    """Two modules and the notebook have the same name: the file that is asked for counts."""
    files = {"a.py": "def loss(x):\n    return 1.0\n", "b.py": "def loss(x):\n    return 2.0\n"}
    result = _run(sandbox, files, "import a\nloss = 0.5", calls=("loss",), files_by_name={"loss": "b.py"})
    assert _value(result.answers[0]) == 2.0


def test_an_exception_belongs_to_its_file(sandbox: Sandbox) -> None:
    """A statement that raises in a module costs nothing else; the exception has the file's path and line."""
    files = {
        "models/__init__.py": "x = 1 / 0\n",
        "models/linear.py": "import json\ny = [][1]\ndef loss(x):\n    return x\n",
    }
    result = _run(sandbox, files, "from models.linear import loss", calls=("loss",))
    assert result.cells[0].raised is None
    assert [(_raised(run).cell, _raised(run).line) for run in result.cells[1:]] == [
        ("models/__init__.py", 1),
        ("models/linear.py", 2),
    ]
    assert _value(result.answers[0]) == 3.0


def test_an_exception_in_a_called_function_names_the_file(sandbox: Sandbox) -> None:
    """A function that raises is located in its module."""
    result = _run(sandbox, {"models/linear.py": "def loss(x):\n    y = x\n    return y.nothing\n"}, calls=("loss",))
    raised = result.answers[0].results[0].raised
    assert isinstance(raised, ExceptionInfo)
    assert (raised.cell, raised.line, raised.text.strip()) == ("models/linear.py", 3, "return y.nothing")


def test_a_syntax_error_costs_one_function(sandbox: Sandbox) -> None:
    """The functions of a module that doesn't parse as a whole are found where they do."""
    source = "def loss(x):\n    return x + 1\n\ndef other(x)\n    return x\n"
    result = _run(sandbox, {"linear.py": source}, calls=("loss",))
    assert (_raised(result.cells[0]).type, _raised(result.cells[0]).line) == ("SyntaxError", 4)
    assert _value(result.answers[0]) == 4.0


def test_cyclic_imports_are_told_at_the_line(sandbox: Sandbox) -> None:
    """Of two modules that import each other, the second one's import fails, at its line; everything else runs."""
    files = {
        "a.py": "from b import g\ndef f(x):\n    return x + 1\n",
        "b.py": "from a import f\ndef g(x):\n    return x + 2\n",
    }
    result = _run(sandbox, files, calls=("f", "g"))
    assert [_value(answer) for answer in result.answers] == [4.0, 5.0]
    assert result.cells[0].raised is None
    assert "circular import" in _raised(result.cells[1]).message


@pytest.mark.parametrize("path", ["numpy.py", "numpy/linalg.py", "json.py", "grader/core/wire/encode.py", "sqlite3.py"])
def test_modules_shadow_nothing(sandbox: Sandbox, path: str) -> None:
    """A module with the name of numpy, of the standard library or of the grader is not imported; its answers count."""
    source = "def loss(x):\n    return x + 1\n"
    cell = "import numpy, numpy.linalg, json, grader.core.wire.encode\nok = lambda x: float(numpy.sum([x, x]))"
    result = _run(sandbox, {path: source}, cell, calls=("ok", "loss"))
    assert [_value(answer) for answer in result.answers] == [6.0, 4.0]
    assert result.cells[1].remarks == (f"`{path}` can't be imported: its name is that of another module.",)


def test_modules_of_the_course_are_beside_those_handed_in(sandbox: Sandbox) -> None:
    """A package holds a module of the course and one that was handed in; the course's own is not replaced."""
    files = {
        "models/linear.py": "from models.given import one\ndef loss(x):\n    return one(x)\n",
        "models/given.py": "one = 5",
    }
    result = _run(sandbox, files, calls=("loss",), modules={"models.given": "def one(x):\n    return x + 1\n"})
    assert _value(result.answers[0]) == 4.0


def test_an_endless_module_costs_its_own_functions(sandbox: Sandbox) -> None:
    """A module that never ends is stopped, and is not imported again; the others are judged."""
    files = {"a.py": "while True:\n    pass\n", "b.py": "def g(x):\n    return x + 2\n"}
    cells = tuple(Cell(source, "module", path) for path, source in files.items())
    requests = (Request("g", "check", (Call("g", (3.0,)),), limits=_LIMITS),)
    result = sandbox.run(Job(cells, requests, cell_limits=Limits(cpu=0.2)))
    assert [run.ended for run in result.cells] == [Status.TIME_LIMIT, Status.DONE]
    assert _value(result.answers[0]) == 5.0


def test_shorter_names_are_those_that_are_unique() -> None:
    """A module is found under the end of its dotted name, unless two modules have that end."""
    finder = SubmittedModules({"a/x.py": "", "b/x.py": "", "b/y.py": "", "json.py": ""}, lambda *_: None, CellNotes())
    assert [finder.find_spec(name) is not None for name in ("a.x", "x", "y", "json")] == [True, False, True, False]


def test_names_of_cells_and_modules_are_all_listed() -> None:
    """The names that answers are looked up in are those of the cells, then those of the modules."""
    names = AnswerNames({"x": 1}, {"a.py": {"f": 2, "x": 3}}, {"f": "a.py", "x": "b.py"})
    assert dict(names) == {"x": 1, "f": 2}
