"""Answers are right, near or wrong, and the reason says why without giving anything away."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from hypothesis import assume, given, strategies as st

from grader.instruments.compare import Grade, compare, compare_any
from grader.instruments.patterns import PatternKind
from grader.instruments.tolerances import FLOAT32, FLOAT64, STRICT, Tolerance
from tests.instruments.strategies import finite_arrays, normal_arrays, places
from tests.instruments.test_arrays import Liar


@given(finite_arrays)
def test_the_expected_array_is_right(expected: np.ndarray) -> None:
    """Every finite array matches itself."""
    result = compare(expected.copy(), expected)
    assert result.grade is Grade.RIGHT
    assert result.worst_error == 0.0


@given(normal_arrays(), st.floats(1e-9, 1e9))
def test_grades_do_not_depend_on_the_unit(expected: np.ndarray, unit: float) -> None:
    """Scaling the answer and the expected array together does not change the grade."""
    for factor in (1.0, 1.0 + 1e-4, 1.1):
        assert (
            compare(unit * factor * expected, unit * expected).grade
            is compare(factor * expected, expected).grade
        )


@given(st.data(), normal_arrays(), st.floats(1e-5, 1e3), st.sampled_from([-1.0, 1.0]))
def test_one_corrupted_entry_is_never_right(
    data: st.DataObject, expected: np.ndarray, size: float, sign: float
) -> None:
    """An entry off by more than the tolerance, measured by the array's scale, is found and placed."""
    place = data.draw(places(expected.shape))
    spoiled = expected.copy()
    spoiled[place] += sign * size * max(abs(expected[place]), math.sqrt(np.mean(expected**2)))
    result = compare(spoiled, expected)
    assert result.grade is not Grade.RIGHT
    assert result.worst_index == place


@given(st.data(), finite_arrays, st.sampled_from([np.nan, np.inf, -np.inf]))
def test_not_finite_is_never_right(data: st.DataObject, expected: np.ndarray, value: float) -> None:
    """A single NaN or infinity anywhere makes an answer wrong."""
    spoiled = expected.copy()
    spoiled[data.draw(places(expected.shape))] = value
    result = compare(spoiled, expected)
    assert result.grade is Grade.WRONG
    assert "finite" in result.reason


@given(st.data(), normal_arrays())
def test_every_other_shape_is_wrong(data: st.DataObject, expected: np.ndarray) -> None:
    """The right numbers in another shape are wrong, and the reason names both shapes."""
    other = data.draw(st.sampled_from([expected[None], expected[..., None], np.stack([expected, expected])]))
    assume(other.shape != expected.shape)
    result = compare(other, expected)
    assert result.grade is Grade.WRONG
    assert str(other.shape) in result.reason
    assert str(expected.shape) in result.reason


def test_none_is_named() -> None:
    """A function that returned None is told so."""
    assert "None" in compare(None, np.ones(3)).reason


@pytest.mark.parametrize("value", [[1.0, 2.0], "text", {"a": 1}, object()])
def test_objects_are_wrong(value: object) -> None:
    """Anything but an array or a number is wrong and raises nothing."""
    assert compare(value, np.ones(2)).grade is Grade.WRONG


def test_arrays_that_lie_are_wrong() -> None:
    """A subclass whose operators claim equality is judged by its numbers."""
    assert compare(np.zeros(3).view(Liar), np.ones(3)).grade is Grade.WRONG


def test_transposed_shape_is_explained() -> None:
    """The right values with swapped axes are recognised although the shape is wrong."""
    expected = np.random.default_rng(0).normal(size=(2, 3, 4, 5))
    result = compare(expected.transpose(0, 1, 3, 2), expected)
    assert result.grade is Grade.WRONG
    assert result.pattern.kind is PatternKind.TRANSPOSED


def test_permuted_shape_with_other_values_is_not_called_transposed() -> None:
    """A permuted shape alone does not prove that the values are right."""
    rng = np.random.default_rng(0)
    result = compare(rng.normal(size=(3, 2)), rng.normal(size=(2, 3)))
    assert result.pattern.kind is PatternKind.NONE
    assert "may be" in result.reason


@pytest.mark.parametrize(
    ("shape", "word"), [((1, 3), "extra axes"), ((3, 1), "extra axes"), ((4,), "instead of")]
)
def test_wrong_shapes_are_told_apart(shape: tuple[int, ...], word: str) -> None:
    """Extra axes of length one are named as such."""
    assert word in compare(np.ones(shape), np.ones(3)).reason


def test_missing_axes_and_reshapes_are_named() -> None:
    """A squeezed result lacks axes, and one of the right size is arranged otherwise."""
    assert "lacks axes" in compare(np.ones(3), np.ones((3, 1))).reason
    assert "arranged otherwise" in compare(np.ones(6), np.ones((2, 3))).reason


def test_matching_integers_are_right() -> None:
    """Integers are accepted where their values match."""
    assert compare(np.array([1, 2, 3]), np.array([1.0, 2.0, 3.0])).right


def test_truncated_integers_are_named() -> None:
    """Integers that lost the digits behind the point are told so."""
    result = compare(np.array([1, 2]), np.array([1.5, 2.5]))
    assert result.grade is Grade.WRONG
    assert "int64" in result.reason


@pytest.mark.parametrize("values", [np.array([True, False]), np.array([1.0 + 0j, 0.0])])
def test_booleans_and_complex_numbers_are_wrong_as_floats(values: np.ndarray) -> None:
    """Booleans and complex numbers are wrong even where they equal the floats expected."""
    assert compare(values, np.array([1.0, 0.0])).grade is Grade.WRONG


def test_booleans_are_right_where_expected() -> None:
    """A boolean answer is right where booleans are expected, and a wrong one is wrong."""
    assert compare(np.array([True, False]), np.array([True, False])).right
    assert not compare(np.array([True, True]), np.array([True, False])).right


@pytest.mark.parametrize("seed", range(20))
def test_float32_answers_are_right(seed: int) -> None:
    """A right answer computed and returned in float32 is right."""
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(30, 200)), rng.normal(size=(200, 20))
    assert compare(a.astype(np.float32) @ b.astype(np.float32), a @ b).right


@pytest.mark.parametrize("seed", range(20))
def test_float32_inside_is_right(seed: int) -> None:
    """A right answer computed partly in float32 and returned in float64 is right."""
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(30, 200)), rng.normal(size=(200, 20))
    result = a.astype(np.float32) @ b
    assert result.dtype == np.float64
    assert compare(result, a @ b).right


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("deviation", [0.5, 1.0, 4.0])
def test_a_dropped_eps_is_near(dtype: type, deviation: float) -> None:
    """Batch norm without its eps of 1e-3 is never right, in either precision."""
    x = np.random.default_rng(3).normal(size=(200, 3)) * deviation + 10.0
    centred = x - x.mean(0)
    expected = centred / np.sqrt(x.var(0) + 1e-3)
    result = compare((centred / np.sqrt(x.var(0))).astype(dtype), expected)
    assert result.grade in {Grade.NEAR, Grade.WRONG}
    assert result.worst_error < 0.01


def test_half_precision_is_near_at_best() -> None:
    """A float16 answer is told to compute in float64."""
    expected = np.random.default_rng(0).normal(size=20)
    result = compare(expected.astype(np.float16), expected)
    assert result.grade is Grade.NEAR
    assert "float16" in result.reason


def test_strict_sees_what_float32_hides() -> None:
    """The strict tolerance tells an eps of 1e-5 that the ordinary one may let pass."""
    expected = np.random.default_rng(0).normal(size=20)
    answer = expected * (1.0 + 1e-7)
    assert compare(answer, expected).right
    assert compare(answer, expected, STRICT).grade is Grade.NEAR


@pytest.mark.parametrize(("error", "grade"), [(0.5, Grade.RIGHT), (5.0, Grade.NEAR), (50.0, Grade.WRONG)])
def test_the_lines_are_where_the_tolerance_says(error: float, grade: Grade) -> None:
    """Errors below, between and above the two lines are right, near and wrong."""
    tolerance = Tolerance(right=1e-4, near=1e-3)
    assert compare(np.ones(4) * (1.0 + error * 1e-4), np.ones(4), tolerance).grade is grade


def test_tolerances_never_tighten() -> None:
    """A generous tolerance given by the caller holds for float32 answers too."""
    generous = Tolerance(right=0.1, near=0.2)
    assert compare(np.full(3, 1.05, dtype=np.float32), np.ones(3), generous).right


def test_named_tolerances_are_ordered() -> None:
    """In each precision right is stricter than near, and float32 is more lenient than float64."""
    assert STRICT.right < FLOAT64.right < FLOAT32.right
    assert all(each.right < each.near for each in (STRICT, FLOAT64, FLOAT32))


def test_a_scale_excuses_cancelled_entries() -> None:
    """A sum that cancels almost to nothing is judged by the size of its terms where the caller knows it."""
    assert not compare(np.array([1.1e-6]), np.array([1.0e-6])).right
    assert compare(np.array([1.1e-6]), np.array([1.0e-6]), scale=10.0).right


def test_zero_is_compared_absolutely() -> None:
    """Where zero is expected, rounding is right and one is wrong."""
    assert compare(np.full(3, 1e-16), np.zeros(3)).right
    assert not compare(np.ones(3), np.zeros(3)).right


def test_empty_arrays_match() -> None:
    """Two empty arrays of one shape match; of two shapes they do not."""
    assert compare(np.zeros((0, 3)), np.zeros((0, 3))).right
    assert not compare(np.zeros((0, 2)), np.zeros((0, 3))).right


def test_scalars_compare() -> None:
    """Python numbers and arrays without axes compare alike; an axis of length one is an axis too many."""
    assert compare(2.0, np.float64(2.0)).right
    assert compare(np.array(2.0), 2.0).right
    assert not compare(np.array([2.0]), 2.0).right


@pytest.mark.parametrize("expected", [None, np.array([np.nan]), np.array([np.inf]), np.array([1j]), "1"])
def test_a_bad_reference_is_the_authors_fault(expected: object) -> None:
    """An expected value that is not finite and real raises, and is nobody's zero."""
    with pytest.raises(ValueError, match="expected"):
        compare(np.ones(1), expected)


def test_huge_numbers_raise_no_warnings() -> None:
    """Numbers whose products overflow are compared quietly."""
    expected = np.random.default_rng(0).normal(size=(4, 5)) * 1e200
    assert compare(-expected, expected).grade is Grade.WRONG
    assert compare(np.full((4, 5), 1.7e308), -expected).grade is Grade.WRONG


@given(normal_arrays(), normal_arrays())
def test_reasons_hold_no_hidden_numbers(expected: np.ndarray, other: np.ndarray) -> None:
    """No entry of the expected array or of the answer appears in the reason."""
    for answer in (other, np.resize(other, expected.shape), expected + 1.0, 2.0 * expected):
        assert not re.search(r"\d\.\d|e-\d", compare(answer, expected).reason)


def test_the_error_map_has_every_entry() -> None:
    """The map for figures holds the relative error of every entry."""
    expected = np.ones((2, 2))
    answer = np.array([[1.0, 1.0], [1.0, 3.0]])
    result = compare(answer, expected)
    assert result.error_map is not None
    assert result.error_map.tolist() == [[0.0, 0.0], [0.0, 2.0]]
    assert result.worst_error == 2.0


def test_any_of_several_answers_will_do() -> None:
    """The best of several comparisons counts, in any order."""
    accepted = [np.array([1.0, 0.0]), np.array([0.5, 0.5])]
    assert compare_any(np.array([0.5, 0.5]), accepted).right
    assert compare_any(np.array([0.5, 0.5]), reversed(accepted)).right
    assert not compare_any(np.array([1.0, 1.0]), accepted).right


def test_no_accepted_answer_is_an_error() -> None:
    """Comparing with no answer at all raises."""
    with pytest.raises(ValueError, match="at least one"):
        compare_any(np.ones(1), [])
