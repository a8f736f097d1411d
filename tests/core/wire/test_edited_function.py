"""A function with other code for a while: what can be edited, what an edit does, and that nothing of it stays."""

import ast
import inspect
import textwrap
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader.core.wire.edited_function import (
    MAX_SOURCE_CHARS,
    FunctionText,
    UneditableFunctionError,
    compile_text,
    list_function_repairs,
    parse_text,
    replace_code,
)
from grader.core.wire.edits.edit import EditKind


def define(source: str) -> tuple[Callable[..., Any], FunctionText]:
    """Return the function `f` of a program, and its text."""
    namespace: dict[str, Any] = {"np": np}
    exec(source, namespace)
    tree = next(node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef) and node.name == "f")
    lines = source.split("\n")[tree.lineno - 1 : tree.end_lineno]
    return namespace["f"], FunctionText(textwrap.dedent("\n".join(lines)), tree.lineno, "<cell 1>")


def run(source: str, edited: str, *args: object) -> object:
    """Return what a function returns with another text."""
    function, text = define(source)
    with replace_code(function, lambda flags: compile_text(text, edited, flags)) as changed:
        return changed(*args)


def test_the_function_is_edited_for_a_while() -> None:
    """Within the context a call gives what the edited text gives, and afterwards what it gave before."""
    source = "def f(x):\n    return x + 1"
    function, text = define(source)
    with replace_code(function, lambda flags: compile_text(text, "def f(x):\n    return x - 1", flags)):
        assert function(5) == 4
    assert function(5) == 6


def test_a_call_of_itself_reaches_the_edited_code() -> None:
    """A function that calls itself calls the edited one, and defaults stay as they are."""
    source = "def f(n, step=2):\n    return 0 if n <= 0 else 1 + f(n - step)"
    assert run(source, source.replace("1 +", "10 +"), 4) == 20


def test_an_exception_leaves_the_function_as_it_was() -> None:
    """Also after an exception the function has its own code again, and the exception has the line in the cell."""
    source = "y = 1\n\ndef f(x):\n    return x"
    function, text = define(source)
    with (
        pytest.raises(ZeroDivisionError) as raised,
        replace_code(function, lambda flags: compile_text(text, "def f(x):\n    return x / 0", flags)),
    ):
        function(1)
    assert raised.traceback[-1].lineno + 1 == 4
    assert function(1) == 1


@pytest.mark.parametrize(
    "edited", ["def f(x):\n    return (", "def f(x, y):\n    return x", "x = 1", "def g(x):\n    return x", ""]
)
def test_a_text_that_is_not_this_function(edited: str) -> None:
    """A text that doesn't parse, or is that of another function, is refused before anything is called."""
    with pytest.raises(UneditableFunctionError):
        run("def f(x):\n    return x", edited, 1)


def test_what_cannot_be_edited() -> None:
    """Closures, builtins, classes and objects with a `__code__` of their own are refused, and so are long texts."""

    class Disguised:
        __code__ = define.__code__

    def closure() -> object:
        return define(text.source), text

    text = FunctionText("def f():\n    pass", 1, "<cell 1>")
    for other in (closure, len, Disguised(), Disguised, np.vectorize(len), None):
        with pytest.raises(UneditableFunctionError):
            list_function_repairs(other, text)
    for source in (
        "x = 1",
        "def f(): pass\ndef g(): pass",
        "def f(:",
        "def f():\n    x = 1\n" * MAX_SOURCE_CHARS,
        "a\0",
    ):
        with pytest.raises(UneditableFunctionError):
            parse_text(FunctionText(source, 1, ""))
    nested = f"def f(x):\n    return {'(' * 150}x{')' * 150}"
    deep = "def f(x):\n" + "".join(f"{' ' * n}if x:\n" for n in range(4, 90)) + " " * 90 + "pass"
    for source in (nested, deep, f"def f(x):\n    return {'-' * 3000}x", f"def f(x):\n    return {'x+' * 3000}x"):
        try:
            list_function_repairs(define, FunctionText(source, 1, ""))
        except UneditableFunctionError:
            continue


def test_numpy_is_written_as_the_module_names_it() -> None:
    """Edits call numpy by the name that the function's module has for it."""
    namespace: dict[str, Any] = {"numeric": np}
    source = "def f(x):\n    return numeric.log(x)"
    exec(source, namespace)
    edits = list_function_repairs(namespace["f"], FunctionText(source, 1, ""))
    added = [edit.after for edit in edits if edit.kind is EditKind.ADDED_CALL]
    assert added
    assert all("numeric." in after and "np." not in after for after in added)


def test_nothing_of_the_source_is_run() -> None:
    """To compile a text runs none of it: neither decorators nor defaults."""
    source = "def f(x):\n    return x"
    edited = "@print\ndef f(x=1 / 0):\n    return 2 * x"
    assert run(source, edited, 3) == 6
    assert inspect.isfunction(define(source)[0])
