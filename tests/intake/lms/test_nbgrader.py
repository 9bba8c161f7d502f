"""What nbgrader collected is a class: each student by name, with the time they handed in."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from grader.intake.arrivals import IntakeError
from grader.intake.discover import read_download

TIMES = {
    "ada": "2015-02-02 14:58:23.948203 America/Los_Angeles",
    "ben": "2026-01-05 09:00:00 UTC",
    "cyd": "2026-01-05 09:00:00",
    "dee": "yesterday, at Nowhere/Land",
}


@pytest.fixture
def submitted(tmp_path: Path) -> Path:
    """A folder of four students; one of them handed in a second assignment."""
    for student, said in TIMES.items():
        folder = tmp_path / "submitted" / student / "ps1"
        folder.mkdir(parents=True)
        (folder / "problem1.ipynb").write_text("{}", encoding="utf-8")
        (folder / "timestamp.txt").write_text(said, encoding="utf-8")
    return tmp_path / "submitted"


def test_students_and_times_are_read(submitted: Path, tmp_path: Path) -> None:
    """A time without a zone is UTC, and what is no time is none."""
    arrivals = read_download(submitted, workspace=tmp_path, assignment="other").arrivals
    assert [(each.student.id, each.candidate.path.name) for each in arrivals] == [
        (each, "ps1") for each in TIMES
    ]
    morning = datetime(2026, 1, 5, 9, tzinfo=UTC)
    assert [each.submitted_at for each in arrivals] == [
        datetime(2015, 2, 2, 14, 58, 23, 948203, tzinfo=ZoneInfo("America/Los_Angeles")),
        morning,
        morning,
        None,
    ]


def test_of_several_assignments_the_one_of_that_name_is_read(submitted: Path, tmp_path: Path) -> None:
    """Whoever grades ps2 gets what was handed in for ps2."""
    (submitted / "ada" / "ps2").mkdir()
    found = read_download(submitted, workspace=tmp_path, assignment="ps2").arrivals
    assert [(each.candidate.id, each.candidate.path.parts[-2:]) for each in found] == [
        ("ada", ("ada", "ps2"))
    ]
    with pytest.raises(IntakeError, match="submissions to ps1, ps2, and none to lab"):
        read_download(submitted, workspace=tmp_path, assignment="lab")
