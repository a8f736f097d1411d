"""The comparison: equal or how not, whatever came."""

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
    get_type_name,
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
    """The mismatch, which has to be there."""
    found = compare(expected, actual, tolerance).mismatch
    assert found is not None
    return found


def values_mismatch(expected: Value, actual: Value) -> ValuesMismatch:
    """The mismatch, which has to be one of values."""
    found = mismatch(expected, actual)
    assert isinstance(found, ValuesMismatch)
    return found


@given(expectations)
def test_everything_equals_itself(expected: Value) -> None:
    """A tensor, NaN and infinities included, equals itself without a remark; so do dicts, tuples and lists of them."""
    assert compare(expected, expected) == Comparison()


@given(tensors, tensors)
def test_form_is_part_of_equality(expected: np.ndarray[Any, Any], actual: np.ndarray[Any, Any]) -> None:
    """What is equal has the same form, and what is of another form is told in the same way by both comparisons."""
    form, whole = compare_form(expected, actual).mismatch, compare(expected, actual).mismatch
    if form is not None:
        assert whole == form


shapes = npst.array_shapes(min_dims=0, max_dims=2, min_side=1, max_side=4)
steps = st.sampled_from([0.0, 1e-9, 0.5e-6, 1e-6, 1.5e-6, 1e-3, 1.0])
specials = st.sampled_from([0.0, 1.0, -1.0, NAN, INF, -INF, 1e308, -1e308, 5e-324])


@given(st.data(), st.floats(0, 1e-3), st.floats(0, 1e-3))
def test_values_agree_as_numpys_isclose_has_it(data: st.DataObject, rtol: float, atol: float) -> None:
    """Of disturbed tensors exactly those places differ that `numpy.isclose` calls not close, NaN being close to NaN."""
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
    assert found.first == first
    assert found.actual_at == f"{actual[first]:.6g}"
    assert found.expected_at == f"{expected[first]:.6g}"


@given(tensors, hostile)
def test_nothing_that_comes_makes_it_raise(expected: np.ndarray[Any, Any], actual: Value) -> None:
    """Against a tensor anything may come: it equals it or it doesn't, and no warning is printed."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert isinstance(compare(expected, actual), Comparison)
        assert isinstance(compare_form(expected, actual), Comparison)


@given(expectations, hostile)
def test_nothing_that_comes_for_a_dict_or_tuple_makes_it_raise(expected: Value, actual: Value) -> None:
    """Against dicts, tuples, lists, text and None anything may come as well."""
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
def test_what_is_no_tensor_is_named(value: Value, name: str) -> None:
    """What can't be taken as an array of numbers is a mismatch of type, called by its type."""
    assert mismatch(np.zeros(2), value) == TypeMismatch("", name)
    assert get_type_name(value) == name
    with pytest.raises(ValueError, match=name):
        as_tensor(value)


def test_a_long_text_among_numbers_is_not_spread() -> None:
    """A list of many numbers with one text of megabytes is refused without memory for so many such texts."""
    bomb = ["x" * 4_000_000, *["a"] * 90_000]
    assert mismatch(np.zeros(2), bomb) == TypeMismatch("", "list")
    assert mismatch(np.zeros(2), [bomb, 1.0]) == TypeMismatch("", "list")


@pytest.mark.parametrize(
    ("expected", "actual"), [((2, 3), (3, 2)), ((), (1,)), ((3,), (3, 1)), ((0,), (0, 2)), ((1,), ())]
)
def test_shapes_are_told(expected: tuple[int, ...], actual: tuple[int, ...]) -> None:
    """Tensors of other shapes differ by their shapes alone, even where numpy would broadcast them."""
    found = mismatch(np.zeros(expected), np.zeros(actual))
    assert found == ShapeMismatch(expected, actual)


@pytest.mark.parametrize(
    ("expected", "actual"),
    [("float64", "bool"), ("float64", "complex128"), ("bool", "int64"), ("int64", "bool"), ("complex128", "float64")],
)
def test_kinds_of_dtype_are_told(expected: str, actual: str) -> None:
    """Truth values, real and complex numbers don't stand for each other, even where numpy calls them equal."""
    found = mismatch(np.ones(2, expected), np.ones(2, actual))
    assert found == DtypeMismatch(expected, actual)


@pytest.mark.parametrize(("expected", "actual"), [("float64", "int64"), ("int64", "float64"), ("int32", "uint8")])
def test_whole_and_real_numbers_may_stand_for_each_other(expected: str, actual: str) -> None:
    """Whole numbers where real ones are expected, and the other way round, are right if they are equal."""
    assert compare(np.array([0, 3], expected), np.array([0, 3], actual)) == Comparison()


def test_numbers_cut_off_are_told_by_dtype() -> None:
    """Whole numbers that differ from the expected real ones are told by their dtype: they were cut off."""
    expected = np.array([0.5, 2.0])
    assert mismatch(expected, np.array([0, 2])) == DtypeMismatch("float64", "int64")
    assert values_mismatch(np.array([1, 2]), np.array([1.0, 2.5])).first == (1,)


def test_whole_numbers_are_compared_exactly() -> None:
    """Large whole numbers that a float can't tell apart differ, and so do those of the same bits with another sign."""
    assert values_mismatch(np.array([2**62]), np.array([2**62 + 1])).actual_at == str(2**62 + 1)
    assert values_mismatch(np.array([2**63], np.uint64), np.array([-(2**63)])).differing == 1


def test_lists_and_tuples_are_arrays_with_a_remark() -> None:
    """Where an array is expected a list or tuple of numbers is taken as one, a plain number without a remark."""
    expected = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert compare(expected, [[1.0, 2.0], [3.0, 4.0]]) == Comparison(remarks=(Remark("converted", "list"),))
    assert compare(expected, ([1, 2], (3, 4))) == Comparison(remarks=(Remark("converted", "tuple"),))
    assert compare(expected, [np.array([1.0, 2.0]), (3.0, 4.0)]).mismatch is None
    assert compare(np.float64(2.0), 2.0) == compare(2.0, np.array(2)) == Comparison()
    assert mismatch(expected, [1.0]) == ShapeMismatch((2, 2), (1,))


def test_arrays_stand_for_lists() -> None:
    """Where a list or tuple is expected an array of as many rows is compared row by row."""
    assert compare([0.5, 0.25], np.array([0.5, 0.25])) == Comparison()
    assert compare((np.zeros(2), np.ones(2)), np.array([[0.0, 0.0], [1.0, 1.0]])) == Comparison()
    assert values_mismatch([0.5, 0.25], np.array([0.5, 0.75])).where == "[1]"
    assert mismatch([0.5, 0.25], np.zeros(3)) == LengthMismatch(2, 3)
    assert mismatch([0.5], np.array(0.5)) == TypeMismatch("list", "ndarray")


@given(npst.arrays(np.float64, 5, elements=st.floats(-1e3, 1e3)))
def test_float32_is_given_room(expected: np.ndarray[Any, Any]) -> None:
    """A right answer in float32 or float16 is right, with the remark that it is less precise."""
    for name in ("float32", "float16"):
        remarks = (Remark("low_precision", name),)
        assert compare(expected, expected.astype(name)) == Comparison(remarks=remarks)


def test_room_has_an_end() -> None:
    """float32 is wider by a hundred times and no more; float64 isn't; a check's own wider tolerance stays."""
    one = np.array([1.0])
    assert compare(one, np.array([1.00005], np.float32)).mismatch is None
    assert values_mismatch(one, np.array([1.00005])).differing == 1
    assert values_mismatch(one, np.array([1.0005], np.float32)).differing == 1
    assert compare(one, np.array([1.005], np.float16)).mismatch is None
    assert Tolerance(0.5, 0.5).for_dtype(np.dtype(np.float32)) == Tolerance(0.5, 0.5)
    assert Tolerance().for_dtype(np.dtype(np.complex64)).rtol == Tolerance().for_dtype(np.dtype(np.float32)).rtol
    assert Tolerance().for_dtype(np.dtype(np.complex128)) == Tolerance()


@given(st.data())
def test_keys_are_told(data: st.DataObject) -> None:
    """Of a dict the missing and the additional keys are named before any value is looked at."""
    names = st.sets(st.sampled_from("abcdef"), max_size=6)
    wanted, came = data.draw(names), data.draw(names)
    assume(wanted != came)
    found = mismatch({k: np.zeros(2) for k in sorted(wanted)}, {k: np.ones(3) for k in sorted(came)})
    assert isinstance(found, KeysMismatch)
    assert (set(found.missing), set(found.extra)) == (wanted - came, came - wanted)


def test_strange_keys_are_cut() -> None:
    """However many and however long the additional keys are, a few short ones are kept."""
    found = mismatch({}, {f"{i}" + "x" * 100_000: None for i in range(100)})
    assert isinstance(found, KeysMismatch)
    assert len(found.extra) == 8
    assert max(map(len, found.extra)) == 40


def test_where_it_differs_inside() -> None:
    """A difference within dicts and tuples says by which keys and positions it is reached."""
    expected = {"W1": (np.zeros(2), np.ones(2))}
    assert values_mismatch(expected, {"W1": (np.zeros(2), np.zeros(2))}).where == "['W1'][1]"
    assert mismatch(expected, {"W1": (np.zeros(2),)}) == LengthMismatch(2, 1, where="['W1']")
    assert mismatch(expected, {"W1": None}) == TypeMismatch("tuple", "None", where="['W1']")
    assert mismatch(expected, [1]) == TypeMismatch("dict", "list")


def test_text_and_none_are_compared() -> None:
    """Where text or None is expected, another type is told as that and another text without repeating either."""
    assert compare("a", "a") == compare(None, None) == compare(np.str_("a"), "a") == Comparison()
    assert mismatch("a", "b") == TextMismatch()
    assert mismatch("a", 1) == TypeMismatch("str", "int")
    assert mismatch(None, np.zeros(2)) == TypeMismatch("None", "ndarray")


def test_nan_and_infinity_have_their_places() -> None:
    """NaN or infinity where a number is expected is told before any other difference; the other sign is a value."""
    found = mismatch(np.array([1.0, 2.0, 3.0]), np.array([9.0, NAN, INF]))
    assert isinstance(found, NonfiniteMismatch)
    assert (found.differing, found.first, found.actual_at) == (2, (1,), "nan")
    assert isinstance(mismatch(np.array([INF]), np.array([-INF])), ValuesMismatch)
    assert isinstance(mismatch(np.array([INF]), np.array([1.0])), NonfiniteMismatch)


def test_the_largest_difference_is_told() -> None:
    """Of the differing values that are finite the largest distance is kept; overflow leaves it out, silently."""
    assert values_mismatch(np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.5, 1.0])).largest == "2"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert values_mismatch(np.array([1e308]), np.array([-1e308])).largest == ""


def test_form_alone() -> None:
    """Asked for form only, other numbers are right and other shapes, dtypes and keys are not."""
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
    """Whole numbers are shown whole, others to six significant digits."""
    assert format_number(value) == shown


@given(st.floats())
def test_a_number_shown_is_near(value: float) -> None:
    """What is shown reads as a number within a half of the sixth digit."""
    np.testing.assert_allclose(float(format_number(value)), value, rtol=5.1e-6, atol=1e-323, equal_nan=True)
