"""Whose a submission is, by its id alone."""

from __future__ import annotations

import pytest

from grader.intake import find_submissions
from grader.intake.discover import read_download
from grader.intake.lms.platforms import student_named

from .downloads import archive, write


@pytest.mark.parametrize(
    "name", ["lovelaceada_LATE_12345_678901_hw5-1.zip", "Ada Lovelace_12345_assignsubmission_file_hw5.zip"]
)
def test_ids_of_either_way_of_grading_say_the_platforms_number(name: str, tmp_path) -> None:
    """A download graded as a plain folder and one graded as its platform's give ids that name the same student."""
    folder = write(tmp_path / "downloads", {name: archive()})
    (arrival,) = read_download(folder, workspace=tmp_path / "gathered").arrivals
    (candidate,) = find_submissions(folder, ())
    assert student_named(arrival.candidate.id).lms_id == student_named(candidate.id).lms_id == "12345"


@pytest.mark.parametrize("id_", ["ada", "submission_12", "x" * 80, "-", "a-b"])
def test_other_ids_are_the_courses_own(id_: str) -> None:
    """An id without a platform's number is taken as it is."""
    assert (student_named(id_).id, student_named(id_).lms_id) == (id_, "")


def test_the_number_of_an_attempt_is_no_students() -> None:
    """Attempts of a student are that student's."""
    assert student_named("lovelaceada-12345-attempt2").lms_id == "12345"


def test_a_short_number_is_no_ones_id() -> None:
    """A team's number finds nobody in a platform's gradebook."""
    assert student_named("team-7").lms_id == ""
