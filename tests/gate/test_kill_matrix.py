"""The kill matrix and the gate's complaints, on a tiny assignment."""

import io
import pickle
import warnings

from rich.console import Console

from grader.bank.entries import load_mistakes
from grader.commands.validate import check_table, mistake_table, part_table
from grader.gate.kill_matrix import (
    assemble,
    families_in_reach,
    kill_matrix,
    kill_rows,
    solution_row,
    used_by_families,
)
from grader.results import Outcome

TEMPLATE = '''import numpy as np
from grader.bank import mistake


@mistake({part!r}, scope={scope!r})
class {name}:
    """It is wrong."""

    {code}
'''


def mistake(write, name, code, part="double", scope="homework"):
    """Write a mistake that replaces one of the solution's functions."""
    text = TEMPLATE.format(name=name, part=part, scope=scope, code=code.replace("\n", "\n    "))
    write("mistakes", name, text)


def good_bank(write):
    """Write a bank that satisfies the gate."""
    mistake(write, "triples", "def double(x):\n    return 3 * x")
    mistake(write, "absolute", "def double(x):\n    return 2 * np.abs(x)", scope="beyond")
    mistake(write, "stays", "def shift(x):\n    return x", "shift.up")


def matrix_of(bench):
    """Return the kill matrix of the bench's bank."""
    return kill_matrix(bench, load_mistakes(bench.assignment.folder))


def test_a_good_bank_has_no_problems(bench, write):
    """Where every mistake is caught by its parts alone and every check catches one, all is well."""
    good_bank(write)
    assert matrix_of(bench).problems == matrix_of(bench).holes == ()


def add_check(bench, text):
    """Put one more check behind those of the tiny assignment."""
    checks = bench.assignment.folder / "checks" / "test_tiny.py"
    checks.write_text(checks.read_text(encoding="utf-8") + f"\n{text}", encoding="utf-8")


def test_the_matrix_says_who_catches_whom(bench, write):
    """Rows and columns tell which checks catch a mistake and which mistakes a check catches."""
    good_bank(write)
    matrix = matrix_of(bench)
    absolute, stays, triples = matrix.mistakes
    double, negative, shift = matrix.columns
    assert matrix.caught_by(triples) == (double, negative)
    assert matrix.caught_by(absolute) == (negative,)
    assert matrix.catches_of(shift) == (stays,)
    assert matrix.outcomes[2] == (Outcome.FAILED, Outcome.FAILED, None)


def test_a_mistake_that_nobody_catches_fails_the_gate(bench, write):
    """A mistake that passes the checks of a part it names is a problem, whatever else catches it."""
    good_bank(write)
    mistake(write, "right", "def double(x):\n    return 2 * x")
    mistake(write, "only_beyond", "def double(x):\n    return 2 * np.abs(x)")
    assert matrix_of(bench).problems == (
        "mistake only_beyond: no homework check of double catches it",
        "mistake right: no homework check of double catches it",
    )


def test_a_mistake_that_costs_other_points_fails_the_gate(bench, write):
    """A mistake beyond the assignment that costs points, or one that costs them in another part, is a problem."""
    good_bank(write)
    mistake(write, "dear", "def double(x):\n    return 3 * x", scope="beyond")
    mistake(write, "spills", "def twice(x):\n    return 3 * x", "shift.up")
    assert matrix_of(bench).problems == (
        "mistake dear: costs points in double, against its parts and scope",
        "mistake spills: no homework check of shift.up catches it",
        "mistake spills: costs points in double, against its parts and scope",
    )


def test_a_check_that_catches_nothing_fails_the_gate(bench, write):
    """A check that every mistake passes is a problem."""
    mistake(write, "triples", "def double(x):\n    return 3 * x")
    mistake(write, "stays", "def shift(x):\n    return x", "shift.up")
    add_check(bench, '@part("double")\ndef test_idle(student):\n    """Runs."""\n    student.double(1)\n')
    (hole,) = matrix_of(bench).holes
    assert hole.startswith("check double:idle catches no mistake")


def test_a_part_without_mistake_fails_the_gate(bench, write):
    """A part that no mistake names is a problem, and so is its idle check."""
    mistake(write, "triples", "def double(x):\n    return 3 * x")
    mistake(write, "same", "def shift(x):\n    return x + 1", "double")
    assert "part shift.up has no mistake: add one" in matrix_of(bench).holes


def test_what_no_mistake_reaches_is_a_hole_as_well(bench):
    """Parts and checks are those of the assignment: without any mistake, all of them are holes."""
    assert matrix_of(bench).holes == (
        *(
            f"check {each} catches no mistake: add one that needs it, or drop it"
            for each in ("double:double", "double:negative", "shift.up:shift")
        ),
        "part double has no mistake: add one",
        "part shift.up has no mistake: add one",
    )


def test_what_cannot_be_graded_here_is_no_hole(bench, write):
    """A part whose check needs data that is not here needs no mistake, and nor does the check."""
    good_bank(write)
    add_check(
        bench,
        '@part("shift.up")\ndef test_data(student, resources):\n    """Has data."""\n'
        '    from grader.checking import NotGraded\n    raise NotGraded("No data.")\n',
    )
    matrix = matrix_of(bench)
    assert [each.id for each in matrix.ungraded] == ["shift.up:data"]
    assert matrix.problems == matrix.holes == ()


def test_a_mistake_that_raises_is_caught(bench, write):
    """An exception in a mistake is a caught mistake, not a broken check."""
    good_bank(write)
    mistake(write, "raises", "def double(x):\n    return undefined")
    matrix = matrix_of(bench)
    assert matrix.problems == ()
    assert Outcome.ERROR in matrix.outcomes[[each.name for each in matrix.mistakes].index("raises")]


def test_what_a_mistake_divides_by_zero_is_no_news(bench, write):
    """A mistake that warns is caught like any other, and the warning is not printed."""
    mistake(write, "divides", "def double(x):\n    return np.divide(x, 0)")
    with warnings.catch_warnings(record=True) as heard:
        assert matrix_of(bench).problems == ()
    assert not heard


def test_a_check_that_breaks_fails_the_gate(bench, write):
    """A check that itself breaks on a mistake is a problem."""
    good_bank(write)
    add_check(
        bench,
        '@part("double")\ndef test_breaks(student):\n    """Breaks."""\n'
        '    if student.double(1) != 2:\n        raise KeyError("x")\n',
    )
    assert "mistake triples breaks check double:breaks instead of failing it" in matrix_of(bench).problems


def test_only_families_in_reach_are_tried(bench, write):
    """A mistake concerns the families whose checks call something that can use it."""
    good_bank(write)
    mistake(write, "early", "def twice(x):\n    return x")
    mistake(write, "nowhere", "def once(x):\n    return 0")
    used = used_by_families(bench)
    assert used == {"double": {"double", "twice"}, "shift": {"shift"}}
    mistakes = load_mistakes(bench.assignment.folder)
    assert {each.name: families_in_reach(each, bench, used) for each in mistakes} == {
        "triples": {"double"},
        "absolute": {"double"},
        "stays": {"shift"},
        "early": {"double"},
        "nowhere": set(),
    }


def test_families_share_what_their_checks_call(bench, write):
    """A check that calls another family's function is tried on that function's mistakes too."""
    good_bank(write)
    add_check(
        bench,
        '@part("double")\ndef test_both(student):\n    """Both."""\n    student.shift(student.double(1))\n',
    )
    assert used_by_families(bench)["double"] == {"double", "twice", "shift"}


def test_rows_of_several_processes_make_one_matrix(bench, write):
    """Rows made one by one, and sent through a pickle, make the same matrix."""
    good_bank(write)
    mistakes = load_mistakes(bench.assignment.folder)
    rows = [row for each in mistakes for row in pickle.loads(pickle.dumps(kill_rows(bench, [each])))]  # noqa: S301  # our own bytes
    assert assemble(bench.assignment, mistakes, rows, solution_row(bench)) == matrix_of(bench)


def test_tables_hold_every_mistake_part_and_check(bench, write):
    """The three tables print every mistake, part and check, brackets of parameters included."""
    good_bank(write)
    checks = bench.assignment.folder / "checks" / "test_tiny.py"
    text = checks.read_text(encoding="utf-8").replace(
        '@part("shift.up")\ndef test_shift(student, reference)',
        'import pytest\n\n@part("shift.up")\n@pytest.mark.parametrize("by", [1], ids=["by1"])\n'
        "def test_shift(student, reference, by)",
    )
    checks.write_text(text, encoding="utf-8")
    matrix = matrix_of(bench)
    console = Console(file=io.StringIO(), width=200)
    for table in (mistake_table, part_table, check_table):
        console.print(table(matrix))
    printed = console.file.getvalue()
    assert all(name in printed for name in ("absolute", "stays", "triples", "double 2/2", "shift.up 1/1"))
    assert "shift.up:shift[by1]" in printed


def test_a_mistake_is_no_tampering(bench, write):
    """A check that takes an honest mistake for tampering is a problem."""
    good_bank(write)
    add_check(
        bench,
        '@part("double")\ndef test_suspects(student):\n    """Suspects."""\n'
        "    from grader.checking import Tampered\n"
        '    if student.double(1) != 2:\n        raise Tampered("It looks copied.")\n',
    )
    assert "mistake triples: check double:suspects calls it tampering" in matrix_of(bench).problems
