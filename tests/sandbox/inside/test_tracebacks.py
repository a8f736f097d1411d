"""Tests of describing exceptions of every kind, hostile ones included: type, message and line.

Covers `sandbox/inside/blanks.py`.
"""

from typing import Any

import numpy as np
import pytest

from grader.sandbox.inside import tracebacks
from grader.sandbox.inside.cell_notes import CellNotes
from grader.sandbox.inside.cells import CellRunner


def raised(source: str, call: str = "f()") -> dict[str, Any]:
    """Return the exception of `call` after a cell has run, as data."""
    cells = CellRunner({"__name__": "__main__", "np": np}, CellNotes())
    error = cells.run("cell 1", source)
    if error is None:
        try:
            eval(call, cells.globals)
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
    """Type, message, line, text and function are those of the student's own code, however deep the origin."""
    description = raised(source)
    assert (description["type"], description["message"], description["line"]) == (kind, message, line)
    assert description["text"] == source.split("\n")[line - 1]
    assert description["cell"] == "cell 1"
    assert description["function"] in (function, "f")  # since 3.12 a comprehension is not a function of its own
    assert (description["blank"], description["memory"]) == (False, False)


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
def test_hostile_exceptions_are_plain_data(source: str) -> None:
    """Plain data of bounded size results, whatever an exception does when it is examined."""
    description = raised(source)
    assert type(description["type"]) is type(description["message"]) is str
    assert description["type"] in ("E", "SyntaxError", "ValueError")
    assert len(description["message"]) <= tracebacks.MAX_MESSAGE_LENGTH
    assert "root:" not in description["text"]


BLANKS = {
    "in a function": ("def f():\n    return ____", 2),
    "at the top": ("x = 1\ny = ____", 2),
    "in a default": ("x = 1\ndef f(y=____): pass", 2),
    "as a method": ("def f():\n    return np.____(1)", 2),
    "as an argument": ("def f():\n    return np.sum(____)", 2),
}


@pytest.mark.parametrize(("source", "line"), BLANKS.values(), ids=BLANKS.keys())
def test_a_blank_is_recognised(source: str, line: int) -> None:
    """A `____` that was left is reported as a blank, with its line."""
    description = raised(source)
    assert (description["blank"], description["line"]) == (True, line)


def test_other_names_are_no_blanks() -> None:
    """An undefined name is not a blank."""
    assert not raised("def f():\n    return ___")["blank"]


def test_a_failed_allocation_has_its_size() -> None:
    """The size of an array that is too large is reported."""
    description = raised("def f():\n    return np.empty(2**60 - 8, np.uint8)")
    assert (description["memory"], description["wanted"]) == (True, 2**60 - 8)


def test_a_packages_folder_is_left_out() -> None:
    """The folder of a package, which differs by machine, is left out of an import's message."""
    assert raised("from numpy import arrange", "1")["message"] == "cannot import name 'arrange' from 'numpy'"
