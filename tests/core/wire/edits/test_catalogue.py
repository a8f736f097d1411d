"""The edits of a program: which there are, where they are, and what they make of it.

Covers `core/wire/edits/`.
"""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.core.wire.edits.catalogue import list_edits
from grader.core.wire.edits.edit import MUTATION_KINDS, Edit, EditKind, Span


def edits(source: str, *kinds: EditKind) -> list[Edit]:
    """Return the edits of a whole program, of these kinds or of all."""
    return list(list_edits(ast.parse(source), source, kinds or MUTATION_KINDS))


def afters(source: str, kind: EditKind) -> list[str]:
    """Return the programs that the edits of a kind make of a program."""
    return [edit.apply(source) for edit in edits(source, kind)]


@pytest.mark.parametrize(
    ("kind", "source", "edited"),
    [
        (EditKind.COMPARISON, "a > b", ["a >= b", "a < b"]),
        (EditKind.COMPARISON, "a == b", ["a != b"]),
        (EditKind.COMPARISON, "a < b < c", []),
        (EditKind.SIGN, "y = -x", ["y = x"]),
        (EditKind.SIGN, "y = a + b", ["y = -(a + b)"]),
        (EditKind.SIGN, "y = [1]", []),
        (EditKind.OPERATOR, "x - y", ["x + y"]),
        (EditKind.OPERATOR, "(x + y) * z", ["(x + y) / z", "(x + y) @ z", "(x - y) * z"]),
        (EditKind.OPERATOR, "x -= y", ["x += y"]),
        (EditKind.OPERATOR, "np.dot(x, y + z)", ["x * (y + z)", "np.dot(x, y - z)"]),
        (EditKind.OPERAND_ORDER, "x - y", ["y - x"]),
        (EditKind.OPERAND_ORDER, "np.dot(x, y)", ["np.dot(y, x)"]),
        (EditKind.OPERAND_ORDER, "x + y", []),
        (EditKind.FACTOR, "x / y", ["x"]),
        (EditKind.FACTOR, "2 * (x + y)", ["2", "x + y", "2 * (x)", "2 * (y)"]),
        (EditKind.CONSTANT, "f(2)", ["f(3)", "f(1)"]),
        (EditKind.CONSTANT, "f(-1)", ["f(0)", "f(1)"]),
        (EditKind.CONSTANT, "f(0.5)", ["f(1.0)", "f(0.25)"]),
        (EditKind.CONSTANT, "h = 1e-4", ["h = 1e-10", "h = 0.1"]),
        (EditKind.CONSTANT, "f(True)", ["f(False)"]),
        (EditKind.CONSTANT, "x ** 2", ["x ** 3", "x ** 1"]),
        (EditKind.AXIS, "np.sum(x, axis=1)", ["np.sum(x, axis=0)", "np.sum(x, axis=-1)", "np.sum(x)"]),
        (EditKind.AXIS, "np.sum(x, 0)", ["np.sum(x, 1)", "np.sum(x, -1)", "np.sum(x)"]),
        (EditKind.AXIS, "x.mean()", ["x.mean(axis=0)", "x.mean(axis=-1)"]),
        (EditKind.AXIS, "sum(x)", []),
        (EditKind.KEEPDIMS, "np.max(x, axis=1, keepdims=True)", ["np.max(x, axis=1)"]),
        (EditKind.KEEPDIMS, "x.max(axis=1)", ["x.max(axis=1, keepdims=True)"]),
        (EditKind.KEEPDIMS, "np.max(x)", []),
        (EditKind.TRANSPOSITION, "x.T @ y", ["x.T @ y.T", "x @ y"]),
        (EditKind.TRANSPOSITION, "np.dot(x, y.T)", ["np.dot(x.T, y.T)", "np.dot(x, y)"]),
        (EditKind.FUNCTION, "np.sum(x)", ["np.mean(x)", "np.max(x)"]),
        (EditKind.FUNCTION, "np.zeros((2, 3))", ["np.ones((2, 3))"]),
        (EditKind.FUNCTION, "np.log(x)", ["np.log2(x)", "np.log10(x)"]),
        (EditKind.ARGUMENT_ORDER, "f(a, b, c)", ["f(b, a, c)", "f(a, c, b)"]),
        (EditKind.ARGUMENT_ORDER, "np.maximum(a, 0)", []),
        (EditKind.ARGUMENT_ORDER, "x = y[a, b]", ["x = y[b, a]"]),
        (EditKind.ARGUMENT_ORDER, "x = (a, b)", ["x = (b, a)"]),
        (EditKind.DROPPED_CALL, "np.exp(x + 1) * 2", ["(x + 1) * 2"]),
        (EditKind.DROPPED_CALL, "x.ravel()", ["x"]),
        (EditKind.DROPPED_ARGUMENT, "np.array(x, dtype=float)", ["np.array(x)"]),
        (EditKind.DROPPED_STATEMENT, "def f(x):\n    '''Text.'''\n    x = 1\n    return x", None),
        (EditKind.MOVED_STATEMENT, "for i in x:\n    a()\n    b()", ["for i in x:\n    a()\nb()"]),
        (EditKind.MOVED_STATEMENT, "for i in x:\n    a()\nb()", ["for i in x:\n    a()\n    b()"]),
        (EditKind.MOVED_STATEMENT, "for i in x:\n    a(); b()", []),
        (EditKind.MOVED_STATEMENT, "for i in x:\n    a()\n    b('''\n''')", []),
    ],
)
def test_edits_of_one_kind(kind: EditKind, source: str, edited: list[str] | None) -> None:
    """The edits of a kind give these programs, in the order of the text."""
    if edited is None:
        edited = [source.replace("x = 1", "pass"), source.replace("return x", "pass")]
    assert afters(source, kind) == edited


def test_every_kind_has_an_edit() -> None:
    """One program has edits of all kinds, and each edit names one of them."""
    source = (
        "def f(x, w):\n    for n in range(3):\n        x = -np.sum(np.dot(x.T, w) / 2 > n, axis=0)\n"
        "        x -= g(x, w, dtype=int)\n    return x - w"
    )
    assert {edit.kind for edit in edits(source)} == MUTATION_KINDS


def test_an_edit_has_its_place() -> None:
    """Lines count from 1 and columns from 0, in characters; `before` is the text there, as it is written."""
    (edit, _) = edits("é = 'é';  y = f( a,b )", EditKind.DROPPED_STATEMENT)
    assert edit == Edit(EditKind.DROPPED_STATEMENT, Span(1, 0, 1, 7), "é = 'é'", "pass")
    (edit,) = edits("é = 'é';  y = f( a,b )", EditKind.ARGUMENT_ORDER)
    assert edit == Edit(EditKind.ARGUMENT_ORDER, Span(1, 14, 1, 22), "f( a,b )", "f(b, a)")


def test_lines_are_those_of_python() -> None:
    """A form feed or another separator within a line doesn't count as a line's end; `\\r\\n` does."""
    source = "a = '\x0c\u2028'\r\nb = c > d"
    assert afters(source, EditKind.COMPARISON) == ["a = '\x0c\u2028'\nb = c >= d", "a = '\x0c\u2028'\nb = c < d"]


def test_only_the_body_of_a_function_is_edited() -> None:
    """Decorators, defaults and annotations stay as they are."""
    assert edits("@f(1)\ndef g(x: h(2) = 3 - 4) -> i(5):\n    '''Text.'''") == []


def test_a_part_of_a_program() -> None:
    """Edits of one statement keep to it, and to the place that it has in the whole source."""
    source = "a = b > c\nd = e > f"
    part = ast.parse(source).body[1]
    assert {edit.span.first_line for edit in list_edits(part, source, {EditKind.COMPARISON})} == {2}


NAMES = st.sampled_from(["a", "b", "np.sum(c, axis=0)", "d.T", "2", "-1", "0.5"])
EXPRESSIONS = st.recursive(
    NAMES,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "@", "**", ">", "=="]), inner).map(
            lambda parts: f"({parts[0]}) {parts[1]} ({parts[2]})"
        ),
        inner.map(lambda text: f"-({text})"),
        inner.map(lambda text: f"np.exp({text})"),
        st.tuples(inner, inner).map(lambda parts: f"f({parts[0]}, {parts[1]})"),
    ),
    max_leaves=8,
)


@given(EXPRESSIONS)
def test_an_edited_text_is_the_edited_tree(expression: str) -> None:
    """Brackets are kept where they are needed: each edited text parses, and nothing around the edit changes."""
    source = ast.unparse(ast.parse(f"y = {expression}"))
    for edit in edits(source):
        line = edit.apply(source)
        around = source[: edit.span.first_column], source[edit.span.last_column :]
        assert line == edit.after.join(around)
        whole = f"({edit.after})".join(around) if edit.kind is not EditKind.DROPPED_STATEMENT else line
        assert ast.dump(ast.parse(line)) == ast.dump(ast.parse(whole))
