"""Data and given packages of any depth are beside the answers wherever these run, to be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.intake.arrivals import Candidate, ReleaseIncomplete
from grader.results import SubmissionReport
from tests.kinds.course import Tiny, function, make, outcomes, part, write

TOML = """\
answers = ["hw1.py"]
files = ["rents.csv", "data/more.txt"]
[FOLDERS]
support = "{folder}"

[release]
support = ["helpers", "tools"]
""" + part("mean_rent")
CODE = """\
import csv

from helpers.inner.x import ONE
from tools.steps import more


"""
ANSWER = """\
with open(path) as file:
    out = ONE * sum(float(row["rent"]) for row in csv.DictReader(file)) / 2 + more()
"""
GIVEN = {
    "helpers/__init__.py": "",
    "helpers/inner/__init__.py": "",
    "helpers/inner/x.py": '"""X."""\n\nONE = 1\n',
    "tools/__init__.py": "",
    "tools/zero.txt": "0",
    "tools/steps.py": (
        "from pathlib import Path\n\n\ndef more():\n    text = (Path(__file__).parent / 'zero.txt').read_text()\n"
        "    return float(text) + float(Path('data/more.txt').read_text())\n"
    ),
}
DATA = {"rents.csv": "city,rent\nrome,900\noslo,1500\n", "data/more.txt": "0.5"}
CHECKS = """
import numpy as np

@part("mean_rent")
def test_given_file(student, reference):
    \"\"\"The mean of the given file is right.\"\"\"
    assert_matches(student.mean_rent("rents.csv"), np.asarray(reference.mean_rent("rents.csv")))
    assert_matches(student.mean_rent("rents.csv"), np.asarray(1200.5))
"""


@pytest.fixture
def tiny(tmp_path: Path) -> Tiny:
    """Return a course whose answer reads a table and uses two given packages."""
    solution = {"hw1.py": CODE + function("mean_rent", "path", ANSWER), **GIVEN, **DATA}
    made = make(tmp_path, TOML, CHECKS, solution)
    toml = made.folder / "assignment.toml"
    toml.write_text(toml.read_text().replace("{folder}", f"assignments/{made.id}/solution"))
    return made


def test_answers_read_what_is_given(tiny: Tiny) -> None:
    """A module in no package, data in folders, sub-packages and a second package with a text are all there."""
    assert outcomes(tiny.grade()) == {"mean_rent:given_file": "passed"}
    starter = tiny.release()
    assert {path.relative_to(starter).as_posix() for path in starter.rglob("*.*")} >= {"hw1.py", *DATA}
    assert outcomes(tiny.grade(starter)) == {"mean_rent:given_file": "not_implemented"}


def test_a_loose_file_is_where_it_belongs(tiny: Tiny, tmp_path: Path) -> None:
    """One file where one is asked for is no answer in another place, whatever it is called."""
    code = CODE + function("mean_rent", "path", ANSWER)
    report = tiny.grade(write(tmp_path / "class", {"ada_hw1.py": code}) / "ada_hw1.py")
    assert outcomes(report) == {"mean_rent:given_file": "passed"}
    assert report.flags == ()


def test_what_is_given_is_restored(tiny: Tiny, tmp_path: Path) -> None:
    """A student's own packages and files of those names do not come in the way."""
    changed = {"helpers/inner/x.py": "ONE = 2\n", "tools/steps.py": "def more():\n    return 9\n"}
    in_the_way = {"rents.csv/table.py": "x = 1\n"}
    code = {"hw1.py": CODE + function("mean_rent", "path", ANSWER)}
    folder = write(tmp_path / "ada", {**code, **changed, **in_the_way})
    assert outcomes(tiny.grade(folder)) == {"mean_rent:given_file": "passed"}


@pytest.mark.parametrize("name", ["hw1.py", "mine.py", "ada_hw1.py"])
def test_a_file_by_itself_is_a_submission(tiny: Tiny, tmp_path: Path, name: str) -> None:
    """One module in no folder is graded, whatever it is called."""
    path = write(tmp_path / "in", {name: CODE + function("mean_rent", "path", ANSWER)}) / name
    report: SubmissionReport = tiny.grader().grade(Candidate("ada", path))
    assert outcomes(report) == {"mean_rent:given_file": "passed"}


def test_a_file_that_is_not_there_is_named(tiny: Tiny) -> None:
    """Data that assignment.toml lists and nobody wrote is the author's to put there."""
    (tiny.solution / "rents.csv").unlink()
    with pytest.raises(ReleaseIncomplete, match=r"rents[.]csv does not exist"):
        tiny.grader()
