"""Tests run inside, in the notebook's own process, and what is not judged by its own means is not believed."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.course import inside
from grader.course.assignment import AssignmentError
from grader.course.inside import InsideTest, parse_tests
from grader.notebooks.inside import NOT_WRITTEN
from grader.reporting.grades_json import json_entry
from grader.reporting.page import check_title
from grader.results import CheckResult, Outcome
from grader.sandbox import Isolation
from tests.notebooks.inside_course import Bench, answer, write_course


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory, isolation: Isolation) -> Bench:
    """A course with one notebook and two parts that are judged inside."""
    return Bench(write_course(tmp_path_factory.mktemp("course")), isolation)


WRONG = "def squares(n):\n    return [1]"
"""Passes the visible test of its part and not the hidden one."""


def test_a_right_notebook_earns_everything_and_says_where_it_was_judged(bench: Bench) -> None:
    """Each result says that it was judged inside."""
    report = bench.report()
    assert (report.score, report.max_score, report.flags) == (6.0, 6.0, ())
    assert {check.judged for check in report.checks} == {"inside"}


def test_each_test_earns_its_own_points(bench: Bench) -> None:
    """A test that fails costs its own points alone."""
    checks = bench.checks(squares=WRONG)
    assert (checks["squares:visible"].points, checks["squares:hidden"].points) == (1.0, 0.0)
    assert checks["mean:close"].points == 2.0


def test_a_hidden_test_shows_students_nothing_of_itself(bench: Bench) -> None:
    """Of a hidden test students read what its author wrote for them; staff read the line."""
    hidden = bench.checks(squares=WRONG)["squares:hidden"]
    assert hidden.message == "Try a larger number. A hidden test failed."
    assert "assert squares(3)" in hidden.staff_note


def test_a_public_test_shows_the_line_that_failed_from_its_own_copy(bench: Bench) -> None:
    """Nothing that the notebook says about a failure is shown to students."""
    loud = "def squares(n):\n    raise AssertionError('SECRET')"
    visible = bench.checks(squares=loud)["squares:visible"]
    assert visible.message == "The test failed at: assert squares(1) == [1]"
    assert "SECRET" in visible.staff_note


def test_of_a_test_with_hidden_lines_students_read_the_line_that_they_have(
    tmp_path: Path, isolation: Isolation
) -> None:
    """Where a line failed that the released cell shows, it is told; a hidden one is not."""
    mixed = "# %% tests\n# hidden = true\nassert squares(1) == [1]\nn = 3\nassert squares(n) == [1, 4, 9]\n"
    bench = Bench(write_course(tmp_path, tests={"squares": mixed}), isolation, only="squares")
    seen = bench.checks(squares="def squares(n):\n    return []")["squares:tests"]
    assert seen.message == "The test failed at: assert squares(1) == [1]"
    assert bench.checks(squares=WRONG)["squares:tests"].message == "A hidden test failed."


def test_an_empty_answer_earns_nothing(bench: Bench) -> None:
    """What is not there is an error of the test; a stub that nobody touched is not written yet, whatever fails."""
    checks = bench.checks(squares=answer("pass"), mean=answer(""))
    assert not any(check.points for check in checks.values())
    assert {checks[f"squares:{name}"].outcome for name in ("visible", "hidden")} == {Outcome.ERROR}
    stub = checks["mean:close"]
    assert (stub.outcome, stub.message) == (Outcome.NOT_IMPLEMENTED, NOT_WRITTEN)
    assert "NameError" in stub.staff_note


def test_a_notebook_that_was_not_handed_in_earns_nothing(bench: Bench) -> None:
    """A missing notebook is said to be missing."""
    from grader.intake import prepare  # noqa: PLC0415  # one test's own need

    report = bench.grader.grade_submission(
        prepare("ben", {"other.py": "x = 1"}, bench.grader.assignment, bench.grader.release)
    )
    assert report.score == 0.0
    assert all("not handed in" in check.message for check in report.checks)


def test_a_notebook_that_ends_its_process_costs_the_test_in_which_it_does(bench: Bench) -> None:
    """The cells before run again in a fresh process, and the tests that follow are judged."""
    checks = bench.checks(squares="import os\ndef squares(n):\n    os._exit(0)")
    assert checks["squares:hidden"].points == 0.0
    assert checks["mean:close"].points == 2.0


def test_names_of_python_mean_python_s_own_in_a_test(bench: Bench) -> None:
    """A student's own function called `len` neither helps nor harms the answer."""
    own = "\nlen = range = lambda *_anything: 0\nnumber = 7"
    assert bench.report(
        squares=f"def squares(n):\n    return [i * i for i in __builtins__.range(1, n + 1)]{own}"
    ).score
    assert bench.checks(squares=WRONG + own)["squares:hidden"].points == 0.0


ATTACKS = {
    "the helper of the assertion rebound": "assert_close = lambda *a, **k: None\ndef mean(v): return 7",
    "the helper rebound by a function of its name": "def assert_close(a, b): pass\ndef mean(v): return 7",
    "NumPy replaced by a class": "class np:\n    isclose = lambda *a: True\nassert_close = lambda *a: None\nmean = len",
    "a function of NumPy replaced": "np.isclose = lambda *a, **k: True\ndef mean(v): return 1.5",
    "the testing module patched": (
        "import numpy.testing as t\n"
        "t._private.utils.assert_array_compare.__code__ = (lambda *a, **k: None).__code__\n"
        "np.isclose = lambda *a, **k: True\ndef mean(v): return 7"
    ),
    "a function's code replaced in place": (
        "assert_close.__wrapped__ = None\n"
        "getattr(assert_close, '__wrapped__', assert_close)\n"
        "assert_close.__code__ = (lambda *a, **k: None).__code__\n"
        "np.isclose.__code__ = (lambda *a, **k: True).__code__\ndef mean(v): return 7"
    ),
    "NumPy patched while the test runs": (
        "def mean(v):\n    np.isclose = lambda *a, **k: True\n    return 1.5"
    ),
    "a builtin replaced": (
        "import builtins\nclass Fine(Exception): pass\nbuiltins.AssertionError = Fine\n"
        "np.isclose = lambda *a: True\ndef mean(v): return 1.5"
    ),
    "another NumPy where it is imported from": (
        "import sys, types\nfake = types.ModuleType('numpy')\nfake.isclose = lambda *a: True\n"
        "assert_close = lambda *a: None\nsys.modules['numpy'] = np = fake\ndef mean(v): return 7"
    ),
    "an exit": "import sys\ndef mean(v): sys.exit(0)",
    "an exit that is an interrupt": "def mean(v): raise KeyboardInterrupt",
    "an end of the process": "import os\ndef mean(v): os._exit(0)",
    "a jump over the assertion": (
        "import sys\n"
        "def mean(v):\n"
        "    frame = sys._getframe(1)\n"
        "    def jump(f, event, _):\n"
        "        if event == 'line':\n"
        "            f.f_lineno = 2\n"
        "        return jump\n"
        "    frame.f_trace = jump\n"
        "    sys.settrace(jump)\n"
        "    return 7"
    ),
    "a transformer of the shell's": (
        "import ast\n"
        "class Drop(ast.NodeTransformer):\n"
        "    def visit_Assert(self, node): return ast.Pass()\n"
        "get_ipython().ast_transformers.append(Drop())\n"
        "def mean(v): return 7"
    ),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_on_a_test_is_worth_nothing(bench: Bench, name: str) -> None:
    """Whoever changes what a test judges by earns nothing, and where it would have passed staff are told."""
    report = bench.report(mean=ATTACKS[name])
    found = next(check for check in report.checks if check.part == "mean")
    assert found.points == 0.0
    if found.outcome is Outcome.TAMPERED:
        assert any(flag.kind == "tampering" and "mean:close" in flag.message for flag in report.flags)


def test_who_reads_the_source_of_a_test_finds_none(bench: Bench) -> None:
    """There is no source in the box; who looks into the frame of a test is pointed out to staff."""
    spy = (
        "import sys, linecache\nseen = []\n"
        "def squares(n):\n"
        "    frame = sys._getframe(1)\n"
        "    seen.append(''.join(linecache.getlines(frame.f_code.co_filename)))\n"
        "    seen.append(str([each for each in In if 'squares(3)' in each and 'In' not in each]))\n"
        "    assert not any('9' in each for each in seen)\n"
        "    return [i * i for i in range(1, n + 1)]"
    )
    report = bench.report(squares=spy)
    assert report.score == 6.0
    assert any("squares:hidden" in flag.message and "sys._getframe" in flag.message for flag in report.flags)


@pytest.mark.parametrize(
    "spy",
    [
        "try:\n        1 / 0\n    except ZeroDivisionError as e:\n        e.__traceback__.tb_frame.f_back",
        "import gc; gc.get_objects()",
        "import inspect; inspect.currentframe()",
        "import inspect; inspect.stack()",
    ],
)
def test_every_way_to_a_running_test_is_pointed_out(bench: Bench, spy: str) -> None:
    """Tracebacks, the collector and `inspect` lead to a test as well."""
    code = f"def squares(n):\n    {spy}\n    return [i * i for i in range(1, n + 1)]"
    assert any("looked at the test" in flag.message for flag in bench.report(squares=code).flags)


def test_an_object_that_equals_everything_is_pointed_out(bench: Bench) -> None:
    """It passes, since asserts ask the object; staff are told what it is."""
    sly = "class Any(list):\n    def __eq__(self, other): return True\n    def __len__(self): return 0\nsquares = Any"
    assert any("__eq__" in flag.message for flag in bench.report(squares=sly).flags)


@pytest.mark.parametrize(
    "innocent",
    [
        "from math import sqrt, fsum\nimport numpy\ndef mean(v): return fsum(v) / len(v)",
        "np.random.seed(3)\nnp.set_printoptions(precision=3)\nnp.seterr(all='ignore')\ndef mean(v): return np.mean(v)",
        "import numpy as np\nfrom numpy.testing import assert_allclose as assert_close\ndef mean(v): return np.mean(v)",
        "sum = sum([1])\ndef mean(v): return np.add.reduce(v) / len(v)",
        "import collections, warnings\nwarnings.warn('x')\ndef mean(v):\n"
        "    collections.namedtuple('P', 'x')\n    return np.mean(v)",
        "%timeit -n 1 -r 1 np.linalg.inv(np.eye(3))\nimport scipy_is_not_here\ndef mean(v): return 0",
    ],
)
def test_what_people_do_is_no_attack(bench: Bench, innocent: str) -> None:
    """Imports again, options of NumPy and names of one's own cost nothing and flag nothing."""
    report = bench.report(mean=innocent)
    assert not report.flags
    assert report.score == (4.0 if "return 0" in innocent or "is_not_here" in innocent else 6.0)


def graded(
    tmp_path: Path, isolation: Isolation, text: str, more: str = "", **cells: str
) -> list[CheckResult]:
    """Grade with other tests of `squares`; return their results."""
    bench = Bench(write_course(tmp_path, more, {"squares": text}), isolation)
    return [check for check in bench.report(**cells).checks if check.part == "squares"]


def test_a_number_at_the_end_of_a_test_is_what_it_earns(tmp_path: Path, isolation: Isolation) -> None:
    """Partial credit, as in nbgrader: the last value says how many of the points."""
    few = "def squares(n): return [1] * 3"
    (found,) = graded(tmp_path, isolation, "# %% some\nlen(squares(8)) / 2", squares=few)
    assert (found.points, found.max_points, found.message) == (1.5, 4.0, "It earns 1.5 of 4 points.")


def test_a_test_may_ask_for_what_is_put_out(tmp_path: Path, isolation: Isolation) -> None:
    """It is the test's value and what it prints, as in a doctest."""
    one = '# %% same\n# output = "hello\\n[1]\\n"\nprint("hello")\nsquares(1)'
    text = f'{one}\n\n# %% other\n# output = "[1, 4]"\nsquares(2)'
    same, other = graded(tmp_path, isolation, text, squares=WRONG)
    assert (same.outcome, other.outcome) == (Outcome.PASSED, Outcome.FAILED)


def test_what_a_test_assigns_is_taken_back_unless_its_part_carries_it(
    tmp_path: Path, isolation: Isolation
) -> None:
    """A name that a test uses for itself does not replace the student's."""
    text = "# %% one\nsquares = None\nleft = 1\n\n# %% two\nassert squares(1) == [1]\nassert 'left' not in globals()"
    one, two = graded(tmp_path, isolation, text)
    assert (one.outcome, two.outcome) == (Outcome.PASSED, Outcome.PASSED)


@pytest.mark.parametrize(
    "attack",
    [
        "import math\nmath.isclose = lambda *a, **k: True",
        "import unittest\nunittest.TestCase.assertEqual = lambda *a: None",
        "import statistics\nstatistics.fmean = lambda v: 1.0",
        "import sys, types\nsys.modules['statistics'] = types.SimpleNamespace(fmean=lambda v: 1.0)",
        "import operator\noperator.eq = lambda a, b: True",
    ],
)
def test_whatever_a_test_imports_must_be_what_it_was(
    tmp_path: Path, isolation: Isolation, attack: str
) -> None:
    """Modules of the standard library, and what of them is imported where."""
    text = (
        "# %% one\nimport math, operator, statistics, unittest\n"
        "assert math.isclose(statistics.fmean(squares(1)), 1.0)\n"
        "unittest.TestCase().assertEqual(operator.eq(squares(1), [1]), True)"
    )
    (found,) = graded(tmp_path, isolation, text, squares=f"{attack}\ndef squares(n): return [1.0]")
    assert found.outcome is Outcome.TAMPERED


def test_names_that_a_test_gives_a_meaning_of_its_own_are_its_own(
    tmp_path: Path, isolation: Isolation
) -> None:
    """Parameters, loop variables and names in comprehensions may be called as Python calls something."""
    text = (
        "# %% one\ndef larger(max, *, min): return max > min\nassert larger(2, min=1)\n"
        "assert [id for id in squares(2)] == [1, 4]\n"
        "assert all(len(list) > abs(-1) for list in [squares(2)])\n"
        "class Error(ValueError): pass"
    )
    (found,) = graded(tmp_path, isolation, text)
    assert found.outcome is Outcome.PASSED, found


def test_a_test_that_is_no_python_breaks_the_assignment_and_no_submission(
    tmp_path: Path, isolation: Isolation
) -> None:
    """Who grades is told which file to mend."""
    with pytest.raises(AssignmentError, match="a test is no Python"):
        graded(tmp_path, isolation, "# %% one\nassert squares(1")


def test_one_part_can_be_graded_alone(tmp_path: Path, isolation: Isolation) -> None:
    """With --only, the tests of the other parts do not run."""
    bench = Bench(write_course(tmp_path), isolation, only="mean")
    assert set(bench.checks()) == {"mean:close"}


def test_a_test_that_fails_on_the_solution_costs_nobody_points(tmp_path: Path, isolation: Isolation) -> None:
    """It leaves the total, and staff read why."""
    text = "# %% broken\nassert squares(1) == [2]\n\n# %% fine\nassert squares(1) == [1]"
    broken, fine = graded(tmp_path, isolation, text)
    assert (broken.outcome, broken.max_points, fine.points) == (Outcome.GRADER_ERROR, 0.0, 4.0)


@pytest.mark.parametrize(
    ("seed", "same"),
    [
        ("value = 3", "np.random.rand() == before"),
        ('value = 3\nvariable = "given"', "given == 3 and given_too == 1"),
    ],
)
def test_random_numbers_are_the_same_for_everybody(
    tmp_path: Path, isolation: Isolation, seed: str, same: str
) -> None:
    """Generators start from the seed before each cell, or a variable holds it."""
    more = f"[notebooks.seed]\n{seed}\n"
    (found,) = graded(
        tmp_path,
        isolation,
        f"# %% seeded\nassert {same}",
        more,
        squares="def squares(n): return [1]\nbefore = np.random.rand()\ngiven = 1\ngiven_too = 1",
    )
    assert found.outcome is Outcome.PASSED, found


def test_tests_come_back_from_their_file_as_they_were_written() -> None:
    """What an importer writes is what the grader reads."""
    tests = (
        InsideTest(name="a-1", source="# a comment\nassert 1", points=2.0, hidden=True, failure='say "no"'),
        InsideTest(name="b", source="print(1)", output="1\n", success="Fine."),
    )
    assert parse_tests(inside.tests_text("Squares", tests), "squares.py") == tests


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("assert 1", "has no test"),
        ("# %% a\n1\n# %% a\n2", "two tests named a"),
        ("# %% a\n# pionts = 1\n1", "squares.py, line 1"),
        ("# %% a\n# points = 0\n1", "no test has points"),
        ("# %% a\n# what I think\n1", "must be TOML"),
    ],
)
def test_a_file_of_tests_that_cannot_be_read_says_where(text: str, said: str) -> None:
    """The message names file and line, and what to write."""
    with pytest.raises(AssignmentError, match=said):
        parse_tests(text, "squares.py")


def test_pages_and_grades_say_inside(bench: Bench) -> None:
    """Whoever reads a result reads where it was judged."""
    report = bench.report()
    assert '"judged": "inside"' in json_entry(report)
    assert all("(judged inside)" in check_title(check) for check in report.checks)
