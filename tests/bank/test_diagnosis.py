"""Naming mistakes: from an answer's values, and from all that is known of a submission; silence when unsure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, strategies as st

from grader.bank import explain
from grader.bank.diagnosis import Combination, choose, match_answer
from grader.bank.entries import Mistake, load_mistakes
from grader.bank.rebuild import as_modules
from grader.checking.run import CheckContext, run_checks
from grader.checking.trusted import trusted_student
from grader.grading import Grader
from grader.sandbox import Isolation

RNG = np.random.default_rng(7)
EXPECTED = RNG.normal(size=(3, 4))
KNOWN = {name: EXPECTED + RNG.normal(size=(3, 4)) for name in ("a", "b", "c")}


@pytest.mark.parametrize("name", KNOWN)
def test_an_exact_match_names_the_mistake(name: str) -> None:
    """An answer that equals one mistake's is that mistake, up to the order of summation."""
    assert match_answer(KNOWN[name] * (1 + 1e-14), EXPECTED, KNOWN) == (Combination((name,)),)


def test_two_errors_that_add_up_are_both_named() -> None:
    """The sum of two mistakes' errors names both."""
    both = KNOWN["a"] + KNOWN["c"] - EXPECTED
    assert match_answer(both, EXPECTED, KNOWN) == (Combination(("a", "c")),)


def test_two_constant_factors_that_multiply_are_both_named() -> None:
    """A factor on top of another mistake names both."""
    known = {"half": EXPECTED / 2, "negative": -EXPECTED}
    assert match_answer(-EXPECTED / 2, EXPECTED, known) == (Combination(("half", "negative")),)


def test_factors_are_never_summed() -> None:
    """Minus one and four make minus four; the errors of both make two, which neither of them explains."""
    known = {"negative": -EXPECTED, "by batch": 4 * EXPECTED}
    assert match_answer(-4 * EXPECTED, EXPECTED, known) == (Combination(("negative", "by batch")),)
    assert match_answer(2 * EXPECTED, EXPECTED, known) == ()


@pytest.mark.parametrize("other", [np.zeros_like(EXPECTED), KNOWN["a"]])
def test_zeros_and_twins_add_up_to_nothing(other: np.ndarray) -> None:
    """Two mistakes of which one answers zeros, or both the same, are not named as a pair."""
    known = {"one": other, "two": other.copy(), "zeros": np.zeros_like(EXPECTED)}
    assert match_answer(2 * other - EXPECTED, EXPECTED, known) == ()
    assert match_answer(other - EXPECTED, EXPECTED, known) == ()


def test_mistakes_that_answer_alike_are_all_returned() -> None:
    """Which of two mistakes with the same answer it was is left to what else failed."""
    twins = match_answer(KNOWN["a"], EXPECTED, {**KNOWN, "twin": KNOWN["a"]})
    assert twins == (Combination(("a",)), Combination(("twin",)))


def test_another_shape_matches_a_mistake_of_that_shape() -> None:
    """A wrong shape can be a known mistake too, and is never added to another."""
    known = {**KNOWN, "transposed": EXPECTED.T}
    assert match_answer(EXPECTED.T.copy(), EXPECTED, known) == (Combination(("transposed",)),)
    assert match_answer(np.zeros((4, 3)), EXPECTED, known) == ()


@given(st.integers(0, 2**32 - 1))
def test_an_unknown_answer_stays_unexplained(seed: int) -> None:
    """Random answers match nothing."""
    assert match_answer(np.random.default_rng(seed).normal(size=(3, 4)), EXPECTED, KNOWN) == ()


PARTS = {"loss": frozenset({"loss"}), "grads": frozenset({"grads"}), "both": frozenset({"loss", "grads"})}


@pytest.mark.parametrize(
    ("matches", "failed", "recognised", "chosen"),
    [
        # What would also spoil the loss cannot be it: the loss is right.
        (["both", "grads"], {"grads"}, {}, "grads"),
        # It spoils the loss as well, and is recognised there: it explains more.
        (["both", "grads"], {"grads", "loss"}, {"loss": {"both"}, "grads": {"both", "grads"}}, "both"),
        # The loss is wrong in another way, so what spoils both is not it.
        (["both", "grads"], {"grads", "loss"}, {"loss": {"loss"}, "grads": {"both", "grads"}}, "grads"),
        (["both"], {"grads"}, {}, None),
        ([], {"grads"}, {}, None),
    ],
)
def test_a_mistake_must_agree_with_everything_else(matches, failed, recognised, chosen) -> None:
    """A mistake spoils only parts that failed, is recognised wherever it shows, and the most telling one wins."""
    known = {part: frozenset(names) for part, names in recognised.items()}
    match = choose([Combination((name,)) for name in matches], PARTS, frozenset(failed), known)
    assert (match.names[0] if match else None) == chosen


def test_equally_good_mistakes_leave_it_unnamed() -> None:
    """Two mistakes that spoil as much and are recognised as well are not told apart."""
    twins = {**PARTS, "twin": PARTS["grads"]}
    assert choose([Combination(("grads",)), Combination(("twin",))], twins, frozenset({"grads"}), {}) is None


def test_one_mistake_explains_better_than_two() -> None:
    """Where one mistake is enough, a pair is not considered."""
    pair, one = Combination(("loss", "grads")), Combination(("both",))
    assert choose([pair, one], PARTS, frozenset({"loss", "grads"}), {}) == one


SMALLER = "max_pool_forward_window_too_small"
OF_TWO = "max_pool_forward_windows_of_two"


@pytest.fixture(scope="module")
def grader(grader_in) -> Grader:
    """Return the convolutional homework's grader."""
    return grader_in(Isolation.B)


@pytest.fixture(scope="module")
def bank(grader: Grader) -> dict[str, Mistake]:
    """Return the homework's mistakes by name."""
    return {each.name: each for each in load_mistakes(grader.assignment.folder)}


def said_of(grader: Grader, mistake: Mistake, known: Sequence[Mistake]) -> set[str]:
    """Run the checks of a mistake's parts on it, and return what is said when these mistakes are known."""
    student = trusted_student(as_modules(mistake, grader.modules))
    context = CheckContext(grader.assignment, student, grader.reference, b"seed", {})
    records = run_checks(context, lambda mark, _check_id: mark.part in mistake.parts)
    return set(explain(records, context, known, grader.modules).values())


def test_a_known_mistake_is_named(grader: Grader, bank: dict[str, Mistake]) -> None:
    """Each of two mistakes that answer alike where windows are 3 x 3 is told from the other."""
    for name in (SMALLER, OF_TWO):
        assert said_of(grader, bank[name], tuple(bank.values())) == {bank[name].sentence}


def test_passed_checks_rule_a_mistake_out(grader: Grader, bank: dict[str, Mistake]) -> None:
    """A mistake that answers alike in one check, but would have failed one that was passed, is not named."""
    assert said_of(grader, bank[OF_TWO], [bank[SMALLER]]) == set()
