"""Each mistake that is handed in is named as itself, and no two are one to every check."""

from __future__ import annotations

from grader.bank.entries import load_mistakes
from grader.checking.trusted import trusted_student
from grader.gate.kill_matrix import context_of_trial, run_trials
from grader.gate.recognition import MANY, Named, Recognition, figures_of, problems_of, recognise
from tests.gate.test_kill_matrix import add_check, mistake


def recognised(bench, modules) -> tuple[tuple, list[Recognition]]:
    """Hand every mistake of the tiny bank in."""
    mistakes = load_mistakes(bench.assignment.folder)
    context = context_of_trial(bench, trusted_student({"double": modules["tiny.answers"]}))
    records = run_trials(bench, mistakes)
    found = [recognise(bench, context, *each, mistakes) for each in zip(mistakes, records, strict=True)]
    return mistakes, found


def test_a_mistake_is_named_as_itself(bench, modules, write) -> None:
    """What gives numbers of its own is recognised, zeros are not, and what only raises is not counted."""
    mistake(write, "adds_some", "def double(x):\n    return 2.3 + x")
    mistake(write, "gives_zeros", "def double(x):\n    return 0 * x")
    mistake(write, "raises", "def double(x):\n    return undefined")
    mistakes, found = recognised(bench, modules)
    assert [each.named for each in found] == [Named.ITSELF, Named.WITHOUT_OWN_VALUE, Named.WITHOUT_VALUE]
    assert list(figures_of(mistakes, found)) == [
        "handed in, 1 of 2 mistakes with a wrong value are named as themselves (50.0%), 0 as another",
        "not named: gives_zeros",
    ]
    assert list(problems_of(mistakes, found)) == []


def test_a_mistake_that_raises_in_its_own_check_is_told_of(bench, modules, write) -> None:
    """A submission that makes it and does not raise there contradicts it, so that nothing would be said."""
    mistake(write, "adds_some", "def double(x):\n    return 2.3 + x if np.ndim(x) else undefined")
    add_check(
        bench,
        '@part("double")\ndef test_single(student):\n    """Single."""\n    assert_matches(student.double(2.0), 4.0)\n',
    )
    mistakes, found = recognised(bench, modules)
    assert list(figures_of(mistakes, found))[1:] == [
        "named only where a submission raises, too: adds_some in double:single"
    ]


def test_too_many_without_a_name_are_a_problem(bench, modules, write) -> None:
    """What draws without a seed is not named, and one may be; whole numbers do not count in a small bank."""
    mistake(write, "gives_zeros", "def double(x):\n    return 0 * x")
    mistake(write, "gives_ones", "def double(x):\n    return 0 * x + 1")
    mistake(write, "draws", "def double(x):\n    return x + np.random.rand(2)")
    assert list(problems_of(*recognised(bench, modules))) == []
    mistake(write, "draws_too", "def double(x):\n    return x - np.random.rand(2)")
    (problem,) = problems_of(*recognised(bench, modules))
    assert problem.startswith("2 of 4 mistakes with a wrong value are not named")


def test_of_a_large_bank_all_count(bench, modules, write) -> None:
    """Of many mistakes nearly all must be named, whatever they give."""
    mistake(write, "adds_some", "def double(x):\n    return 2.3 + x")
    mistakes, found = recognised(bench, modules)
    whole = Recognition(Named.WITHOUT_OWN_VALUE, {})
    one = [each for each in problems_of(mistakes * MANY, [*found * (MANY - 1), whole]) if "not named" in each]
    assert one == []
    few = [
        each
        for each in problems_of(mistakes * MANY, [*found * (MANY - 3), *[whole] * 3])
        if "not named" in each
    ]
    assert len(few) == 1


def test_twins_are_a_problem(bench, modules, write) -> None:
    """Two mistakes that give the same everywhere are one, and neither can be named."""
    mistake(write, "adds_some", "def double(x):\n    return 2.3 + x")
    mistake(write, "adds_some_more", "def double(x):\n    return x + 1.3 + 1")
    mistakes, found = recognised(bench, modules)
    assert {each.named for each in found} == {Named.NOT_AT_ALL}
    assert list(problems_of(mistakes, found))[-1] == (
        "mistakes adds_some and adds_some_more are one to every check: drop one, or add a check"
    )
