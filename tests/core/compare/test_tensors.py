"""Values of any kind are compared with the expected ones, and differences are described.

Covers `core/compare/mismatch.py`.
"""

import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from grader.core.compare.mismatch import (
    DtypeMismatch,
    KeysMismatch,
    LengthMismatch,
    Mismatch,
    NonfiniteMismatch,
    ShapeMismatch,
    TextMismatch,
    TypeMismatch,
    ValuesMismatch,
)
from grader.core.compare.tensors import (
    Comparison,
    Remark,
    Tolerance,
    as_tensor,
    compare,
    compare_form,
    format_number,
    get_value_type,
    is_close,
)
from grader.core.wire.values import Code, Opaque, Seed, Value

NAMES = ("bool", "int8", "int64", "uint8", "uint64", "float16", "float32", "float64", "complex64", "complex128")
INF, NAN = float("inf"), float("nan")

tensors = st.sampled_from(NAMES).flatmap(
    lambda name: npst.arrays(np.dtype(name), npst.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4))
)
hostile = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.just(10**399),
        st.floats(),
        st.complex_numbers(),
        st.text(max_size=5),
        st.builds(Opaque, st.text(max_size=5)),
        st.builds(Code, st.text(max_size=5)),
        st.builds(Seed, st.integers(0, 9)),
        tensors,
        tensors.filter(lambda array: array.size > 0).map(lambda array: array.reshape(-1)[0]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(st.one_of(st.text(max_size=3), st.integers(), st.tuples(st.integers())), inner, max_size=3),
    ),
    max_leaves=12,
)
expectations = st.one_of(
    tensors,
    st.dictionaries(st.sampled_from(["W1", "b1"]), tensors, max_size=2),
    st.lists(tensors, max_size=3).map(tuple),
    st.lists(st.floats(), max_size=3),
    st.none(),
    st.text(max_size=3),
)


def mismatch(expected: Value, actual: Value, tolerance: Tolerance = Tolerance()) -> Mismatch:
    """Return the mismatch, which must exist."""
    found = compare(expected, actual, tolerance).mismatch
    assert found is not None
    return found


def values_mismatch(expected: Value, actual: Value) -> ValuesMismatch:
    """Return the mismatch, which must be one of values."""
    found = mismatch(expected, actual)
    assert isinstance(found, ValuesMismatch)
    return found


@given(expectations)
def test_everything_equals_itself(expected: Value) -> None:
    """A tensor, NaN and infinities included, equals itself without a remark; so do dicts, tuples and lists of them."""
    assert compare(expected, expected) == Comparison()


@given(tensors, tensors)
def test_form_is_part_of_equality(expected: np.ndarray[Any, Any], actual: np.ndarray[Any, Any]) -> None:
    """Equal values have the same form, and both comparisons report another form in the same way."""
    form, whole = compare_form(expected, actual).mismatch, compare(expected, actual).mismatch
    if form is not None:
        assert whole == form


shapes = npst.array_shapes(min_dims=0, max_dims=2, min_side=1, max_side=4)
steps = st.sampled_from([0.0, 1e-9, 0.5e-6, 1e-6, 1.5e-6, 1e-3, 1.0])
specials = st.sampled_from([0.0, 1.0, -1.0, NAN, INF, -INF, 1e308, -1e308, 5e-324])


@given(st.data(), st.floats(0, 1e-3), st.floats(0, 1e-3))
def test_values_agree_like_numpys_isclose(data: st.DataObject, rtol: float, atol: float) -> None:
    """Disturbed tensors differ exactly where they are not close by `numpy.isclose`, with NaN close to NaN."""
    shape = data.draw(shapes)
    expected = data.draw(npst.arrays(np.float64, shape, elements=st.one_of(st.floats(), specials)))
    with np.errstate(all="ignore"):
        near = expected * (1 + data.draw(npst.arrays(np.float64, shape, elements=steps)))
    other = data.draw(npst.arrays(np.float64, shape, elements=specials))
    actual = np.where(data.draw(npst.arrays(np.bool_, shape)), near, other)
    with np.errstate(all="ignore"):
        wrong = ~np.isclose(actual, expected, rtol=rtol, atol=atol, equal_nan=True)
    found = compare(expected, actual, Tolerance(rtol, atol)).mismatch
    assert (found is None) == (not wrong.any())
    np.testing.assert_array_equal(~is_close(expected, actual, Tolerance(rtol, atol)), wrong)
    if found is None:
        return
    misplaced = wrong & (np.isfinite(actual) != np.isfinite(expected))
    told = misplaced if misplaced.any() else wrong
    assert isinstance(found, NonfiniteMismatch if misplaced.any() else ValuesMismatch)
    assert (found.differing, found.size) == (told.sum(), expected.size)
    first = tuple(map(int, np.argwhere(told)[0]))
    assert found.first_index == first
    assert found.actual_at == f"{actual[first]:.6g}"
    assert found.expected_at == f"{expected[first]:.6g}"


@given(tensors, hostile)
def test_any_value_can_be_compared_with_a_tensor(expected: np.ndarray[Any, Any], actual: Value) -> None:
    """Any value equals a tensor or not, without exceptions or warnings."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert isinstance(compare(expected, actual), Comparison)
        assert isinstance(compare_form(expected, actual), Comparison)


@given(expectations, hostile)
def test_any_value_can_be_compared_with_other_values(expected: Value, actual: Value) -> None:
    """Any value can be compared with dicts, tuples, lists, text and None."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert isinstance(compare(expected, actual), Comparison)


RAGGED = [[1.0, 2.0], [3.0]]


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (None, "None"),
        ("text", "str"),
        (Opaque("function"), "function"),
        ({"a": 1.0}, "dict"),
        (RAGGED, "list"),
        ((1.0, "a"), "tuple"),
        ([10**399], "list"),
        (10**399, "int"),
        ([None], "list"),
        ([{"a": 1}], "list"),
        ([Opaque("x")], "list"),
        (Code("1"), "Code"),
        (np.array(["a"]), "ndarray"),
        (np.str_("a"), "str_"),
    ],
)
def test_other_values_than_tensors_are_named(value: Value, name: str) -> None:
    """A value that can't be converted to an array of numbers is a mismatch of type, named by its type."""
    assert mismatch(np.zeros(2), value) == TypeMismatch("", name)
    assert get_value_type(value) == name
    with pytest.raises(ValueError, match=name):
        as_tensor(value)


def test_a_long_text_among_numbers_takes_little_memory() -> None:
    """A list of many numbers with one text of megabytes is refused without converting the numbers to such texts."""
    bomb = ["x" * 4_000_000, *["a"] * 90_000]
    assert mismatch(np.zeros(2), bomb) == TypeMismatch("", "list")
    assert mismatch(np.zeros(2), [bomb, 1.0]) == TypeMismatch("", "list")


@pytest.mark.parametrize(
    ("expected", "actual"), [((2, 3), (3, 2)), ((), (1,)), ((3,), (3, 1)), ((0,), (0, 2)), ((1,), ())]
)
def test_shapes_are_reported(expected: tuple[int, ...], actual: tuple[int, ...]) -> None:
    """Tensors of other shapes differ by their shapes, even if numpy would broadcast them."""
    found = mismatch(np.zeros(expected), np.zeros(actual))
    assert found == ShapeMismatch(expected, actual)


@pytest.mark.parametrize(
    ("expected", "actual"),
    [("float64", "bool"), ("float64", "complex128"), ("bool", "int64"), ("int64", "bool"), ("complex128", "float64")],
)
def test_kinds_of_dtype_are_reported(expected: str, actual: str) -> None:
    """Booleans, real and complex numbers are different, even if numpy considers them equal."""
    found = mismatch(np.ones(2, expected), np.ones(2, actual))
    assert found == DtypeMismatch(expected, actual)


@pytest.mark.parametrize(("expected", "actual"), [("float64", "int64"), ("int64", "float64"), ("int32", "uint8")])
def test_integers_and_floats_are_compatible(expected: str, actual: str) -> None:
    """Integers are right for equal expected floats, and vice versa."""
    assert compare(np.array([0, 3], expected), np.array([0, 3], actual)) == Comparison()


def test_truncated_numbers_are_reported_by_dtype() -> None:
    """Integers that differ from the expected floats are a mismatch of dtype, because they were truncated."""
    expected = np.array([0.5, 2.0])
    assert mismatch(expected, np.array([0, 2])) == DtypeMismatch("float64", "int64")
    assert values_mismatch(np.array([1, 2]), np.array([1.0, 2.5])).first_index == (1,)


def test_integers_are_compared_exactly() -> None:
    """Large integers that are equal as floats differ, and so do signed and unsigned ones of the same bits."""
    assert values_mismatch(np.array([2**62]), np.array([2**62 + 1])).actual_at == str(2**62 + 1)
    assert values_mismatch(np.array([2**63], np.uint64), np.array([-(2**63)])).differing == 1


def test_lists_and_tuples_are_arrays_with_a_remark() -> None:
    """For an expected array, a list or tuple of numbers is converted with a remark, a plain number without one."""
    expected = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert compare(expected, [[1.0, 2.0], [3.0, 4.0]]) == Comparison(remarks=(Remark("converted", "list"),))
    assert compare(expected, ([1, 2], (3, 4))) == Comparison(remarks=(Remark("converted", "tuple"),))
    assert compare(expected, [np.array([1.0, 2.0]), (3.0, 4.0)]).mismatch is None
    assert compare(np.float64(2.0), 2.0) == compare(2.0, np.array(2)) == Comparison()
    assert mismatch(expected, [1.0]) == ShapeMismatch((2, 2), (1,))


def test_arrays_are_compared_with_lists() -> None:
    """For an expected list or tuple, an array with as many rows is compared row by row."""
    assert compare([0.5, 0.25], np.array([0.5, 0.25])) == Comparison()
    assert compare((np.zeros(2), np.ones(2)), np.array([[0.0, 0.0], [1.0, 1.0]])) == Comparison()
    assert values_mismatch([0.5, 0.25], np.array([0.5, 0.75])).location == "[1]"
    assert mismatch([0.5, 0.25], np.zeros(3)) == LengthMismatch(2, 3)
    assert mismatch([0.5], np.array(0.5)) == TypeMismatch("list", "ndarray")


@given(npst.arrays(np.float64, 5, elements=st.floats(-1e3, 1e3)))
def test_float32_answer_has_an_allowance(expected: np.ndarray[Any, Any]) -> None:
    """A right answer in float32 is right, with the remark that it is less precise."""
    remarks = (Remark("low_precision", "float32"),)
    assert compare(expected, expected.astype(np.float32)) == Comparison(remarks=remarks)


def test_tolerance_does_not_follow_the_dtype_of_the_answer() -> None:
    """An answer in float32 gets ten times the default, whatever else it is; float16 gets nothing."""
    one = np.array([1.0])
    assert compare(one, np.array([1.000009], np.float32)).mismatch is None
    assert values_mismatch(one, np.array([1.000009])).differing == 1
    assert values_mismatch(one, np.array([1.00003], np.float32)).differing == 1
    assert values_mismatch(np.array([0.1]), np.array([0.1], np.float16)).differing == 1
    assert compare(one, np.array([1.0], np.float16)) == Comparison(remarks=(Remark("low_precision", "float16"),))
    assert compare(np.array([0.1]), np.array([0.1], np.float16), Tolerance(rtol=1e-3)).mismatch is None
    assert Tolerance().for_answer(np.dtype(np.complex64)) == Tolerance().for_answer(np.dtype(np.float32))
    assert Tolerance().for_answer(np.dtype(np.complex128)) == Tolerance()
    assert Tolerance(0.5, 0.5).for_answer(np.dtype(np.float32)) == Tolerance(0.5, 0.5)


def test_tolerance_follows_expected_values() -> None:
    """Expected values in float32 or float16 are compared as precisely as they are, with answers of any dtype."""
    assert compare(np.array([1.0], np.float32), np.array([1.00005])).mismatch is None
    assert values_mismatch(np.array([1.0], np.float32), np.array([1.0005])).differing == 1
    assert compare(np.array([1.0], np.float16), np.array([1.005])).mismatch is None
    assert Tolerance(0.5, 0.5).for_dtype(np.dtype(np.float32)) == Tolerance(0.5, 0.5)
    assert Tolerance().for_dtype(np.dtype(np.complex128)) == Tolerance()


def test_tolerance_follows_inputs() -> None:
    """The least precise number among the inputs counts, at any depth; whole numbers and other values don't."""
    single = Tolerance().for_dtype(np.dtype(np.float32))
    assert Tolerance().for_inputs((1, "text", None, np.zeros(3), {"a": [np.zeros(2, int)]})) == Tolerance()
    assert Tolerance().for_inputs((np.zeros(3), {"a": [np.zeros(2, np.float32)]})) == single
    assert Tolerance().for_inputs((np.float32(0), np.zeros(1, np.float16))).rtol == 1e-2


@given(st.data())
def test_keys_are_reported(data: st.DataObject) -> None:
    """Missing and additional keys of a dict are reported before any value is compared."""
    names = st.sets(st.sampled_from("abcdef"), max_size=6)
    wanted, came = data.draw(names), data.draw(names)
    assume(wanted != came)
    found = mismatch({k: np.zeros(2) for k in sorted(wanted)}, {k: np.ones(3) for k in sorted(came)})
    assert isinstance(found, KeysMismatch)
    assert (set(found.missing), set(found.extra)) == (wanted - came, came - wanted)


def test_strange_keys_are_cut() -> None:
    """Of many or long additional keys, a few shortened ones are kept."""
    found = mismatch({}, {f"{i}" + "x" * 100_000: None for i in range(100)})
    assert isinstance(found, KeysMismatch)
    assert len(found.extra) == 8
    assert max(map(len, found.extra)) == 40


def test_nested_differences_have_their_path() -> None:
    """A difference inside dicts and tuples has the keys and positions that lead to it."""
    expected = {"W1": (np.zeros(2), np.ones(2))}
    assert values_mismatch(expected, {"W1": (np.zeros(2), np.zeros(2))}).location == "['W1'][1]"
    assert mismatch(expected, {"W1": (np.zeros(2),)}) == LengthMismatch(2, 1, location="['W1']")
    assert mismatch(expected, {"W1": None}) == TypeMismatch("tuple", "None", location="['W1']")
    assert mismatch(expected, [1]) == TypeMismatch("dict", "list")


def test_text_and_none_are_compared() -> None:
    """For expected text or None, another type is reported as such, and another text without repeating either."""
    assert compare("a", "a") == compare(None, None) == compare(np.str_("a"), "a") == Comparison()
    assert mismatch("a", "b") == TextMismatch()
    assert mismatch("a", 1) == TypeMismatch("str", "int")
    assert mismatch(None, np.zeros(2)) == TypeMismatch("None", "ndarray")


def test_nan_and_infinity_are_reported_first() -> None:
    """Unexpected NaN or infinity is reported before other differences; an infinity of the other sign is a value."""
    found = mismatch(np.array([1.0, 2.0, 3.0]), np.array([9.0, NAN, INF]))
    assert isinstance(found, NonfiniteMismatch)
    assert (found.differing, found.first_index, found.actual_at) == (2, (1,), "nan")
    assert isinstance(mismatch(np.array([INF]), np.array([-INF])), ValuesMismatch)
    assert isinstance(mismatch(np.array([INF]), np.array([1.0])), NonfiniteMismatch)


def test_the_largest_difference_is_reported() -> None:
    """The largest difference of finite values is kept; it is left out if it overflows."""
    assert values_mismatch(np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.5, 1.0])).largest == "2"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert values_mismatch(np.array([1e308]), np.array([-1e308])).largest == ""


def test_form_alone() -> None:
    """In a comparison of form, other numbers are right, and other shapes, dtypes and keys are not."""
    assert compare_form(np.zeros(3), np.ones(3)) == Comparison()
    assert compare_form({"a": np.zeros(3)}, {"a": [1, 2, 3]}) == Comparison(remarks=(Remark("converted", "list"),))
    for actual in (np.zeros(2), np.zeros(3, bool), None):
        assert compare_form(np.zeros(3), actual).mismatch is not None


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (True, "True"),
        (np.False_, "False"),
        (7, "7"),
        (10**30, "1" + "0" * 30),
        (np.uint8(255), "255"),
        (2.0, "2"),
        (1 / 3, "0.333333"),
        (1234567.0, "1.23457e+06"),
        (-0.0, "-0"),
        (1e-300, "1e-300"),
        (NAN, "nan"),
        (-INF, "-inf"),
        (np.float32(0.1), "0.1"),
        (np.float16(0.1), "0.0999756"),
        (1 + 2j, "1+2j"),
        (np.complex64(0.1j), "0+0.1j"),
    ],
)
def test_numbers_are_shown_to_six_digits(value: Any, shown: str) -> None:
    """Integers are shown completely, other numbers with six significant digits."""
    assert format_number(value) == shown


@given(st.floats())
def test_a_number_shown_is_near(value: float) -> None:
    """The shown number differs from the value by at most half of the sixth digit."""
    np.testing.assert_allclose(float(format_number(value)), value, rtol=5.1e-6, atol=1e-323, equal_nan=True)
