"""Values become plain arrays, and errors are measured against the right scale."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st

from grader.instruments.arrays import (
    FLOAT32_DIGITS,
    FLOAT64_DIGITS,
    NotNumbers,
    digits,
    natural_scale,
    plain_array,
    relative_error,
    root_mean_square,
    shape_words,
)
from tests.instruments.strategies import finite_arrays, normal_arrays


class Liar(np.ndarray):
    """An array that is equal to everything and never different."""

    def __eq__(self, other: object) -> bool:
        return True

    def __sub__(self, other: object) -> float:
        return 0.0

    def __array_ufunc__(self, *arguments: object, **keywords: object) -> float:
        return 0.0

    __hash__ = None


class Pretender:
    """An object that claims to be an array."""

    __class__ = np.ndarray

    def __array__(self, dtype: object = None, copy: object = None) -> np.ndarray:
        return np.ones(3)


class Five(float):
    """A float whose conversion is its own business."""

    def __float__(self) -> float:
        return 5.0


def test_subclasses_lose_their_operators() -> None:
    """An ndarray subclass comes out as a plain ndarray with the numbers it holds."""
    plain = plain_array(np.arange(3.0).view(Liar))
    assert type(plain) is np.ndarray
    assert plain.tolist() == [0.0, 1.0, 2.0]


@pytest.mark.parametrize("value", [Pretender(), Five(), [1.0], (1.0,), {"a": 1}, "1.0", lambda: 1, object()])
def test_other_objects_are_refused(value: object) -> None:
    """What is neither an ndarray nor exactly a number type is refused, whatever it claims to be."""
    assert isinstance(plain_array(value), NotNumbers)


def test_refusals_never_quote_the_submission() -> None:
    """The name of a class the submission defined does not appear in the reason."""
    refusal = plain_array(type("<script>alert(1)</script>", (), {})())
    assert isinstance(refusal, NotNumbers)
    assert "script" not in refusal.reason


def test_none_has_its_own_reason() -> None:
    """None is told apart from other values that are no array."""
    refusal = plain_array(None)
    assert isinstance(refusal, NotNumbers)
    assert "None" in refusal.reason


@pytest.mark.parametrize("dtype", [object, "U3", "S3", "M8[s]", [("a", float)]])
def test_arrays_of_no_numbers_are_refused(dtype: object) -> None:
    """Arrays of objects, text, dates or records are refused."""
    assert isinstance(plain_array(np.zeros(2, dtype=dtype)), NotNumbers)


@pytest.mark.parametrize("value", [True, 3, 2.5, 1j, np.float32(2.5), np.int64(3), np.bool_(True)])
def test_numbers_become_scalars(value: object) -> None:
    """Python and NumPy numbers become arrays of no axes."""
    plain = plain_array(value)
    assert isinstance(plain, np.ndarray)
    assert plain.shape == ()


def test_huge_integers_are_refused() -> None:
    """A Python integer that no NumPy integer holds is refused and not turned into an object."""
    assert isinstance(plain_array(10**400), NotNumbers)


def test_the_result_is_a_copy() -> None:
    """Later changes by the owner of the array do not reach the copy."""
    owner = np.ones(2)
    plain = plain_array(owner)
    owner[0] = 7.0
    assert isinstance(plain, np.ndarray)
    assert plain[0] == 1.0


@given(finite_arrays)
def test_no_error_with_itself(values: np.ndarray) -> None:
    """The error of any array against itself is zero everywhere."""
    assert not np.any(relative_error(values, values))


@given(normal_arrays(), normal_arrays(), st.floats(1e-9, 1e9))
def test_errors_do_not_depend_on_the_unit(one: np.ndarray, other: np.ndarray, unit: float) -> None:
    """Scaling both arrays leaves the error as it is."""
    actual = np.resize(other, one.shape)
    before, after = relative_error(actual, one), relative_error(unit * actual, unit * one)
    np.testing.assert_allclose(after, before, rtol=1e-9)


def test_rounding_of_cancelled_terms_is_small() -> None:
    """An entry where large terms cancel is measured against the array and not against itself."""
    expected = np.array([1.0, -1.0, 1e-12])
    assert relative_error(expected + 1e-13, expected).max() < 1e-12


def test_zeros_are_compared_absolutely() -> None:
    """An expected array of zeros, or of what is left of cancelled ones, has the scale 1."""
    assert natural_scale(np.zeros(3)) == 1.0
    assert natural_scale(np.full(3, 1e-15)) == 1.0
    assert relative_error(np.array([1e-15]), np.zeros(1)).max() == 1e-15


def test_a_given_scale_counts() -> None:
    """A scale given by the caller replaces the array's own."""
    assert relative_error(np.array([2.0]), np.array([1.0]), scale=10.0).max() == 0.1


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_infinitely_wrong(value: float) -> None:
    """NaN and infinities have an infinite error, so that no tolerance lets them pass."""
    assert relative_error(np.array([value]), np.array([1.0])).max() == np.inf


def test_root_mean_square_does_not_overflow() -> None:
    """Entries whose squares overflow or vanish still have their root mean square."""
    assert root_mean_square(np.full(4, 1e300)) == pytest.approx(1e300)
    assert root_mean_square(np.full(4, 1e-300)) == pytest.approx(1e-300)
    assert root_mean_square(np.zeros((0, 3))) == 0.0


def test_digits_see_float32_behind_float64() -> None:
    """Values that all fit in float32 count as float32, also when they are stored as float64."""
    values = np.random.default_rng(0).normal(size=20)
    assert digits(values) == FLOAT64_DIGITS
    assert digits(values.astype(np.float32)) == FLOAT32_DIGITS
    assert digits(values.astype(np.float32).astype(np.float64)) == FLOAT32_DIGITS


def test_whole_numbers_say_nothing_about_digits() -> None:
    """Whole numbers fit in any precision and are taken as float64."""
    assert digits(np.arange(5.0)) == FLOAT64_DIGITS


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ((3, 2), "shape (3, 2)"),
        ((), "shape ()"),
        ((1, 2, 3), "shape (1, 2, 3)"),
        ((60,), "shape (60,)"),
        ((61,), "far too long axes"),
        ((1,) * 6, "far too many axes"),
    ],
)
def test_a_shape_is_told_where_a_slip_can_lead_to_it(shape, words):
    """Lengths and axes far beyond those that were wanted are not repeated: code can choose them to tell something."""
    assert shape_words(shape, (2, 3)) == words
