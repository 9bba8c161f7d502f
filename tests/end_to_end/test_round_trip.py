"""A platform's download goes in, and its gradebook comes back with the scores."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from grader.classrun.options import GradeOptions
from grader.commands.grade import run_grade
from grader.commands.report import run_export
from grader.reporting.exports.export import ExportOptions
from tests.intake.lms.downloads import write
from tests.reporting.exports.gradebooks import CANVAS, MOODLE


@pytest.fixture
def answers(repository, cnn) -> dict[str, bytes]:
    """Return the solution's files by the names that students upload."""
    solution = repository.solution(cnn) / "nndl"
    return {path.name: path.read_bytes() for path in solution.glob("*.py")}


@pytest.fixture
def grade_and_export(repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Return a function that grades one part of the downloads and fills a template."""
    monkeypatch.setenv("GRADER_COURSE_KEY", "tests")

    def run(platform: str, template: str, **changed: object) -> list[list[str]]:
        grades, sheet, out = (tmp_path / name for name in ("grades", "template.csv", "filled.csv"))
        sheet.write_text(template, encoding="utf-8", newline="")
        only = "max_pool_forward_naive"
        run_grade(
            GradeOptions(
                repository.root,
                "cnn",
                tmp_path / "downloads",
                grades,
                "1",
                only,
                "auto",
                None,
                platform=platform,
            )
        )
        run_export(ExportOptions(repository.root, platform, grades, template=sheet, out=out, **changed))
        return list(csv.reader(io.StringIO(out.read_text(encoding="utf-8-sig"), newline="")))

    return run


def test_canvas_uploads_one_by_one_come_back_as_scores(answers, grade_and_export, tmp_path: Path) -> None:
    """Files that a student uploaded one by one, one of them again, make one score in one row."""
    names = {"conv_layers.py": "conv_layers-1.py"}
    files = {
        f"lovelaceada_12345_{number}_{names.get(name, name)}": data
        for number, (name, data) in enumerate(sorted(answers.items()), start=678901)
    }
    write(
        tmp_path / "downloads", {**files, "pascalblaise_LATE_12346_678990_conv_layers.py": b"def broken(:\n"}
    )
    rows = {row[0]: row for row in grade_and_export("canvas", CANVAS, column="Homework 5")}
    assert (rows["Lovelace, Ada"][6], rows["Pascal, Blaise"][6]) == ("8", "0")


def test_moodle_folders_come_back_as_grades(answers, grade_and_export, tmp_path: Path) -> None:
    """The participant whose folder was graded has the grade, scaled to Moodle's maximum where that is asked for."""
    place = "Ada Lovelace_1234567_assignsubmission_file_/nndl"
    write(tmp_path / "downloads", {f"{place}/{name}": data for name, data in answers.items()})
    rows = {row[0]: row for row in grade_and_export("moodle", MOODLE, scale=True)}
    assert (rows["Participant 1234567"][4], rows["Participant 1234568"][4]) == ("50", "3.00")
