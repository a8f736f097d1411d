"""The edits that may mend a function, and several of them applied together."""

import ast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.wire.edits.combine import ConflictingEditsError, apply_edits, are_compatible
from grader.core.wire.edits.edit import REPAIR_KINDS, Edit, EditKind, Span, read_edit, write_edit
from grader.core.wire.edits.join_edits import split_by_line
from grader.core.wire.edits.list_repairs import MAX_ADDED_CHARS, MAX_REPAIRS, list_repairs
from grader.core.wire.edits.mending_context import MendingContext


def repairs(source: str) -> list[Edit]:
    """Return the edits of a function in a module that has numpy, a function `helper` and an array `data`."""
    function = ast.parse(source).body[0]
    assert isinstance(function, ast.FunctionDef)
    names = frozenset({"np", "helper", "math", "data"})
    return list_repairs(function, source, MendingContext(function, names, global_data=frozenset({"data"})))


def mended(kind: EditKind, line: str) -> list[str]:
    """Return what the edits of one kind make of a line of a function of `d` and `y` with the variable `z`."""
    source = f"def f(d, y):\n    z = 1\n    {line}"
    edits = [edit for edit in repairs(source) if edit.kind is kind and edit.span.first_line == 3]
    return [edit.apply(source).split("\n", 2)[2].strip() for edit in edits]


@pytest.mark.parametrize(
    ("kind", "line", "made"),
    [
        (EditKind.BRACKETS, "return 1 / 1 + z", "return 1 / (1 + z)"),
        (EditKind.BRACKETS, "return y - d / 2", "return (y - d) / 2"),
        (EditKind.SCALE, "return y - d", "return (y - d) / len(d)"),
        (EditKind.SCALE, "return y - d", "return (y - d) / y.size"),
        (EditKind.SCALE, "return y * d", "return y * d / 2"),
        (EditKind.SCALE, "return -z", "return -z / y.shape[-1]"),
        (EditKind.COMPLEMENT, "return y * y", "return y * (1 - y)"),
        (EditKind.SQUARE, "return np.mean(y - d)", "return np.mean((y - d) ** 2)"),
        (EditKind.SQUARE, "return np.abs(y - d)", "return (y - d) ** 2"),
        (EditKind.SMALL_CONSTANT, "return np.log(y)", "return np.log(y + 1e-7)"),
        (EditKind.ROW_MAXIMUM, "z = np.exp(y)", "z = np.exp(y - np.max(y, axis=-1, keepdims=True))"),
        (EditKind.ADDED_CALL, "return y", "return np.sum(y, axis=0)"),
        (EditKind.ADDED_CALL, "return d * y", "return d * np.log(y)"),
        (EditKind.ITEM, "return z", "return z[0]"),
        (EditKind.ITEM, "return helper(y)", "return helper(y)[1]"),
        (EditKind.FLOAT_NUMBERS, "z = np.zeros_like(y)", "z = np.zeros_like(y, dtype=float)"),
        (EditKind.FLOAT_NUMBERS, "z = y.copy()", "z = y.astype(float)"),
        (EditKind.NUMPY_FUNCTION, "z = d.reshape(1, -1)", "z = np.reshape(d, (1, -1))"),
        (EditKind.NUMPY_FUNCTION, "z = d.size", "z = np.size(d)"),
        (EditKind.NUMPY_FUNCTION, "return math.exp(y)", "return np.exp(y)"),
        (EditKind.NUMPY_FUNCTION, "return max(y, 0)", "return np.maximum(y, 0)"),
        (EditKind.WHOLE_ARRAY, "return float(y > 0)", "return (y > 0).astype(float)"),
        (EditKind.WHOLE_ARRAY, "return 1 if y > 0 else 0", "return np.where(y > 0, 1, 0)"),
        (EditKind.WHOLE_ARRAY, "if y > 0:\n        return y\n    return 0", "return np.where(y > 0, y, 0)"),
        (EditKind.EVERY_INDEX, "for i in range(len(y)): pass", "for i in np.ndindex(y.shape): pass"),
        (EditKind.NAME, "return np.arrange(3)", "return np.arange(3)"),
        (EditKind.NAME, "return y.reshpae(3)", "return y.reshape(3)"),
        (EditKind.NAME, "return np.sum(y, keepdim=True)", "return np.sum(y, keepdims=True)"),
        (EditKind.NAME, "return Helper(y)", "return helper(y)"),
        (EditKind.NAME, "return np.int(y)", "return int(y)"),
        (EditKind.VARIABLE, "return z", "return y"),
        (EditKind.PICKED_ITEM, "return np.sum(y * d)", "return np.sum(y[np.arange(len(d)), d])"),
        (EditKind.AXIS, "return np.sum(y)", "return np.sum(y, axis=-1, keepdims=True)"),
        (EditKind.OPERATOR, "return (y - d) ^ 2", "return (y - d) ** 2"),
        (EditKind.SIGN, "return np.exp(y)", "return np.exp(-y)"),
        (EditKind.CONSTANT, "return 3 * y", "return 0.5 * y"),
        (EditKind.BRACKETS, "return y - d ** 2", "return (y - d) ** 2"),
        (EditKind.BRACKETS, "return y * 1 - d", "return y * (1 - d)"),
        (EditKind.BRACKETS, "return y / 2 * d", "return y / (2 * d)"),
        (EditKind.BRACKETS, "return np.sum(y - d) ** 2", "return np.sum((y - d) ** 2)"),
        (EditKind.BRACKETS, "return np.dot(y + z, d)", "return np.dot(y, d) + z"),
        (EditKind.BRACKETS, "return np.exp(y / np.sum(y))", "return np.exp(y) / np.sum(np.exp(y))"),
        (EditKind.OPERATOR, "return (y - d) * 2", "return (y - d) ** 2"),
        (EditKind.SCALE, "return np.tanh(y)", "return np.tanh(y / 2)"),
        (EditKind.LENGTH, "z = y.shape[1]", "z = y.shape[0]"),
        (EditKind.LENGTH, "z = len(y)", "z = y.size"),
        (EditKind.SLICE, "return y[z:d]", "return y[z:z + d]"),
        (EditKind.PICKED_ITEM, "return y[:, d]", "return y[np.arange(len(d)), d]"),
        (EditKind.LOOP_STEP, "for i in range(len(y)): pass", "for i in range(0, len(y), d): pass"),
        (EditKind.YIELD, "for i in y: return i, d", "for i in y: yield i, d"),
        (EditKind.RETURN, "z = np.mean(y - d)", "return np.mean(y - d)"),
        (EditKind.PARAMETER, "return data * 2", "data = d\n    return data * 2"),
        (EditKind.PARAMETER, "return x_train * 2", "x_train = y\n    return x_train * 2"),
        (EditKind.KEY, 'return y["w1"] + y["b1"]', 'return y["W1"] + y["b1"]'),
        (EditKind.KEY, 'return y["w1"] + y["b1"]', 'return y["b1"] + y["b1"]'),
        (EditKind.COPY, "z = y", "z = y.copy()"),
        (EditKind.SHAPE, "return np.array(z)", "return np.reshape(np.array(z), d.shape)"),
        (EditKind.ITEM, "return z[0]", "return z"),
        (EditKind.FUNCTION, "return np.max(0, y)", "return np.maximum(0, y)"),
        (EditKind.FUNCTION, "z = d.shuffle(y)", "z = d.permutation(y)"),
        (EditKind.NUMPY_FUNCTION, "z = max(y)", "z = np.max(y, axis=-1, keepdims=True)"),
        (EditKind.ARGUMENT_ORDER, "return helper(y, z, d)", "return helper(d, y, z)"),
    ],
)
def test_edits_that_mend(kind: EditKind, line: str, made: str) -> None:
    """A fault of each kind has an edit that mends it."""
    assert made in mended(kind, line)


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        (EditKind.ONE_HOT, "d = d if np.shape(d) == y.shape else np.eye(y.shape[-1])[d]"),
        (EditKind.LABELS, "d = np.argmax(d, axis=-1) if np.shape(d) == y.shape else d"),
        (EditKind.BATCH_OF_ONE, "y = np.atleast_2d(y)"),
        (EditKind.ARGUMENT_ORDER, "d, y = y, d"),
        (EditKind.FLOAT_NUMBERS, "y = np.array(y, dtype=float)"),
    ],
)
def test_a_line_at_the_top(kind: EditKind, line: str) -> None:
    """A line that brings the parameters to another form stands behind the docstring."""
    source = 'def f(d, y):\n    """Text."""\n    return y'
    made = [edit.apply(source) for edit in repairs(source) if edit.kind is kind]
    assert f'def f(d, y):\n    """Text."""\n    {line}\n    return y' in made


def test_a_return_leaves_nested_loops() -> None:
    """A `return` at the end of two loops is moved out of both."""
    source = "def f(x):\n    for i in x:\n        for j in i:\n            y = j\n            return y"
    made = [edit.apply(source) for edit in repairs(source) if edit.kind is EditKind.MOVED_STATEMENT]
    assert source.replace("            return", "    return") in made


def test_every_kind_that_mends_occurs() -> None:
    """Each kind of `REPAIR_KINDS` is made for one of these functions."""
    source = (
        "def f(d, y):\n    a = np.zeros_like(d)\n    for i in range(len(d)):\n        a[i] = float(d[i])\n"
        "        return a[i:d]\n    b = np.exp(d) * np.log(y) - a / 2\n    c = d.reshape(3) * helperr(d)\n"
        "    e = np.array(c)\n    e = d\n    return b * d, data['a']"
    )
    kinds = {edit.kind for one in (source, "def f(d):\n    e = d") for edit in repairs(one)}
    assert kinds >= REPAIR_KINDS


def test_what_is_repeated_is_mended_everywhere() -> None:
    """The same wrong axis or keyword at several places has one edit that mends them all, and tells each line."""
    source = "def f(x):\n    x = x - np.max(x, axis=2)\n    return x / np.sum(x, axis=2)"
    mended = source.replace("axis=2", "axis=-1")
    edit = next(edit for edit in repairs(source) if edit.apply(source) == mended)
    assert edit.kind is EditKind.AXIS
    lines = [(line, after.strip()) for line, _, after in split_by_line(edit)]
    assert lines == [(2, "x = x - np.max(x, axis=-1)"), (3, "return x / np.sum(x, axis=-1)")]


@given(
    st.sampled_from(
        ["a - b", "-np.sum(d * np.log(y)) / 3", "float(d)", "y.T @ d", "(a, b)", "x if y else d", "d[:, y] + y['a']"]
    )
)
def test_edits_are_small_and_parse(expression: str) -> None:
    """Every edited text is valid Python, differs from the function, and is not much longer."""
    source = f"def f(d, y):\n    z = {expression}\n    return z"
    found = repairs(source)
    assert len(found) <= MAX_REPAIRS
    for edit in found:
        edited = edit.apply(source)
        ast.parse(edited)
        assert edited != source
        assert len(edited) <= len(source) + MAX_ADDED_CHARS
        assert apply_edits(source, [edit]) == edited
        assert read_edit(write_edit(edit)) == edit


def test_two_edits_together() -> None:
    """Edits that change different parts of an expression are applied together, in any order."""
    source = "def f(x):\n    return np.log(np.sum(x, axis=0))"
    axis = Edit(EditKind.AXIS, Span(2, 18, 2, 35), "np.sum(x, axis=0)", "np.sum(x, axis=1)")
    small = Edit(EditKind.SMALL_CONSTANT, Span(2, 11, 2, 36), source[21:46], "np.log(np.sum(x, axis=0) + 1e-7)")
    for edits in ([axis, small], [small, axis]):
        assert apply_edits(source, edits) == "def f(x):\n    return np.log(np.sum(x, axis=1) + 1e-7)"


def test_edits_of_the_same_text_conflict() -> None:
    """Two edits of the same characters, or at the same place, and one of another text, are refused."""
    source = "def f(x):\n    return x + 1"
    one, two = (Edit(EditKind.CONSTANT, Span(2, 15, 2, 16), "1", after) for after in "23")
    other = Edit(EditKind.CONSTANT, Span(2, 15, 2, 16), "4", "5")
    outside = Edit(EditKind.CONSTANT, Span(9, 0, 9, 1), "1", "2")
    for edits in ([one, two], [one, one], [other], [outside]):
        assert not are_compatible(source, edits)
        with pytest.raises(ConflictingEditsError):
            apply_edits(source, edits)
    assert apply_edits(source, [two]) == "def f(x):\n    return x + 3"


@pytest.mark.parametrize(
    "value",
    [
        None,
        (),
        ("axis", 1),
        ("other", 1, 0, 1, 1, "a", "b"),
        ("axis", -1, 0, 1, 1, "a", "b"),
        ("axis", 1, 0, 1, 1, 2, "b"),
    ],
)
def test_other_values_are_no_edits(value: object) -> None:
    """What comes from the sandbox as an edit may be anything."""
    assert read_edit(value) is None


def test_names_that_exist_stay() -> None:
    """A name that exists has no similar ones: neither a variable, nor a function of numpy, nor a method."""
    source = "def f(d, y):\n    z = np.sum(y).reshape(1)\n    return helper(z, len(d))"
    assert [edit for edit in repairs(source) if edit.kind is EditKind.NAME] == []
    assert hasattr(np, "sum")
