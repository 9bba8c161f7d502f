"""Data sets that stay on the machine are known by names, and checks that need a missing one do not count."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kinds.course import function, make, outcomes, part

TOML = (
    'answers = ["hw1.py"]\n[FOLDERS]\n[data_sets.flights]\nvariable = "FLIGHTS_OF_TEST"\nfiles = ["a.txt"]\n'
    '[data_sets.rents]\nvariable = "RENTS_OF_TEST"\n' + part("total") + part("mean")
)
ANSWER = """
import os
path = os.path.join(folder, "a.txt")
try:
    open(path, "a").close()
except OSError:
    out = sum(map(float, open(path)))
"""
CHECKS = """
import numpy as np

@part("total")
def test_total(student, data_sets):
    \"\"\"It is the sum.\"\"\"
    assert_matches(student.total(data_sets["flights"]), np.asarray(3.5))

@part("mean")
def test_mean(student, data_sets):
    \"\"\"It is the mean.\"\"\"
    student.mean(data_sets["rents"])
"""


def test_a_data_set_is_read_and_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer reads the folder that the variable names; what is not here leaves the total."""
    folder = tmp_path / "flights"
    folder.mkdir()
    (folder / "a.txt").write_text("1\n2.5\n")
    (tmp_path / "rents.d").write_text("no folder")
    monkeypatch.setenv("FLIGHTS_OF_TEST", str(folder))
    monkeypatch.setenv("RENTS_OF_TEST", str(tmp_path / "rents.d"))
    code = function("total", "folder", ANSWER) + function("mean", "folder", "out = 1.0\n")
    report = make(tmp_path / "course", TOML, CHECKS, {"hw1.py": code}).grade()
    assert outcomes(report) == {"total:total": "passed", "mean:mean": "not_graded"}
    assert (report.score, report.max_score) == (10.0, 10.0)
    (missing,) = [each for each in report.checks if each.part == "mean"]
    assert missing.message == "This needs the data set rents, which is not here: it does not count."
    assert "RENTS_OF_TEST" in missing.staff_note
