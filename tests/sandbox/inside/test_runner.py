"""Tests of one job inside the sandbox: the environment of cells and requests, and their independence.

Covers `sandbox/inside/environment.py`, `sandbox/inside/randomness.py` and `sandbox/inside/message_reader.py`.
"""

from collections.abc import Callable

import numpy as np
import pytest

from grader.core.wire.job import Call, JobResult, Read, Request, Status
from grader.core.wire.values import Opaque, Value

Run = Callable[..., JobResult]
Ask = Callable[..., Request]

DRAW = """
import random, numpy as np
def draw():
    return (random.random(), np.random.rand(), np.random.default_rng().random(), random.Random().random(),
            np.random.RandomState().random(), np.random.Generator(np.random.PCG64()).random())
"""


def values(outcome: JobResult) -> list[Value]:
    """Return the value of each request's first action."""
    return [answer.results[0].value for answer in outcome.answers]


def test_every_request_seeds_randomness(run: Run, call: Ask) -> None:
    """Unseeded random numbers are the same in each run, differ between requests, and depend on nothing before."""
    requests = tuple(call("draw", question=str(i)) for i in range(3))
    first = values(run(DRAW, requests=requests))
    assert first == values(run(DRAW + "\nnp.random.seed(3)\nrandom.seed(3)\ndraw()", requests=requests))
    assert len(set(first)) == 3
    assert len(set(first[0])) == 6
    assert first == values(run(DRAW + "\nrandom.seed = np.random.seed = None", requests=requests))


def test_every_cell_seeds_randomness(run: Run) -> None:
    """The numbers that a cell draws without a seed are the same in each run."""
    requests = (Request("x", "check", (Read("x"),)),)
    first, second = (values(run(DRAW + "x = draw()", requests=requests)) for _ in range(2))
    assert first == second


def test_the_order_of_sets_is_the_same(run: Run, call: Ask) -> None:
    """Sets of texts have one order, whatever the machine's hash seed."""
    cell = "def f(): return list({'b', 'a', 'c', 'relu', 'softmax'}), hash('x')"
    assert values(run(cell, requests=(call("f"),))) == values(run(cell, requests=(call("f"),)))


def test_standard_output_is_restored(run: Run, call: Ask) -> None:
    """A cell that replaces or closes standard output doesn't silence the next."""
    cells = ("import sys, os\nsys.stdout.close()\nsys.stdout = None", "print('here')\ndef f(): print('there')")
    outcome = run(*cells, requests=(call("f"),))
    assert outcome.cells[1].printed == "here\n"
    assert outcome.answers[0].printed == "there\n"


def test_standard_error_is_printed_text(run: Run) -> None:
    """Standard error, warnings included, is part of the printed text."""
    outcome = run("import sys, warnings\nprint('a', file=sys.stderr)\nwarnings.warn('b')")
    assert outcome.cells[0].printed.startswith("a\n")
    assert "UserWarning: b" in outcome.cells[0].printed


def test_a_module_named_main(run: Run, call: Ask) -> None:
    """Cells are the module `__main__`, so that code which pickles or inspects itself works."""
    cell = (
        "import sys, pickle, inspect\nclass A: pass\ndef f():\n"
        "    return sys.modules['__main__'].f is f, isinstance(pickle.loads(pickle.dumps(A())), A), \\\n"
        "        inspect.getsource(f)[:3]"
    )
    assert values(run(cell, requests=(call("f"),))) == [(True, True, "def")]


STRANGE: dict[str, tuple[str, Value]] = {
    "an object": ("object()", Opaque("object")),
    "a function": ("len", Opaque("builtin_function_or_method")),
    "an array of objects": ("np.array([None])", Opaque("array of dtype object")),
    "texts in an array": ("np.array(['a'])", Opaque("array of dtype <U1")),
    "nested too deep": ("__import__('functools').reduce(lambda x, _: [x], range(99), 0)", Opaque("list")),
    "a wide dict": ("{i: i for i in range(1000)}", Opaque("dict")),
    "a coroutine": ("coroutine()", Opaque("coroutine")),
    "a masked array": ("np.ma.masked_array([1.0, 2.0], [False, True])", np.array([1.0, 2.0])),
    "a matrix": ("np.matrix([[1.0]])", np.array([[1.0]])),
}


@pytest.mark.parametrize(("expression", "expected"), STRANGE.values(), ids=STRANGE.keys())
def test_strange_values_are_named(run: Run, call: Ask, expression: str, expected: Value) -> None:
    """A value that can't be sent becomes the name of its type; arrays of every kind become plain arrays."""
    cell = f"import numpy as np\nasync def coroutine(): pass\ndef f():\n    return {expression}\n"
    answer = run(cell, requests=(call("f"),)).answers[0]
    assert answer.ended is Status.DONE
    assert np.array_equal(answer.results[0].value, expected)


def test_helpers_come_before_cells(run: Run) -> None:
    """Helper modules can be imported by cells, parents first, and by one another."""
    modules = {"common": "", "common.b": "from common import a\ny = a.x + 1", "common.a": "x = 1"}
    requests = (Request("y", "check", (Read("y"),)),)
    assert values(run("from common.b import y", modules=modules, requests=requests)) == [2]


def test_many_cells_and_actions(run: Run) -> None:
    """Results arrive in the order of the requests, however many there are."""
    cells = tuple(f"x{i} = {i}" for i in range(60))
    requests = tuple(Request(str(i), "check", (Read(f"x{i}"), Read(f"x{59 - i}"))) for i in range(60))
    outcome = run(*cells, requests=requests)
    assert [tuple(r.value for r in answer.results) for answer in outcome.answers] == [(i, 59 - i) for i in range(60)]
    assert [cell.label for cell in outcome.cells] == [f"cell {i}" for i in range(1, 61)]


def test_large_arguments_arrive(run: Run) -> None:
    """An argument much larger than a pipe's buffer arrives whole, while answers are sent back."""
    x = np.arange(10**6, dtype=float)
    request = Request("f", "check", (Call("f", (x,)), Call("f", (x,))))
    assert values(run("def f(x): return float(x.sum())", requests=(request,))) == [x.sum()]
