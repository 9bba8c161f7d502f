"""Naming a mistake from its output: exact matches, sums of two, silence when unsure."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.diagnosis.fingerprint import Match, choose, match_answer

RNG = np.random.default_rng(7)
EXPECTED = RNG.normal(size=(3, 4))
KNOWN = {name: EXPECTED + RNG.normal(size=(3, 4)) for name in ("a", "b", "c")}


@pytest.mark.parametrize("name", KNOWN)
def test_an_exact_match_names_the_mistake(name: str) -> None:
    """An answer that equals one mistake's is that mistake, up to the order of summation."""
    assert match_answer(KNOWN[name] * (1 + 1e-14), EXPECTED, KNOWN) == (Match((name,)),)


def test_two_errors_that_add_up_are_both_named() -> None:
    """The sum of two mistakes' errors names both."""
    both = KNOWN["a"] + KNOWN["c"] - EXPECTED
    assert match_answer(both, EXPECTED, KNOWN) == (Match(("a", "c")),)


def test_two_constant_factors_that_multiply_are_both_named() -> None:
    """A factor on top of another mistake names both."""
    known = {"half": EXPECTED / 2, "negative": -EXPECTED}
    assert match_answer(-EXPECTED / 2, EXPECTED, known) == (Match(("half", "negative")),)


def test_mistakes_that_answer_alike_are_all_returned() -> None:
    """Which of two mistakes with the same answer it was is left to what else failed."""
    twins = match_answer(KNOWN["a"], EXPECTED, {**KNOWN, "twin": KNOWN["a"]})
    assert twins == (Match(("a",)), Match(("twin",)))


def test_another_shape_matches_a_mistake_of_that_shape() -> None:
    """A wrong shape can be a known mistake too, and is never added to another."""
    known = {**KNOWN, "transposed": EXPECTED.T}
    assert match_answer(EXPECTED.T.copy(), EXPECTED, known) == (Match(("transposed",)),)
    assert match_answer(np.zeros((4, 3)), EXPECTED, known) == ()


@given(st.integers(0, 2**32 - 1))
def test_an_unknown_answer_stays_unexplained(seed: int) -> None:
    """Random answers match nothing."""
    assert match_answer(np.random.default_rng(seed).normal(size=(3, 4)), EXPECTED, KNOWN) == ()


PARTS = {"loss": frozenset({"loss"}), "grads": frozenset({"grads"}), "both": frozenset({"loss", "grads"})}


@pytest.mark.parametrize(
    ("matches", "failed", "chosen"),
    [
        (
            ["both", "grads"],
            {"grads"},
            "grads",
        ),  # what would also spoil the loss cannot be it: the loss is right
        (["both", "grads"], {"grads", "loss"}, None),  # either could be: silent
        (["both"], {"grads"}, None),
        ([], {"grads"}, None),
    ],
)
def test_a_mistake_must_agree_with_what_passed(
    matches: list[str], failed: set[str], chosen: str | None
) -> None:
    """A mistake that spoils a part the submission has right is not it; several that fit leave it unnamed."""
    match = choose([Match((name,)) for name in matches], PARTS, frozenset(failed))
    assert (match.names[0] if match else None) == chosen


def test_one_mistake_explains_better_than_two() -> None:
    """Where one mistake is enough, a pair is not considered."""
    match = choose([Match(("loss", "grads")), Match(("both",))], PARTS, frozenset({"loss", "grads"}))
    assert match == Match(("both",))
