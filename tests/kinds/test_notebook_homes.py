"""A notebook is the home of answers like a module: functions, classes and variables of its cells, under any name."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from grader.authoring.check_release import check_release
from grader.bank.entries import Mistake
from grader.bank.rebuild import as_files, as_modules, reach
from grader.course.assignment import cells_module, whole_module
from grader.course.repository import Course
from grader.intake.arrivals import Candidate
from grader.intake.contents import contents_of
from grader.intake.notebook_answers import with_notebook_answers
from grader.intake.release import ReleaseSource
from grader.reference import load_modules
from grader.results import Scope
from tests.authoring.strategies import code_cell, markdown_cell, notebook
from tests.kinds.course import Tiny, answer, function, make, outcomes, part, write

TOML = 'answers = ["HW3.ipynb"]\n[FOLDERS]\n' + part("scaled") + part("largest", kind="variable", points=5)
CHECKS = """
import numpy as np

@part("scaled")
def test_scaled(student, reference):
    \"\"\"Every number is scaled.\"\"\"
    assert_matches(student.scaled(np.arange(3.0)), reference.scaled(np.arange(3.0)))

@part("largest")
def test_largest(student, reference):
    \"\"\"It is the largest.\"\"\"
    assert_matches(student.largest, np.asarray(reference.largest))
"""
SCALED = function("scaled", "x", "out = FACTOR[-1] * x\n")
LARGEST = "largest = None\n" + answer("for each in M.ravel():\n    largest = max(largest or 0, each)\n")


def cells(scaled: str = SCALED, largest: str = LARGEST, *more: str) -> bytes:
    """Return the notebook with these answers."""
    sources = [
        "%matplotlib inline\nimport numpy as np\nimport matplotlib.pyplot as plt",
        "M = np.arange(6.0).reshape(2, 3)\nFACTOR = np.linspace(0, 2, 5)",
        scaled,
        "plt.plot(scaled(np.ones(3)) + 1);\ndisplay(M)",
        largest,
        "print(largest)",
        *more,
    ]
    return notebook(
        markdown_cell("# One", id="one"), *(code_cell(s, id=f"c{n}") for n, s in enumerate(sources))
    )


@pytest.fixture
def tiny(tmp_path: Path) -> Tiny:
    """Return a course whose only assignment is a notebook."""
    return make(tmp_path, TOML, CHECKS, {"HW3.ipynb": cells()})


def test_a_notebook_alone_is_an_assignment(tiny: Tiny) -> None:
    """No module is needed: the solution has all points, what students receive none, and nothing hidden is in it."""
    report = tiny.grade()
    assert outcomes(report) == {"scaled:scaled": "passed", "largest:largest": "passed"}
    assert report.flags == ()  # where checks run there is no matplotlib, which the released cells import
    starter = tiny.release()
    assert not check_release(tiny.assignment, tiny.root)
    assert {path.name for path in starter.iterdir()} == {"HW3.ipynb", "README.md", "pyproject.toml"}
    assert set(outcomes(tiny.grade(starter)).values()) == {"not_implemented"}


def test_its_cells_become_modules(tiny: Tiny) -> None:
    """One of the functions that are asked for with what they use, and one of all that runs for the variables."""
    tiny.release()
    release = ReleaseSource.of(Course(tiny.root), tiny.assignment)
    made = with_notebook_answers(contents_of("ada", {"work/hers.ipynb": cells()}), release).files
    functions, everything = (
        made[f"work/{module('HW3.ipynb')}"].decode() for module in (cells_module, whole_module)
    )
    assert "def scaled" in functions
    assert "largest" not in functions
    assert "for each in M.ravel()" in everything


@pytest.mark.parametrize("name", ["ada.ipynb", "HW3 (1).ipynb", "work/solved.ipynb"])
def test_any_name_will_do(tiny: Tiny, tmp_path: Path, name: str) -> None:
    """The notebook is known by its cells, and a file by itself is a submission."""
    path = write(tmp_path / "in", {name: cells()}) / name
    for candidate in (path, tmp_path / "in"):
        report = tiny.grader().grade(Candidate("ada", candidate))
        assert set(outcomes(report).values()) == {"passed"}


@pytest.mark.parametrize(
    ("notebook_of_hers", "expected"),
    [
        (cells(largest="largest = 5.0"), ("passed", "passed")),
        (cells(largest="largest = M.max()\nraise SystemError"), ("passed", "passed")),
        (cells(largest="raise ValueError\nlargest = 5.0"), ("passed", "not_implemented")),
        (cells(scaled="def scaled(x):\n    return x"), ("failed", "passed")),
        (cells(scaled="def scaled(x:\n    return x"), ("import_error", "passed")),
        (cells(largest="largest = M.min()"), ("passed", "failed")),
        (cells(largest="largest = 'five'"), ("passed", "failed")),
        (cells(largest="largest = object()"), ("passed", "failed")),
        (cells(SCALED, LARGEST, "M = None\nlargest = largest + 1"), ("passed", "failed")),
        (cells(SCALED, LARGEST, "while True: pass"), ("passed", "timeout")),
        (notebook(), ("not_implemented", "not_implemented")),
    ],
)
def test_cells_count_as_they_run(
    tiny: Tiny, tmp_path: Path, notebook_of_hers: bytes, expected: tuple[str, str]
) -> None:
    """A variable is what it is at the end; a cell that fails ends itself alone and costs no function."""
    toml = tiny.folder / "assignment.toml"
    toml.write_text(toml.read_text() + "\n[limits]\nimport_seconds = 2.0\n")
    folder = write(tmp_path / "ada", {"HW3.ipynb": notebook_of_hers})
    assert tuple(outcomes(tiny.grade(folder)).values()) == expected


@pytest.mark.parametrize(
    ("only", "expected", "most"),
    [
        (None, {"scaled:scaled", "largest:largest", "largest:five"}, 15.0),
        ("scaled", {"scaled:scaled"}, 10.0),
        ("largest", {"largest:largest", "largest:five"}, 5.0),
    ],
)
def test_only_one_part_has_its_own_goals_alone(
    tiny: Tiny, only: str | None, expected: set[str], most: float
) -> None:
    """Who asks for one part gets no check and no point of another one's goal, though the notebook runs."""
    toml = tiny.folder / "assignment.toml"
    goal = {"id": "five", "notebook": "HW3.ipynb", "cell": "c4", "value": "largest", "part": "largest"}
    told = "".join(f'{key} = "{value}"\n' for key, value in {**goal, "title": "It comes to 5."}.items())
    toml.write_text(f'{toml.read_text()}\n[[notebooks.goals]]\n{told}least = 5.0\nscope = "homework"\n')
    report = tiny.grade(notebooks=True, only=only)
    assert set(outcomes(report)) == expected
    assert set(outcomes(report).values()) == {"passed"}
    assert report.max_score == most
    assert [page.name for page in report.notebooks] == ["HW3.ipynb"]


def test_a_mistake_is_put_into_its_cell(tiny: Tiny) -> None:
    """The bank replaces an answer of a notebook as it does one of a module."""
    wrong = Mistake(
        "wrong", "", "", ("scaled",), Scope.HOMEWORK, "", ("scaled",), "def scaled(x):\n    return 0\n"
    )
    files = as_files(wrong, {"HW3.ipynb": cells()})
    changed = json.loads(files["HW3.ipynb"])["cells"][3]["source"]
    assert changed.endswith("\n\n\ndef scaled(x):\n    return 0\n")
    folder = write(tiny.root / "ada", files)
    report = tiny.grade(folder)
    assert outcomes(report)["scaled:scaled"] == "failed"


def test_a_mistake_reaches_what_is_computed_with_it(tiny: Tiny, capsys: pytest.CaptureFixture[str]) -> None:
    """In the gate, too, cells behind an answer compute with the mistake, one that fails ends alone, and none prints."""
    double = "twice = scaled(np.ones(5))[0]\nends = len(scaled(np.ones(5)))"
    (tiny.solution / "HW3.ipynb").write_bytes(cells(SCALED, LARGEST + f"print(largest)\n{double}"))
    wrong = Mistake(
        "wrong", "", "", ("scaled",), Scope.HOMEWORK, "", ("scaled",), "def scaled(x):\n    return x[:1]\n"
    )
    modules = load_modules(tiny.assignment, [str(tiny.solution)])
    capsys.readouterr()
    found = as_modules(wrong, modules)["ends"]
    assert (found.ends, found.twice, found.largest) == (1, 1.0, 5.0)
    assert capsys.readouterr().out == ""
    assert "scaled" in reach("ends", modules)
    failing = replace(wrong, code="def scaled(x):\n    return None\n")
    assert as_modules(failing, modules)["largest"].largest == 5.0


def test_the_variable_of_a_module_is_a_part(tmp_path: Path) -> None:
    """A constant of a module is asked for by its name, whatever its kind."""
    toml = (
        'answers = ["hw1.py"]\n[FOLDERS]\n'
        + part("CAPITAL", kind="variable")
        + part("DIGITS", kind="variable")
    )
    checks = """
@part("CAPITAL")
def test_capital(student):
    \"\"\"It is the capital of France.\"\"\"
    assert_same(student.CAPITAL, "Paris")

@part("DIGITS")
def test_digits(student, reference):
    \"\"\"They are all there.\"\"\"
    assert_same(student.DIGITS, reference.DIGITS)
"""
    code = 'CAPITAL = "?"\nDIGITS = None\n' + answer('CAPITAL = "Paris"\nDIGITS = {1, 2, 3}\n')
    tiny = make(tmp_path, toml, checks, {"hw1.py": code})
    assert outcomes(tiny.grade()) == {"CAPITAL:capital": "passed", "DIGITS:digits": "passed"}
    assert outcomes(tiny.grade(tiny.release())) == {
        "CAPITAL:capital": "failed",
        "DIGITS:digits": "not_implemented",
    }
    renamed = write(tmp_path / "ada", {"HW1 final.py": code, "DIGITS.py": "from os import sep as DIGITS\n"})
    assert set(outcomes(tiny.grade(renamed)).values()) == {"passed"}


def test_what_a_module_defines_as_well_is_the_modules(tmp_path: Path) -> None:
    """A notebook may repeat the functions of a module: then the module's are judged, and the bank replaces those."""
    toml = TOML.replace('"HW3.ipynb"', '"work.py", "HW3.ipynb"')
    module = "import numpy as np\n\nFACTOR = [2.0]\n\n\n" + SCALED
    tiny = make(tmp_path, toml, CHECKS, {"work.py": module, "HW3.ipynb": cells()})
    assert set(outcomes(tiny.grade()).values()) == {"passed"}
    folder = write(tmp_path / "ada", {"work.py": module.replace("FACTOR[-1]", "3"), "HW3.ipynb": cells()})
    assert outcomes(tiny.grade(folder)) == {"scaled:scaled": "failed", "largest:largest": "passed"}
