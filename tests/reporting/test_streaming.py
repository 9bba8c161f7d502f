"""Writing a class while it comes: the same files as from the whole class, and none of a class that breaks off."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from grader.course.assignment import Assignment
from grader.reporting.files import ReportError, ReportPaths, require_writable
from grader.reporting.grades_csv import render_csv
from grader.reporting.write import writing_class
from grader.results import ClassReport

from .whole import render_index, render_json


def test_one_by_one_gives_the_same_files(report: ClassReport, assignment: Assignment, tmp_path: Path) -> None:
    """What is written while submissions come is byte for byte what is rendered from all of them."""
    paths = ReportPaths(tmp_path)
    with writing_class(replace(report, submissions=()), assignment, tmp_path) as add:
        for submission in report.submissions:
            add(submission)
    assert paths.json.read_bytes().decode() == render_json(report)
    assert paths.csv.read_bytes().decode() == render_csv(report, assignment)
    assert paths.index.read_bytes().decode() == render_index(report, assignment)


def test_a_class_that_breaks_off_leaves_the_old_files(
    report: ClassReport, assignment: Assignment, tmp_path: Path
) -> None:
    """An error in the middle replaces nothing and leaves no half of a file behind."""
    ReportPaths(tmp_path).json.write_text("old", encoding="utf-8")
    first = report.submissions[0]
    with (
        pytest.raises(ReportError, match="two submissions"),
        writing_class(report, assignment, tmp_path) as add,
    ):
        add(first)
        add(first)
    assert [path.name for path in tmp_path.iterdir()] == ["grades.json"]
    assert ReportPaths(tmp_path).json.read_text(encoding="utf-8") == "old"


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """A file in the folder's place is an error that says so; a good folder is left empty."""
    require_writable(tmp_path / "out")
    assert not list((tmp_path / "out").iterdir())
    (tmp_path / "file").touch()
    with pytest.raises(ReportError, match="a file stands where a folder is needed"):
        require_writable(tmp_path / "file")
