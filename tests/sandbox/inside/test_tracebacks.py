"""Which line raised, and what: for exceptions of every kind, the hostile included."""

from typing import Any

import numpy as np
import pytest

from grader.sandbox.inside import tracebacks
from grader.sandbox.inside.cells import CellRunner
from grader.sandbox.inside.notes import CellNotes


def raised(source: str, call: str = "f()") -> dict[str, Any]:
    """What `call` raises after a cell has run, as data."""
    cells = CellRunner({"__name__": "__main__", "np": np}, CellNotes())
    error = cells.run("cell 1", source)
    if error is None:
        try:
            eval(call, cells.namespace)
        except BaseException as late:
            error = late
    assert error is not None
    return tracebacks.describe_exception(error)


PLACES = {
    "in the function": ("def f():\n    x = 1\n    return x / 0", "ZeroDivisionError", "division by zero", 3, "f"),
    "in numpy called from it": (
        "def f():\n    return np.linalg.inv(\n        np.zeros((2, 2)))",
        *("LinAlgError", "Singular matrix", 2, "f"),
    ),
    "in a nested function": (
        "def f():\n    def g():\n        return [][1]\n    return g()",
        "IndexError",
        "list index out of range",
        3,
        "g",
    ),
    "in a comprehension": (
        "def f():\n    return [\n        1 / i\n        for i in range(2)\n    ]",
        "ZeroDivisionError",
        "division by zero",
        3,
        "<listcomp>",
    ),
    "in what was evaluated": ("def f():\n    exec('x = = 1')", "SyntaxError", "invalid syntax", 2, "f"),
    "at the top": ("x = 1\nx.nothing", "AttributeError", "'int' object has no attribute 'nothing'", 2, ""),
    "without a message": ("def f():\n    raise ValueError", "ValueError", "", 2, "f"),
    "of one's own": ("class Wrong(Exception): pass\ndef f():\n    raise Wrong('x', 1)", "Wrong", "('x', 1)", 3, "f"),
    "in a handler": (
        "def f():\n    try:\n        1 / 0\n    except Exception:\n        raise KeyError('k')",
        "KeyError",
        "'k'",
        5,
        "f",
    ),
    "leaving": ("import sys\ndef f():\n    sys.exit(3)", "SystemExit", "3", 3, "f"),
    "not Python": ("x = 1\ndef f() return 1", "SyntaxError", "expected ':'", 2, ""),
    "too deep": ("def f():\n    return f()", "RecursionError", "maximum recursion depth exceeded", 2, "f"),
    "raised by hand": ("def f():\n    raise SyntaxError('mine')", "SyntaxError", "mine", 2, "f"),
}


@pytest.mark.parametrize(("source", "kind", "message", "line", "function"), PLACES.values(), ids=PLACES.keys())
def test_the_place_is_the_innermost_line_of_a_cell(
    source: str, kind: str, message: str, line: int, function: str
) -> None:
    """Type, message, line, text and function are those of the student's own code, however deep the exception began."""
    told = raised(source)
    assert (told["type"], told["message"], told["line"]) == (kind, message, line)
    assert told["text"] == source.split("\n")[line - 1]
    assert told["cell"] == "cell 1"
    assert told["function"] in (function, "f")  # from 3.12 on a comprehension is no function
    assert (told["blank"], told["memory"]) == (False, False)


HOSTILE = {
    "a text that raises": "class E(Exception):\n    def __str__(self): raise SystemExit\ndef f(): raise E",
    "a text that is none": "class E(Exception):\n    def __str__(self): return 3\ndef f(): raise E",
    "a text of another type": (
        "class S(str):\n    def __getitem__(self, i): return 3\n"
        "class E(Exception):\n    def __str__(self): return S('x')\ndef f(): raise E"
    ),
    "no traceback": "class E(Exception):\n    __traceback__ = property(lambda self: 1 / 0)\ndef f(): raise E",
    "a name that is none": (
        "class M(type):\n    __name__ = property(lambda self: 1 / 0)\n"
        "class E(Exception, metaclass=M): pass\ndef f(): raise E"
    ),
    "a name that lies": "class E(NameError):\n    name = property(lambda self: 1 / 0)\ndef f(): raise E",
    "another class": "class E(Exception):\n    __class__ = property(lambda self: 1 / 0)\ndef f(): raise E",
    "a syntax error elsewhere": "def f():\n    raise SyntaxError('x', ('/etc/passwd', 1, 1, 'root'))",
    "a syntax error nowhere": (
        "class E(SyntaxError):\n    lineno = filename = msg = property(lambda s: 1 / 0)\ndef f(): raise E"
    ),
    "a very long text": "def f():\n    raise ValueError('x' * 10**6)",
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE.keys())
def test_exceptions_that_lie_are_only_data(source: str) -> None:
    """Whatever an exception does when it is looked at, plain data comes out, of bounded size."""
    told = raised(source)
    assert type(told["type"]) is type(told["message"]) is str
    assert told["type"] in ("E", "SyntaxError", "ValueError")
    assert len(told["message"]) <= tracebacks.MAX_MESSAGE_LENGTH
    assert "root:" not in told["text"]


BLANKS = {
    "in a function": ("def f():\n    return ____", 2),
    "at the top": ("x = 1\ny = ____", 2),
    "in a default": ("x = 1\ndef f(y=____): pass", 2),
    "as a method": ("def f():\n    return np.____(1)", 2),
    "as an argument": ("def f():\n    return np.sum(____)", 2),
}


@pytest.mark.parametrize(("source", "line"), BLANKS.values(), ids=BLANKS.keys())
def test_a_blank_is_known(source: str, line: int) -> None:
    """A `____` that was left is told as such, with its line."""
    told = raised(source)
    assert (told["blank"], told["line"]) == (True, line)


def test_other_names_are_no_blanks() -> None:
    """A name that doesn't exist is no blank."""
    assert not raised("def f():\n    return ___")["blank"]


def test_memory_tells_what_was_wanted() -> None:
    """Of an array that is too large its size is told."""
    told = raised("def f():\n    return np.empty(2**60 - 8, np.uint8)")
    assert (told["memory"], told["wanted"]) == (True, 2**60 - 8)


def test_where_a_package_lies_isnt_told() -> None:
    """The folder of a package, which differs by machine, is left out of an import's message."""
    assert raised("from numpy import arrange", "1")["message"] == "cannot import name 'arrange' from 'numpy'"
