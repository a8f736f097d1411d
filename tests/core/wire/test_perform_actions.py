"""Tests of requests in a namespace: calls, reads and parses, and their results.

Covers `core/wire/variables.py`.
"""

import warnings
from typing import Any

import numpy as np
import pytest

from grader.core.wire import perform_actions
from grader.core.wire.lazy_values import MAX_GENERATED_ITEMS
from grader.core.wire.values import Code, Seed
from grader.sandbox.inside.cell_notes import CellNotes
from grader.sandbox.inside.cells import CellRunner


def perform_after(source: str, *asked: dict[str, Any]) -> dict[str, Any]:
    """Return the answer to actions after one cell."""
    cells = CellRunner({"__name__": "__main__", "np": np}, CellNotes())
    cells.watch_blanks()
    cells.run("cell 1", source)
    return perform_actions.perform(asked, cells)


def call(function: str, *args: object, local: tuple[str, ...] = (), arguments: bool = False) -> dict[str, Any]:
    """Return a call action, as it is sent to the sandbox."""
    asked = {"do": "call", "function": function, "args": args, "locals": local, "arguments": arguments}
    return {**asked, "path": (), "given": {}}


def one(source: str, asked: dict[str, Any]) -> dict[str, Any]:
    """Return the result of the only action."""
    (result,) = perform_after(source, asked)["returned"]
    assert isinstance(result, dict)
    return result


def test_a_call_gives_its_value() -> None:
    """The value of a call, and no argument changed."""
    result = one("def f(x, y): return x + y", call("f", np.ones(2), 1.0))
    assert result["value"].tolist() == [2.0, 2.0]
    assert list(result) == ["value"]


def test_changed_arguments_are_reported() -> None:
    """Positions of arguments changed in place are reported, and on request the arguments after the call."""
    source = "def f(x, y, z):\n    y += 1\n    z.append(3)"
    result = one(source, call("f", np.zeros(2), np.zeros(2), [1], arguments=True))
    assert result["changed"] == [1, 2]
    assert [np.asarray(a).tolist() for a in result["arguments"]] == [[0, 0], [1, 1], [1, 3]]


def test_locals_are_recorded() -> None:
    """The wanted local variables are recorded when the function returns, and also when it raises."""
    source = "def f(x):\n    delta = x + 1\n    1 / 0"
    result = one(source, call("f", 1, local=("delta", "other")))
    assert (result["locals"], result["raised"]["type"]) == ({"delta": 2}, "ZeroDivisionError")


@pytest.mark.parametrize("source", ["", "f = 3", "del print\ntry: f\nexcept NameError: pass"])
def test_a_name_without_a_function_is_missing(source: str) -> None:
    """A name that doesn't exist, or holds no function, is reported as missing."""
    found = {"type": "int"} if source == "f = 3" else {}
    assert one(source, call("f")) == {"missing": "f", "blank": False, **found}


def test_a_blank_explains_a_missing_variable() -> None:
    """A variable that was assigned a blank is missing, and the blank is named as the reason."""
    assert one("answer = ____", {"do": "read", "name": "answer"}) == {"missing": "answer", "blank": True}


def test_a_swallowed_blank_is_reported() -> None:
    """A call that used a blank reports its line, even if the function returned a value."""
    source = "def f(x):\n    try:\n        return ____\n    except Exception:\n        return 0"
    raised = one(source, call("f", 1))["raised"]
    assert (raised["blank"], raised["line"], raised["text"]) == (True, 3, "        return ____")
    assert "raised" not in one("def f(x):\n    return x\n    y = ____", call("f", 1)), "a blank that is never reached"


def test_an_action_that_raises_doesnt_stop_the_next() -> None:
    """Each action of a request has its result, in order."""
    source = "def f(x):\n    return 1 / x"
    values = [
        result.get("value") for result in perform_after(source, call("f", 1), call("f", 0), call("f", 2))["returned"]
    ]
    assert values == [1.0, None, 0.5]


def test_an_authors_expression_is_evaluated_inside() -> None:
    """`Code` arrives as the value of its expression, `Seed` as a generator."""
    source = "def f(g, rng): return g(np.array([3.0, 4.0])), rng.integers(100)"
    result = one(source, call("f", Code("lambda x: np.sum(x**2)"), Seed(7)))
    assert result["value"] == (25.0, np.random.default_rng(7).integers(100))


def test_a_generator_is_drained_up_to_a_limit() -> None:
    """A generator's items are taken up to the limit; an exception that it raises is reported."""
    endless = one("def f():\n    while True: yield 1", call("f"))
    assert endless["value"] == [1] * MAX_GENERATED_ITEMS
    late = one("def f():\n    yield 1\n    1 / 0", call("f"))
    assert (late["value"], late["raised"]["type"], late["raised"]["line"]) == (None, "ZeroDivisionError", 3)


def test_numpy_warnings_are_collected() -> None:
    """Each numpy warning is reported once, whatever the cells have set; other warnings aren't."""
    source = "def f(x):\n    import warnings\n    warnings.warn('mine')\n    return np.exp(x) + np.exp(x)"
    with np.errstate(all="raise"), warnings.catch_warnings():
        warnings.simplefilter("error")
        answer = perform_after(source, call("f", np.array([1e9])))
    assert answer["warnings"] == ["overflow encountered in exp"]
    assert "raised" not in answer["returned"][0]


NORMAL = [
    ("x[:, 0]", "x[ :,0 ]  # the first column"),
    ('"a"', "'a';"),
    ("x = 1", "  x = (1)\n"),
    ("u'a'", '"a"'),
    ("0x10", "16"),
]


@pytest.mark.parametrize(("one_text", "other"), NORMAL)
def test_equivalent_texts_parse_alike(one_text: str, other: str) -> None:
    """Spacing, quotes, comments, brackets and a last semicolon make no difference."""
    first, second = (
        one(f"answer = {text!r}", {"do": "parse", "name": "answer"})["value"] for text in (one_text, other)
    )
    assert first == second
    assert isinstance(first, str)


def test_a_text_that_isnt_python_is_reported() -> None:
    """A syntax error in a variable's text is its result; a variable without text is returned unchanged."""
    assert one("answer = 'x ='", {"do": "parse", "name": "answer"})["raised"]["type"] == "SyntaxError"
    assert one("answer = 'x' * 30_000", {"do": "parse", "name": "answer"})["raised"]["type"] == "ValueError"
    assert one("answer = 3", {"do": "parse", "name": "answer"}) == {"value": 3}


def read(name: str) -> dict[str, Any]:
    """Return an action that reads a variable."""
    return {"do": "read", "name": name}


@pytest.mark.parametrize(
    ("source", "path", "value"),
    [
        ("runs = {'relu': {'forward': lambda x: x + 1}}", ("relu", "forward"), 2),
        ("runs = [len, lambda x: x + 2]", (1,), 3),
        ("class R:\n    def __getitem__(self, key): return lambda x: key\nruns = R()", ("a",), "a"),
    ],
)
def test_a_function_in_a_container_is_called(source: str, path: tuple[str | int, ...], value: object) -> None:
    """The path of keys leads to the function that is called."""
    assert one(source, {**call("runs", 1), "path": path})["value"] == value


@pytest.mark.parametrize(
    "source",
    [
        "runs = {}",
        "runs = 3",
        "",
        "runs = {'relu': 3}",
        "class R(dict):\n    def __getitem__(self, key): raise SystemExit\nruns = R()",
        "class R:\n    def __getitem__(self, key): raise KeyboardInterrupt\nruns = R()",
    ],
)
def test_a_function_absent_from_a_container_is_missing(source: str) -> None:
    """The function is missing if the key is absent, or the container is none or raises."""
    assert one(source, {**call("runs", 1), "path": ("relu",)})["missing"] == "runs"


def test_a_result_is_passed_to_a_later_call() -> None:
    """An argument may be an earlier action's result, or an item of it; an array is passed as a copy."""
    source = "def f(x): return x, {'u': x * 2}\ndef g(a, b):\n    a += 1\n    return a + b"
    second = {**call("g", None, 10.0), "given": {0: (0, (1, "u"))}}
    results = perform_after(source, call("f", np.ones(2)), second)["returned"]
    assert results[1]["value"].tolist() == [13.0, 13.0]
    assert results[0]["value"][1]["u"].tolist() == [2.0, 2.0]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("def f(): 1 / 0", "ZeroDivisionError"),
        ("def f(): return 3", "TypeError"),
        ("def f(): return {}", "KeyError"),
        ("def f(): return {'u': ____}", "NameError"),
        ("", "missing"),
    ],
)
def test_an_unusable_result_stops_the_later_call(source: str, reason: str) -> None:
    """If the earlier call raised, is missing, or returned something else, the later one isn't made, with a reason."""
    source += "\ndef g(a): raise AssertionError"
    result = perform_after(source, call("f"), {**call("g", None), "given": {0: (0, ("u",))}})["returned"][1]
    assert "missing" in result if reason == "missing" else result["raised"]["type"] == reason


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("answer = {'W'}", ["W"]),
        ("answer = frozenset({'W'})", ["W"]),
        ("answer = {'sigmoid': {'hidden'}, 'relu': ('a', {'b'})}", {"sigmoid": ["hidden"], "relu": ("a", ["b"])}),
        ("answer = np.array(['W', 'b'])", ["W", "b"]),
        ("answer = np.array([[1, 'b']], dtype=object)", [[1, "b"]]),
        ("answer = {'W': 1}.keys()", ["W"]),
        ("answer = (c for c in 'Wb')", ["W", "b"]),
        ("answer = None", None),
    ],
)
def test_sets_are_read_as_lists(source: str, value: object) -> None:
    """Sets, views, generators and text arrays are read as lists, also inside dicts, lists and tuples."""
    assert one(source, read("answer")) == {"value": value}


def test_arrays_are_read_unchanged() -> None:
    """An array of numbers stays an array; a container of the student's own that raises stays unchanged."""
    assert one("answer = {'W': np.ones(2)}", read("answer"))["value"]["W"].tolist() == [1.0, 1.0]
    source = "class D(set):\n    def __iter__(self): raise SystemExit\nanswer = D()"
    assert type(one(source, read("answer"))["value"]).__name__ == "D"


def test_each_text_of_a_list_is_parsed() -> None:
    """Each text of a list is returned in its normal form; one that isn't Python fails the answer."""
    parse = {"do": "parse", "name": "answer"}
    assert one("answer = ['a=1', 3]", parse)["value"] == ["a = 1", 3]
    assert one("answer = {'a=1'}", parse)["value"] == ["a = 1"]
    assert one("answer = ['a=1', 'b =']", parse)["raised"]["type"] == "SyntaxError"
    assert one("answer = ['a=1'] * 1000", parse)["value"] == ["a=1"] * 1000
