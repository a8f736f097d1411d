"""The program on which functions of a namespace depend: it gives what they give, or there is none."""

import linecache
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader.core.wire.extract_program import NoProgramError, extract_program
from grader.sandbox.inside.function_source import find_text

HEAD = """import numpy as np
from math import sqrt
from numpy import exp as e
RATE, NAME = 0.5, 'a b'
many = [1, 2]
"""


def define(source: str) -> dict[str, Any]:
    """Return the names that a cell defines, whose text is known."""
    text = HEAD + source
    linecache.cache["<c>"] = len(text), None, text.splitlines(keepends=True), "<c>"
    namespace: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(text, "<c>", "exec"), namespace)
    return namespace


def run_extracted(source: str, *names: str) -> dict[str, Any]:
    """Return the names that the extracted program of these functions defines."""
    namespace = define(source)
    program = extract_program([namespace[name] for name in names], find_text)
    found: dict[str, Any] = {}
    exec(program.head + "".join(text.source for text in program.functions.values()), found)
    return found


@pytest.mark.parametrize(
    ("source", "argument"),
    [
        ("def f(x):\n    return np.mean(x) * RATE\n", np.array([1.0, 4.0])),
        ("def g(x, rate=RATE):\n    return e(x) * rate\n\ndef f(x):\n    return [g(one) for one in (x, 2 * x)]\n", 1.5),
        ("def f(n):\n    return 1 if n == 0 else n * f(n - 1)\n", 5),
        ("def h(n):\n    return sqrt(n)\ndef f(n):\n    return (lambda m: h(m) + len(NAME))(n)\n", 4),
    ],
)
def test_the_program_gives_what_the_functions_give(source: str, argument: Any) -> None:
    """Modules, functions of modules, numbers, texts and the functions that are called are defined again."""
    function: Callable[[Any], Any] = define(source)["f"]
    np.testing.assert_array_equal(run_extracted(source, "f")["f"](argument), function(argument))


def test_what_is_not_used_is_left_out() -> None:
    """A large variable beside the functions is no part of the program, and neither are other functions."""
    found = run_extracted("def other(x):\n    return many\n\ndef f(x):\n    return math.pi * x\n", "f")
    assert set(found) - {"__builtins__"} == {"f"}  # `math` is missing, as it is where the function stands


@pytest.mark.parametrize(
    "source",
    [
        "def f(x):\n    return many\n",
        "class A:\n    pass\ndef f(x):\n    return A\n",
        "def wrap(g):\n    return g\n\n@wrap\ndef f(x):\n    return x\n",
        "def make(n):\n    def f(x):\n        return x + n\n    return f\nf = make(2)\n",
        "g = np.vectorize(abs)\ndef f(x):\n    return g(x)\n",
        "far = float('inf')\ndef f(x):\n    return min(x, far)\n",
        "f = lambda x: x\n",
        "def f(x):\n    return x\ndef g(x):\n    return 2\nf.__code__ = g.__code__\n",
        "exec('def f(x):\\n    return x')\n",
    ],
)
def test_what_no_text_can_say(source: str) -> None:
    """An object, a class, a decorator, a closure, or a function without a text of its own: there is no program."""
    with pytest.raises(NoProgramError):
        run_extracted(source, "f")


def test_functions_of_several_namespaces_are_no_program() -> None:
    """Functions that see different names aren't put into one program; what isn't a function is none."""
    functions = [define(f"def {name}(x):\n    return RATE\n")[name] for name in "fg"]
    with pytest.raises(NoProgramError):
        extract_program(functions, find_text)
    assert extract_program([math.sqrt, 3], find_text).functions == {}
