"""Naming a mistake from its output: exact matches, sums of two, silence when unsure."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.diagnosis.fingerprint import match_answer

RNG = np.random.default_rng(7)
EXPECTED = RNG.normal(size=(3, 4))
KNOWN = {name: EXPECTED + RNG.normal(size=(3, 4)) for name in ("a", "b", "c")}


@pytest.mark.parametrize("name", KNOWN)
def test_an_exact_match_names_the_mistake(name: str) -> None:
    """An answer that equals one mistake's is that mistake, up to the order of summation."""
    match = match_answer(KNOWN[name] * (1 + 1e-14), EXPECTED, KNOWN)
    assert match is not None
    assert match.names == (name,)


def test_two_errors_that_add_up_are_both_named() -> None:
    """The sum of two mistakes' errors names both."""
    match = match_answer(KNOWN["a"] + KNOWN["c"] - EXPECTED, EXPECTED, KNOWN)
    assert match is not None
    assert match.names == ("a", "c")


def test_two_constant_factors_that_multiply_are_both_named() -> None:
    """A factor on top of another mistake names both."""
    known = {"half": EXPECTED / 2, "negative": -EXPECTED}
    match = match_answer(-EXPECTED / 2, EXPECTED, known)
    assert match is not None
    assert set(match.names) == {"half", "negative"}


def test_mistakes_that_answer_alike_are_not_told_apart() -> None:
    """Two mistakes with the same answer leave the diagnosis silent."""
    assert match_answer(KNOWN["a"], EXPECTED, {**KNOWN, "twin": KNOWN["a"]}) is None


def test_another_shape_matches_a_mistake_of_that_shape() -> None:
    """A wrong shape can be a known mistake too, and is never added to another."""
    known = {**KNOWN, "transposed": EXPECTED.T}
    match = match_answer(EXPECTED.T.copy(), EXPECTED, known)
    assert match is not None
    assert match.names == ("transposed",)
    assert match_answer(np.zeros((4, 3)), EXPECTED, known) is None


@given(st.integers(0, 2**32 - 1))
def test_an_unknown_answer_stays_unexplained(seed: int) -> None:
    """Random answers match nothing."""
    assert match_answer(np.random.default_rng(seed).normal(size=(3, 4)), EXPECTED, KNOWN) is None
