"""Moodle's grading worksheet filled in."""

from __future__ import annotations

import pytest

from grader.intake.arrivals import Person
from grader.reporting import ReportError
from grader.reporting.exports import fill_moodle
from grader.reporting.exports.gradebook_sheet import parse_sheet

from .gradebooks import MOODLE, graded, numbered


@pytest.fixture
def sheet():
    """Return the downloaded worksheet."""
    return parse_sheet(MOODLE, "worksheet.csv")


def test_only_the_grade_changes(sheet) -> None:
    """Identifiers, times and everything else that Moodle compares come back as they were."""
    filling = fill_moodle(graded(("a", 41.25)), numbered(a="1234567"), sheet)
    assert filling.text == MOODLE.replace(
        "Submitted for grading,,50.00,Yes", "Submitted for grading,41.25,50.00,Yes"
    )


def test_a_mail_address_leads_to_the_row_too(sheet) -> None:
    """Students of another platform are found by their mail."""
    filling = fill_moodle(
        graded(("x", 10.0)), {"x": Person("x", email="emmy@example.edu", lms_id="9004")}, sheet
    )
    assert "Emmy Noether,emmy@example.edu,No submission,10,50.00" in filling.text


def test_a_grade_that_cannot_be_changed_stays(sheet) -> None:
    """Where Moodle would refuse the grade it is told instead of written."""
    filling = fill_moodle(graded(("b", 10.0)), numbered(b="1234568"), sheet)
    assert filling.text == MOODLE
    assert any("b has a grade that Moodle says cannot be changed" in note for note in filling.notes)


def test_the_share_of_moodles_maximum_on_request(sheet) -> None:
    """Scores of 100 become shares of 50; without that, the difference is told."""
    report, students = graded(("a", 71.0)), numbered(a="1234567")
    assert ",35.5,50.00" in fill_moodle(report, students, sheet, scale=True).text
    assert any("another than could be reached" in note for note in fill_moodle(report, students, sheet).notes)


def test_a_worksheet_in_another_language_names_its_column() -> None:
    """Without a column Grade the error lists the columns; named, it is filled."""
    german = (
        MOODLE.replace("Identifier", "ID")
        .replace(",Grade,", ",Bewertung,")
        .replace("Participant ", "Teilnehmer/in")
    )
    other = parse_sheet(german, "bewertung.csv")
    report, students = graded(("a", 30.0)), numbered(a="1234567")
    with pytest.raises(ReportError, match="'Bewertung'"):
        fill_moodle(report, students, other)
    assert ",30,50.00" in fill_moodle(report, students, other, "Bewertung").text
