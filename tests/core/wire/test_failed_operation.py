"""The operation that raised is named alike for texts that fail alike, and differently for others."""

import ast
import linecache
from types import CodeType
from typing import Any

import numpy as np
import pytest

from grader.core.wire.failed_operation import MAX_LENGTH, find_failed_operation

FILE = "<operations>"
HEAD = "import math\nfrom math import exp as e\n\n"


def read(code: CodeType) -> str:
    """Return the text of the file that has this code."""
    return "".join(linecache.getlines(code.co_filename))


def find(body: str, **names: Any) -> str:
    """Return the operation that raises in a function with this body."""
    source = HEAD + "def f(x):\n" + "".join(f"    {line}\n" for line in body.splitlines())
    linecache.cache[FILE] = len(source), None, source.splitlines(keepends=True), FILE
    namespace = {"np": np} | names
    exec(compile(source, FILE, "exec"), namespace)
    with pytest.raises(BaseException) as caught:
        namespace["f"](np.arange(3.0))
    return find_failed_operation(caught.value, lambda name: name == FILE, read)


OPERATIONS = {
    "if x > 0: return x": "truth:if",
    "return x if x > 0 else 0": "truth:if",
    "if 0 < x < 1: return x": "truth:if",
    "while x: pass": "truth:while",
    "return x > 0 and x < 2": "truth:and",
    "assert x > 0": "truth:assert",
    "if np.greater(x, 0): return x": "truth:if",
    "if max(x, -x): return x": "call:max",
    "return sorted([x, x])": "call:sorted",
    "return list(3)": "call:list",
    "return [i for i in 3]": "iterate",
    "for i in x[0]: pass": "iterate",
    "return max(x, -x)": "call:max",
    "return math.exp(x)": "call:math.exp",
    "return e(x)": "call:math.exp",
    "return np.exp('x')": "call:exp",
    "return None + 1": "binary:Add",
    "x += 'a'": "augmented:Add",
    "return -'a'": "unary:USub",
    "return np.int(x)": "attribute:numpy.int",
    "return np.arrange(3)": "attribute:numpy.arrange",
    "return (3).reshape(1)": "attribute:reshape",
    "return x.reshape(7)": "call:reshape",
    "return x.reshape(\n    7,\n    2)": "call:reshape",
    "return np.reshape(x, 7)": "call:reshape",
    "return x @ np.ones(4)": "product 3 4",
    "return np.dot(x, np.ones(4))": "product 3 4",
    "return x.dot(np.ones(4))": "product 3 4",
    "return np.ones((5, 4)) @ x": "product 4 3",
    "return np.dot(np.ones((5, 4)), x)": "product 4 3",
    "return np.ones((2, 5, 4)) @ np.ones((2, 3, 4))": "product 4 3",
    "return x * np.ones(4)": "binary:Mult (3,) (4,)",
    "return np.ones(4) * x": "binary:Mult (3,) (4,)",
    "return np.amax(x, axis=3)": "call:max axis 3",
    "return float(x)": "call:float",
    "return {}['W1']": "subscript:'W1'",
    "return x[7]": "subscript:",
    "x[7] = 1": "subscript:",
    "return np.eye(3)[np.arange(3), np.arange(2)]": "subscript: (2,) (3,)",
    "return nothing": "name:nothing",
    "a, b = x": "unpack",
    "for i in 3: pass": "iterate",
    "raise NotImplementedError": "raise",
    "import nowhere_at_all": "import",
    "return [1 / 0 for i in x]": "binary:Div",
    "return (lambda y: y + None)(x)": "binary:Add",
}


@pytest.mark.parametrize(("body", "operation"), OPERATIONS.items())
def test_an_operation_is_named(body: str, operation: str) -> None:
    """The kind of the operation and the name that it uses are found."""
    assert find(body) == operation


def test_the_innermost_own_frame_counts() -> None:
    """An exception in a library is that of the own call; without a frame of one's own, nothing is known."""
    assert find("return np.linalg.inv(x)") == "call:inv"
    assert find("return json.loads('{')", json=__import__("json")) == "call:json.loads"
    assert find_failed_operation(ValueError(), lambda name: True, read) == ""


def test_an_operation_is_short() -> None:
    """However long a name is, the operation has a limited length."""
    assert len(find(f"return {'n' * 500}")) == MAX_LENGTH


@pytest.mark.parametrize("source", ["def f(: pass", "x = " + "(" * 500, "", "\0"])
def test_a_text_that_is_not_the_code_is_no_harm(source: str) -> None:
    """If the text of the code is another one, or none, the operation isn't known."""
    body = compile("def g(x):\n    return x.nothing", FILE, "exec")
    linecache.cache[FILE] = len(source), None, [source], FILE
    namespace: dict[str, Any] = {}
    exec(body, namespace)
    with pytest.raises(AttributeError) as caught:
        namespace["g"](1)
    assert find_failed_operation(caught.value, lambda name: name == FILE, read) == ""


def test_hostile_names_and_values_are_no_harm() -> None:
    """A module without a name, and an object that raises when it is looked at, raise nothing."""

    class Hostile:
        def __getattribute__(self, name: str) -> Any:
            raise SystemExit(name)

    module = type(np)("m")
    del module.__dict__["__name__"]
    assert find("return m.thing", m=module) == "attribute:.thing"
    assert find("return h.thing", h=Hostile()) == "attribute:thing"


def test_a_function_may_have_its_tree_instead_of_a_text() -> None:
    """Where code was compiled from a tree, this is looked at instead of the text of its file."""
    tree = ast.parse("def g(x):\n    return x.nothing")
    namespace: dict[str, Any] = {}
    exec(compile(tree, FILE, "exec"), namespace)
    with pytest.raises(AttributeError) as caught:
        namespace["g"](1)
    assert find_failed_operation(caught.value, lambda name: name == FILE, lambda code: tree) == "attribute:nothing"
