"""Tables of a tensor: its first rows and columns, with the wrong numbers marked."""

import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from grader.core.compare.tensor_table import MAX_TABLE_SIDE, MAX_TABLES, TensorTable, build_tensor_tables
from grader.core.compare.tensors import Tolerance, format_number
from grader.core.wire.values import Code, Opaque, Seed, Value
from tests.examples import example_count

floats = npst.arrays(np.float64, npst.array_shapes(max_dims=4, min_side=0, max_side=15))
hostile = st.recursive(
    st.one_of(
        st.none(),
        st.integers(),
        st.floats(),
        st.text(),
        st.builds(Opaque, st.text()),
        st.just(10**399),
        floats,
        npst.arrays(np.complex64, 3),
        npst.arrays(np.bool_, ()),
    ),
    lambda inner: st.one_of(
        st.lists(inner),
        st.lists(inner).map(tuple),
        st.dictionaries(st.text(), inner),
        st.dictionaries(st.integers(), inner),
    ),
    max_leaves=8,
)


@given(floats)
def test_a_tensor_keeps_its_shape_and_shows_a_corner(array: np.ndarray[Any, Any]) -> None:
    """The true shape and dtype are kept; at most twelve rows and columns of the first matrix are shown."""
    (table,) = build_tensor_tables(array, "x")
    assert (table.label, table.shape, table.dtype, table.marked) == ("x", array.shape, "float64", ())
    while array.ndim > 2 and array.size:
        array = array[0]
    rows = np.atleast_2d(array)[:MAX_TABLE_SIDE, :MAX_TABLE_SIDE] if array.size else np.zeros((0, 0))
    assert table.rows == tuple(tuple(format_number(v) for v in row) for row in rows)


@given(st.data())
def test_differing_numbers_are_marked(data: st.DataObject) -> None:
    """The marked cells are exactly those that are not close by `numpy.isclose`, with NaN close to NaN."""
    shape = data.draw(npst.array_shapes(min_dims=2, max_dims=2, max_side=MAX_TABLE_SIDE))
    elements = st.sampled_from([0.0, 1.0, 1.0 + 1e-7, 1.0 + 1e-5, float("nan"), float("inf"), 1e308, -1e308])
    one, other = (data.draw(npst.arrays(np.float64, shape, elements=elements)) for _ in range(2))
    with np.errstate(all="ignore"):
        wrong = np.argwhere(~np.isclose(one, other, rtol=1e-6, atol=1e-8, equal_nan=True))
    (table,) = build_tensor_tables(one, "x", other, Tolerance(1e-6, 1e-8))
    assert table.marked == tuple((int(r), int(c)) for r, c in wrong)


@settings(max_examples=example_count(0.2))
@given(hostile, hostile)
def test_any_value_can_be_shown(value: Value, against: Value) -> None:
    """Any actual and expected values give a few tables, without exceptions or warnings."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        made = build_tensor_tables(value, "x", against)
    assert len(made) <= MAX_TABLES
    assert all(
        len(table.rows) <= MAX_TABLE_SIDE and all(len(row) <= MAX_TABLE_SIDE for row in table.rows) for table in made
    )


def test_dicts_tuples_and_lists_are_shown_by_item() -> None:
    """Each tensor of a dict, a tuple or a ragged list has its own table, labelled by its access path."""
    value = {"W": (np.zeros(2), [np.zeros(1), np.zeros(3)])}
    against = {"W": (np.ones(2), (np.zeros(1), np.zeros(3)))}
    made = build_tensor_tables(value, "grad", against)
    assert [table.label for table in made] == ["grad['W'][0]", "grad['W'][1][0]", "grad['W'][1][1]"]
    assert [table.marked for table in made] == [((0, 0), (0, 1)), (), ()]
    assert [table.shape for table in build_tensor_tables([[1, 2], [3, 4]], "x")] == [(2, 2)]


def test_many_items_and_long_keys_are_cut() -> None:
    """Deep, many and long-named items give twelve tables with labels of a readable length."""
    inner = {f"{i}" + "k" * 1000: np.zeros(1) for i in range(200)}
    made = build_tensor_tables({f"{i}" + "k" * 1000: inner for i in range(200)}, "x")
    assert len(made) == MAX_TABLES
    assert max(len(table.label) for table in made) <= len("x[][]") + 80


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "None"),
        ("a" * 500, repr("a" * 200)),
        (Opaque("function"), "function"),
        (Code("lambda x: x**2"), "lambda x: x**2"),
        (Seed(3), "numpy.random.Generator"),
        (np.array(["a"]), "ndarray"),
        (10**399, "int"),
    ],
)
def test_other_values_are_described(value: Value, shown: str) -> None:
    """A value without rows has a description in place of a dtype: its type, its text, or the author's expression."""
    assert build_tensor_tables(value, "x") == (TensorTable("x", (), shown),)


def test_a_number_is_one_cell() -> None:
    """A single number is one cell, which is marked if it differs."""
    assert build_tensor_tables(2.5, "x", 2.0) == (TensorTable("x", (), "float64", (("2.5",),), ((0, 0),)),)
    assert build_tensor_tables(np.array([1 + 1j]), "x", np.array([1 - 1j]))[0].marked == ((0, 0),)
