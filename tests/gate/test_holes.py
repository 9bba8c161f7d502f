"""The gate has no holes: what an author forgot, or got wrong, is said before anything is released."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from grader.bank.samples import solution_modules
from grader.commands.validate import run_validate
from grader.gate.gate import check_ends, grade_files
from grader.gate.timings import _grade_chunk, uncertified, workloads
from grader.grading import Grader, load_grader
from grader.plan import GradingPlan
from grader.results import Outcome
from grader.sandbox import choose_isolation

PART = """
[[parts]]
id = "{name}"
symbol = "{symbol}"
points = {points}
title = "{name}"
"""

ASSIGNMENT = """
id = "{id}"
version = "1"
title = "Averages"
[folders]
solution = "assignments/{id}/solution"
starter = "assignments/{id}/starter"
[release]
answers = ["{package}/averages.py"]
given = ["{package}/__init__.py"]
[[layouts]]
name = "own"
answers = {{ "{package}/averages.py" = "{package}/averages.py" }}
given = {{ "{package}/__init__.py" = "{package}/__init__.py" }}
"""

FUNCTION = """
def {name}(x):
    out = None
    # ================================================================ #
    # YOUR CODE HERE:
    #   Store it as "out".
    # ================================================================ #
    out = {answer}
    # ================================================================ #
    # END YOUR CODE HERE
    # ================================================================ #
    return out
"""

CHECKS = """
import numpy as np
from grader.checking import Inconclusive, NotGraded, assert_matches, beyond, part
from grader.instruments.timing import TimingPlan, measure

@part("mean")
def test_mean(student, reference, rng):
    '''The mean is right.'''
    x = rng.normal(size=6)
    assert_matches(student.mean(x), reference.mean(x))

@part("total")
def test_total(student, reference, rng):
    '''The total is right.'''
    x = rng.normal(size=6)
    assert_matches(student.total(x), reference.total(x))
"""

MISTAKES = """
from grader.bank import mistake

@mistake("mean")
def mean_of_squares(x):
    '''The entries are squared first.'''
    return (x * x).mean()

@mistake("total", replaces="total")
def total_of_all_but_one(x):
    '''The last entry is missing.'''
    return x[:-1].sum()
"""

VARIANTS = """
from grader.bank import variant

@variant()
def by_a_sum(x):
    '''A sum over a count.'''
    return sum(x) / len(x)
"""


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Return a writer of a course of one assignment of two parts that has no holes, but for what it is given."""
    name = re.sub(
        r"[^a-z0-9]", "", tmp_path.name.lower()
    )  # modules stay loaded, so each test has a package of its own
    monkeypatch.syspath_prepend(str(tmp_path))

    def write(
        checks: str = CHECKS,
        parts: Mapping[str, tuple[str, float]] = {"mean": ("mean", 10), "total": ("total", 5)},
        mistakes: str = MISTAKES,
        variants: str = VARIANTS,
        head: str = "",
        timed: str = "",
    ) -> Path:
        functions = {"mean": "x.mean()", "total": "x.sum()"}
        code = "".join(FUNCTION.format(name=each, answer=answer) for each, answer in functions.items())
        solution = f"import numpy as np\n\n{code}"
        lines = "".join(
            PART.format(name=each, symbol=symbol, points=points) for each, (symbol, points) in parts.items()
        )
        stub = re.sub(r"    out = x\.\w+\(\)\n", "    pass\n", solution)
        files = {
            "assignment.toml": head
            + ASSIGNMENT.format(id=name, package=name)
            + lines.replace('title = "mean"', f'title = "mean"\n{timed}'),
            f"solution/{name}/__init__.py": "",
            f"solution/{name}/averages.py": solution,
            f"starter/{name}/__init__.py": "",
            f"starter/{name}/averages.py": stub,
            "checks/test_averages.py": checks,
            "mistakes/mean.py": mistakes,
            "variants/mean.py": variants,
        }
        for path, text in files.items():
            target = tmp_path / "assignments" / name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            if text or path.endswith("__init__.py"):
                target.write_text(text, encoding="utf-8")
        return tmp_path / "assignments" / name

    return write


def grader_of(folder: Path) -> Grader:
    """Return the grader of a written course."""
    plan = GradingPlan(folder.parents[1], folder.name, choose_isolation(), "tests")
    return load_grader(plan)


def problems_of(folder: Path) -> list[str]:
    """Return what the gate holds against the solution and the stubs."""
    return check_ends(grader_of(folder))[1]


def more(part: str, body: str, asks: str = "student", mark: str = "part") -> str:
    """Return the checks with another one."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return f"{CHECKS}\n@{mark}({part!r})\ndef test_more({asks}):\n    '''More.'''\n{lines}"


def test_a_whole_course_passes(written, capsys: pytest.CaptureFixture[str]) -> None:
    """Where each part has its checks and each check its mistake, the whole gate has nothing to say."""
    folder = written()
    assert run_validate(folder.parents[1], folder.name, certify=False, matrix=False) == 0
    printed = capsys.readouterr().out
    assert f"{folder.name}: passed, in" in printed
    assert "2 mistakes, 2 checks" in printed


def test_a_part_without_a_check_fails(written) -> None:
    """Nobody can get the points of a part that no check judges, and the total falls short by them."""
    parts = {"mean": ("mean", 10), "total": ("total", 5), "essay": ("total", 40)}
    assert problems_of(written(parts=parts)) == [
        "part essay has no check: nobody can get its 40 points",
        "the checks give 15 points, and the parts have 55",
    ]


def test_advice_alone_gives_no_points(written) -> None:
    """A part whose checks all lie beyond the assignment has no check that counts."""
    (first, _) = problems_of(written(checks=CHECKS.replace('@part("total")', '@beyond("total")')))
    assert first == "part total has no check: nobody can get its 5 points"


def test_a_check_that_breaks_fails_and_is_named(written) -> None:
    """A name that the solution does not have is the check's fault: the line and the reason are said."""
    folder = written(checks=CHECKS.replace("reference.mean(x)", "reference.meann(x)"))
    (problem,) = problems_of(folder)
    assert problem.startswith("solution: check mean:mean breaks: AttributeError: ")
    assert "has no attribute 'meann'" in problem
    assert re.search(r"checks/test_averages\.py, line 10\)$", problem)


def test_a_check_that_cannot_decide_fails(written) -> None:
    """What the check says of the solution must be a verdict."""
    folder = written(checks=more("mean", 'raise Inconclusive("It is too close.")'))
    assert problems_of(folder) == [
        "solution: check mean:more cannot decide: It is too close.",
        "the stubs earn 5 points, in mean",
    ]


@pytest.mark.parametrize(("asks", "count"), [("student", 1), ("student, resources", 0)])
def test_only_what_may_be_missing_is_not_graded(written, asks: str, count: int) -> None:
    """A check that grades nothing needs a data set or weights that may be missing: else nobody ever gets its points."""
    checks = CHECKS.partition('@part("total")')[0] + more("total", "", asks).removeprefix(CHECKS)
    folder = written(checks=checks + '    raise NotGraded("There is no data here.")\n')
    assert len(problems_of(folder)) == count


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (
            "student.mean(lambda x: x)",
            'a value of type function cannot be passed into the box; make it there: student.define("lambda x: ...")',
        ),
        ("student.put(object())", "a value of type object cannot be passed into the box"),
        (
            "student.mean({'a': [object()]})",
            "a value of type object cannot be passed into the box",
        ),
    ],
)
def test_what_cannot_cross_is_the_check_s_fault(written, body: str, told: str) -> None:
    """A value that cannot cross into the box is named to the author, costs no student a point and is told to staff."""
    grader = grader_of(written(checks=more("mean", body)))
    (problem,) = check_ends(grader)[1]
    assert problem.startswith(f"solution: check mean:more breaks: TypeError: {told}")
    report = grade_files(grader, "ada", solution_modules(grader.repository, grader.assignment))
    (check,) = (each for each in report.checks if each.id == "mean:more")
    assert (check.outcome, check.max_points) == (Outcome.GRADER_ERROR, 0)
    assert report.score == report.max_score == 15
    (flag,) = (each for each in report.flags if each.kind == "broken_check")
    assert flag.message == f"check mean:more broke and took no points: TypeError: {told}"


def test_a_fixture_that_is_nowhere_is_named(written) -> None:
    """A check that asks for one of pytest's own, which no check has, is told what there is."""
    (problem,) = check_ends(grader_of(written(checks=more("mean", "pass", "student, tmp_path"))))[1]
    assert "LookupError: no fixture is called tmp_path; there are student, reference, " in problem


def test_a_part_that_judges_speed_says_of_what(written) -> None:
    """A check that takes the time, itself or in a helper, belongs to a part that is certified under load."""
    body = "speed(student)\n\n\ndef speed(student):\n    return measure and TimingPlan"
    folder = written(checks=more("mean", body).replace("    \n    \n    def speed", "\n\ndef speed"))
    grader = grader_of(folder)
    (problem,) = uncertified(grader.assignment)
    assert problem.startswith("part mean judges speed and is not certified: say what it times")


@pytest.mark.parametrize("name", ["assert_faster", "grader.assert_faster", "grader.checking.assert_faster"])
def test_a_speed_part_is_certified_under_load(written, name: str) -> None:
    """Whatever `assert_faster` is called, its part says what it times; slower answers then meet one verdict each."""
    body = f"""{name}(
    student.mean,
    than=lambda x: sum(number for number in x) / len(x),
    times=4,
    inputs=lambda number: (draw(number).normal(size=50_000),),
)"""
    imports = "import grader.checking\nfrom grader import assert_faster\n"
    checks = imports + more("mean", body, "student, draw")
    grader = grader_of(written(checks=checks, timed='timed = { call = "mean", slower = [3, 1000] }'))
    untimed = [each.model_copy(update={"timed": None}) for each in grader.assignment.parts]
    (problem,) = uncertified(grader.assignment.model_copy(update={"parts": tuple(untimed)}))
    assert problem.startswith("part mean judges speed and is not certified: say what it times")
    assert not list(uncertified(grader.assignment))
    met = [_grade_chunk(grader.plan, (load, range(2))) for load in workloads(grader.assignment)]
    assert met == [*2 * [Counter({Outcome.PASSED: 4})], Counter({Outcome.PASSED: 2, Outcome.FAILED: 2})]


def test_a_draft_lists_what_its_bank_lacks(written, capsys: pytest.CaptureFixture[str]) -> None:
    """A draft without a bank passes, and is told exactly the parts and checks without a mistake."""
    folder = written(mistakes="", variants="", head="draft = true\n")
    assert run_validate(folder.parents[1], folder.name, certify=False, matrix=False) == 0
    printed = capsys.readouterr().out
    assert re.findall(r"(?:check|part) (\S+) (?:catches|has) no mistake", printed) == [
        *("mean:mean", "total:total", "mean", "total")
    ]
    assert "passed as a draft" in printed


def test_a_draft_needs_sound_checks(written, capsys: pytest.CaptureFixture[str]) -> None:
    """Broken checks and totals that fall short are no holes of the bank."""
    checks = CHECKS.replace("reference.mean(x)", "reference.meann(x)")
    parts = {"mean": ("mean", 10), "total": ("total", 5), "essay": ("total", 40)}
    folder = written(checks, parts, mistakes="", variants="", head="draft = true\n")
    assert run_validate(folder.parents[1], folder.name, certify=False, matrix=False) == 1
    printed = " ".join(capsys.readouterr().out.split())
    assert "check mean:mean breaks" in printed
    assert "part essay has no check" in printed
    assert "3 problems: not to be released" in printed


def test_without_a_bank_what_is_no_draft_fails(written, capsys: pytest.CaptureFixture[str]) -> None:
    """The same bank that a draft may lack is missing from an assignment that is to be released."""
    folder = written(mistakes="", variants="")
    assert run_validate(folder.parents[1], folder.name, certify=False, matrix=False) == 1
    printed = " ".join(capsys.readouterr().out.split())
    assert "part total has no mistake: add one" in printed
    assert "there is no variant" in printed


def test_grading_needs_no_bank(written) -> None:
    """An assignment whose bank is still to be written grades submissions; nothing is diagnosed."""
    grader = grader_of(written(mistakes="", variants=""))
    files = solution_modules(grader.repository, grader.assignment)
    wrong = {path: text.replace(b"x.sum()", b"x.max()") for path, text in files.items()}
    report = grade_files(grader, "ada", wrong)
    assert (report.score, report.max_score) == (10, 15)
    assert not any(check.diagnosis for check in report.checks)
