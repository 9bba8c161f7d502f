"""What an error looks like is recognised where it is certain, and nothing is said where it is not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from grader.instruments.arrays import relative_error
from grader.instruments.patterns import (
    IMAGE_AXES,
    NO_PATTERN,
    Pattern,
    PatternKind,
    factor_phrase,
    find_pattern,
    simple_factor,
)
from grader.instruments.tolerances import FLOAT64
from tests.instruments.strategies import generators, normal_arrays

IMAGES = np.random.default_rng(5).normal(size=(2, 3, 6, 7))


def pattern_of(
    actual: np.ndarray, expected: np.ndarray = IMAGES, axes: tuple[str, ...] = IMAGE_AXES
) -> Pattern:
    """Find the pattern of `actual`."""
    return find_pattern(actual, expected, relative_error(actual, expected), FLOAT64.right, axes)


def spoiled(*place: object) -> np.ndarray:
    """Return the images with other random numbers at `place`."""
    other = IMAGES.copy()
    other[place] = np.random.default_rng(6).normal(size=other[place].shape)
    return other


def border_spoiled(width: int) -> np.ndarray:
    """Return the images with other numbers along the border."""
    other = np.random.default_rng(7).normal(size=IMAGES.shape)
    inside = (slice(None), slice(None), slice(width, -width), slice(width, -width))
    other[inside] = IMAGES[inside]
    return other


@pytest.mark.parametrize(
    ("actual", "kind"),
    [
        (0.0 * IMAGES, PatternKind.ALL_ZERO),
        (np.full_like(IMAGES, 0.5), PatternKind.ALL_EQUAL),
        (-IMAGES, PatternKind.CONSTANT_FACTOR),
        (0.37 * IMAGES, PatternKind.CONSTANT_FACTOR),
        (IMAGES + 0.25, PatternKind.CONSTANT_OFFSET),
        (IMAGES[:, :, ::-1], PatternKind.FLIPPED),
        (IMAGES[:, :, ::-1, ::-1], PatternKind.FLIPPED),
        (np.roll(IMAGES, 1, axis=3), PatternKind.SHIFTED),
        (np.roll(IMAGES, -1, axis=2), PatternKind.SHIFTED),
        (IMAGES[:, :, [1, 0, 2, 3, 5, 4]], PatternKind.PERMUTED),
        (IMAGES.transpose(1, 0, 2, 3).reshape(IMAGES.shape), PatternKind.REORDERED),
        (spoiled(1, 2, 3, 4), PatternKind.ONE_ENTRY),
        (spoiled(slice(None), 1), PatternKind.ONE_INDEX),
        (spoiled(slice(None), slice(None), 0), PatternKind.ONE_INDEX),
        (border_spoiled(1), PatternKind.BORDERS_ONLY),
        (np.where(np.arange(7) % 2 == 0, IMAGES, 0.0), PatternKind.MISSING_REGION),
        (IMAGES * np.array([0.9, 1.7, -0.3])[:, None, None], PatternKind.FACTOR_PER_INDEX),
        (IMAGES + np.array([0.9, 1.7, -0.3])[:, None, None], PatternKind.OFFSET_PER_INDEX),
    ],
)
def test_patterns_are_recognised(actual: np.ndarray, kind: PatternKind) -> None:
    """Each kind of error is called by its name and has words."""
    found = pattern_of(actual)
    assert found.kind is kind
    assert found.phrase


@pytest.mark.parametrize(
    "actual",
    [
        IMAGES.transpose(1, 0, 2, 3).reshape(IMAGES.shape),
        IMAGES.transpose(0, 2, 3, 1).reshape(IMAGES.shape),
        IMAGES.reshape(2, 6, 7, 3).transpose(0, 3, 1, 2),
    ],
    ids=["filters first", "channels last", "moved after"],
)
def test_a_reshape_is_named_where_it_explains_the_order(actual: np.ndarray) -> None:
    """Values that a reshape put in their places, before or after axes are moved, are said to be there by one."""
    assert "reshape" in pattern_of(actual).phrase


def test_a_reshape_is_not_named_for_any_other_order() -> None:
    """Values in places that no reshape explains are only said to be in the wrong ones."""
    shuffled = np.random.default_rng(8).permutation(IMAGES.ravel()).reshape(IMAGES.shape)
    found = pattern_of(shuffled)
    assert found.kind is PatternKind.REORDERED
    assert "reshape" not in found.phrase


def test_swapped_axes_of_one_length_are_recognised() -> None:
    """Height and width mixed up on square images are recognised."""
    square = np.random.default_rng(0).normal(size=(2, 3, 5, 5))
    found = pattern_of(square.swapaxes(2, 3), square)
    assert found.kind is PatternKind.TRANSPOSED
    assert found.phrase == "row and column are swapped"


@given(normal_arrays(), generators)
@settings(max_examples=200)
def test_random_errors_have_no_pattern(expected: np.ndarray, rng: np.random.Generator) -> None:
    """An answer that has nothing to do with the right one is not explained."""
    found = pattern_of(rng.normal(size=expected.shape), expected, ())
    assert found == NO_PATTERN


@given(normal_arrays())
def test_right_answers_have_no_pattern(expected: np.ndarray) -> None:
    """Where nothing is wrong nothing is said."""
    assert pattern_of(expected.copy(), expected, ()) == NO_PATTERN


@given(normal_arrays(min_dims=2, min_side=3), st.data(), generators)
def test_one_spoiled_slice_is_placed(
    expected: np.ndarray, data: st.DataObject, rng: np.random.Generator
) -> None:
    """A single wrong slice is found along its axis and at its index."""
    axis = data.draw(st.integers(0, expected.ndim - 1))
    index = data.draw(st.integers(0, expected.shape[axis] - 1))
    actual = expected.copy()
    slice_ = np.moveaxis(actual, axis, 0)
    slice_[index] += 5.0 + rng.random(size=slice_[index].shape)
    found = pattern_of(actual, expected, ())
    assert (found.kind, found.axis, found.index) == (PatternKind.ONE_INDEX, axis, index)


def test_a_missing_row_is_said_to_be_the_last() -> None:
    """A last row left at zero is described as such."""
    actual = IMAGES.copy()
    actual[:, :, -1] = 0.0
    assert pattern_of(actual).phrase == "only row 5 is wrong, the last, and was left at zero"


def test_axes_without_names_are_numbered() -> None:
    """Where the caller names no axes, they are numbered."""
    assert pattern_of(spoiled(slice(None), 1), axes=()).phrase == "only index 1 of axis 1 is wrong"


def test_one_side_of_the_border_is_named() -> None:
    """An error along two sides names those sides."""
    actual = spoiled(slice(None), slice(None), 5)
    actual[:, :, :, 6] = 9.0
    found = pattern_of(actual)
    assert found.kind is PatternKind.BORDERS_ONLY
    assert "last rows and last columns" in found.phrase


@pytest.mark.parametrize(("side", "claimed"), [(7, False), (10, True)])
def test_a_wide_border_leaves_an_inside_worth_a_word(side: int, claimed: bool) -> None:
    """A border two entries wide is one where the inside has at least half as many entries as the border."""
    right = np.random.default_rng(8).normal(size=(2, 3, side, side))
    actual = np.random.default_rng(9).normal(size=right.shape)
    actual[:, :, 2:-2, 2:-2] = right[:, :, 2:-2, 2:-2]
    assert (pattern_of(actual, right).kind is PatternKind.BORDERS_ONLY) is claimed


@pytest.mark.parametrize(
    "places",
    [
        [*((row, column) for row in range(3) for column in range(3)), (3, 5)],
        [(2, 2), (2, 4), (4, 2), (4, 4), (2, 5), (1, 2), (4, 1), (5, 4), (3, 4)],
    ],
)
def test_one_right_entry_is_no_inside(places: list[tuple[int, int]]) -> None:
    """Errors that leave out the middle of a small image, or lie where windows overlap, are not those of a border."""
    right = np.random.default_rng(0).normal(size=(1, 1, 7, 7))
    actual = right.copy()
    for row, column in places:
        actual[0, 0, row, column] += 1 + row + column / 10
    assert "inside" not in pattern_of(actual, right).phrase


def test_what_is_said_of_the_border_is_true() -> None:
    """Whatever is wrong, the sides that are named hold every error, and what is called the inside none."""
    rng, claims = np.random.default_rng(1), 0
    right = rng.normal(size=(2, 3, 7, 7))
    for _ in range(500):
        actual = right.copy()
        edge = [0, 6, 0, 6, int(rng.integers(7))]
        for _ in range(rng.integers(6, 20)):
            place = rng.permutation([rng.choice(edge), rng.integers(7)])
            actual[rng.integers(2), rng.integers(3), place[0], place[1]] += rng.normal()
        phrase = pattern_of(actual, right).phrase
        if "the inside is right" not in phrase:
            continue
        claims += 1
        wrong = np.any(actual != right, axis=(0, 1))
        assert not np.any(wrong[1:-1, 1:-1])
        named = {
            "first rows": (0, slice(None)),
            "last rows": (-1, slice(None)),
            "first columns": (slice(None), 0),
            "last columns": (slice(None), -1),
        }
        for name, side in named.items():
            wrong[side] &= name not in phrase and "the border" not in phrase
        assert not np.any(wrong)
    assert claims > 10


def test_few_errors_that_happen_to_lie_outside_are_not_the_border() -> None:
    """Two wrong entries at the edge do not make a wrong border."""
    actual = IMAGES.copy()
    actual[0, 0, 0, 3] += 1.0
    actual[1, 2, 3, 6] += 2.0
    assert pattern_of(actual) == NO_PATTERN


@pytest.mark.parametrize("expected", [np.ones((3, 4)), np.full(5, 2.5)])
def test_equal_right_values_explain_little(expected: np.ndarray) -> None:
    """Where all right values are equal, an offset, a factor and a constant cannot be told apart."""
    assert pattern_of(expected * 1.37, expected, ()) == NO_PATTERN


@pytest.mark.parametrize("factor", [2.0, 0.5, -1.0, 50.0, 1 / 50, -2.0])
def test_simple_factors_are_told_of_single_numbers(factor: float) -> None:
    """One number, such as a loss, is explained by a factor only when the factor is simple."""
    found = pattern_of(np.array(2.3 * factor), np.array(2.3), ())
    assert found.factor == pytest.approx(factor)


def test_any_factor_fits_one_number() -> None:
    """A single wrong number is not called a constant multiple."""
    assert pattern_of(np.array(2.3 * 1.37), np.array(2.3), ()) == NO_PATTERN


@given(st.integers(1, 4096), st.booleans(), st.booleans())
def test_whole_numbers_and_reciprocals_are_simple(whole: int, inverse: bool, negative: bool) -> None:
    """Whole numbers, their reciprocals and both with a minus sign are simple factors, and can be said."""
    factor = (-1.0 if negative else 1.0) * (1.0 / whole if inverse else float(whole))
    assert simple_factor(factor, FLOAT64.right) == pytest.approx(factor, rel=1e-12)
    assert factor_phrase(factor).startswith("every entry")


@pytest.mark.parametrize("factor", [0.0, np.inf, np.nan, 1.5, 0.3, 5000.0, 2.001])
def test_other_factors_are_not_simple(factor: float) -> None:
    """Zero, infinities, fractions and huge numbers are not simple."""
    assert simple_factor(factor, FLOAT64.right) is None


@pytest.mark.parametrize(
    ("factor", "words"),
    [
        (-1.0, "every entry has the opposite sign"),
        (2.0, "every entry is twice the right value"),
        (0.5, "every entry is half the right value"),
        (-2.0, "every entry is twice the right value with the opposite sign"),
        (64.0, "every entry is 64 times the right value"),
        (1 / 64, "every entry is 1/64 of the right value"),
    ],
)
def test_factors_have_words(factor: float, words: str) -> None:
    """Factors are said in words a student uses."""
    assert factor_phrase(factor) == words
