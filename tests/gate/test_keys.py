"""Nothing is drawn by lot: a mistake gets the same points under every course key."""

from __future__ import annotations

from grader.bank.entries import load_mistakes
from grader.gate.keys import KEYS, KEYS_OF_DRAWING, TRIALS, further_keys, lots
from grader.gate.kill_matrix import trial
from tests.gate.test_kill_matrix import add_check, mistake

DRAWN = '''
@part("double")
def test_drawn(student, reference, rng):
    """Doubles a number that is drawn."""
    x = rng.normal(size=1)
    assert_matches(student.double(x), reference.double(x))
'''


def lots_of(bench, count: int) -> list[str]:
    """Return what is drawn by lot of the tiny bank's only mistake under some more keys."""
    (entry,) = load_mistakes(bench.assignment.folder)
    keys = [f"key {number}".encode() for number in range(count)]
    return list(lots(bench, entry, trial(bench, entry), keys))


def test_a_verdict_that_depends_on_the_draw_is_a_problem(bench, write) -> None:
    """A check that catches a mistake in some draws alone is named once, with the mistake."""
    mistake(write, "positive_only", "def double(x):\n    return np.where(x > 0, 2 * x, x)")
    add_check(bench, DRAWN)
    (problem,) = lots_of(bench, 12)
    assert "positive_only: double:drawn is drawn by lot" in problem


def test_what_is_always_caught_is_none(bench, write) -> None:
    """A check that catches a mistake in every draw is fair, and so is advice that does not count."""
    mistake(write, "triples", "def double(x):\n    return 3 * x")
    add_check(bench, DRAWN)
    assert lots_of(bench, 12) == []


def test_what_draws_meets_more_keys(bench, write) -> None:
    """Two keys at least are tried, more of a small bank, and twenty of what draws itself or where all is asked for."""
    mistake(write, "triples", "def double(x):\n    return 3 * x")
    mistake(write, "unsteady", "def double(x):\n    return x + np.random.rand()")
    triples, unsteady = load_mistakes(bench.assignment.folder)
    counts = [len(further_keys(bench, triples, full=False, mistakes=size)) for size in (1000, 300, 18)]
    assert counts == [KEYS - 1, TRIALS // 300 - 1, KEYS_OF_DRAWING - 1]
    assert len(further_keys(bench, triples, full=True)) == KEYS_OF_DRAWING - 1
    assert len(further_keys(bench, unsteady, full=False)) == KEYS_OF_DRAWING - 1
