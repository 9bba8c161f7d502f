"""Moodle's grading worksheet filled in."""

from __future__ import annotations

import pytest

from grader.intake.arrivals import Person
from grader.reporting.exports import fill_moodle
from grader.reporting.exports.gradebook_sheet import parse_sheet
from grader.reporting.files import ReportError

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


GERMAN = (
    "ID,Vollständiger Name,E-Mail-Adresse,Status,Bewertung,Bestwertung,Bewertung kann geändert werden,"
    "Zuletzt geändert\r\n"
    'Teilnehmer/in 2000001,Ada Lovelace,ada@x,x,,"50,00",Ja,-\r\n'
    'Teilnehmer/in 2000010,Li Wei,li@x,x,"40,00","50,00",{locked},-\r\n'
)


@pytest.mark.parametrize("word", ["Nein", "Non", "Нет", "いいえ", "لا", "\u0928\u0939\u0940\u0902"])
def test_locked_rows_and_shares_hold_in_every_language(word: str) -> None:
    """Behind the grade come its maximum and whether it can be changed, whatever they are called."""
    sheet = parse_sheet(GERMAN.format(locked=word), "german.csv")
    report, students = graded(("a", 95.0), ("b", 95.0)), numbered(a="2000001", b="2000010")
    filling = fill_moodle(report, students, sheet, "Bewertung", scale=True)
    assert filling.text == sheet.text.replace('ada@x,x,,"50', 'ada@x,x,47.5,"50')
    assert any(f"cannot be changed ({word})" in note for note in filling.notes)


def test_what_stands_behind_the_grade_need_not_be_a_lock() -> None:
    """Times are no answer to whether a grade can be changed."""
    sheet = parse_sheet("ID,Name,Note,Maximum,Zeit\nP 1,Ada B,,50,-\nP 2,Ben C,,50,5. Oktober\n", "x.csv")
    filling = fill_moodle(graded(("a", 10.0)), numbered(a="1"), sheet, "Note")
    assert (filling.filled, filling.text) == (1, sheet.text.replace("Ada B,,", "Ada B,10,"))


def test_a_worksheet_of_two_columns_is_enough() -> None:
    """Without names, maxima and locks; but then no share can be written."""
    sheet = parse_sheet("ID,Grade\nP 1,\nP 2,\n", "x.csv")
    found = fill_moodle(graded(("a", 10.0)), numbered(a="1"), sheet)
    assert found.text == "ID,Grade\nP 1,10\nP 2,\n"
    with pytest.raises(ReportError, match="no maximum behind 'Grade'"):
        fill_moodle(graded(("a", 10.0)), numbered(a="1"), sheet, scale=True)


def test_a_maximum_that_is_no_number_is_none() -> None:
    """Rows with one are filled with their share, others with the points."""
    sheet = parse_sheet("ID,Name,Grade,Maximum Grade\nP 1,A B,,50\nP 2,C D,,-\n", "x.csv")
    found = fill_moodle(graded(("a", 10.0), ("b", 20.0)), numbered(a="1", b="2"), sheet, scale=True)
    assert "P 1,A B,5,50\nP 2,C D,20,-" in found.text


def test_a_teams_number_gives_no_stranger_the_grade(sheet) -> None:
    """Moodle numbers groups as it numbers participants; the name tells that it is somebody else's."""
    team = {"t": Person("t", name="Team Rocket", lms_id="1234569")}
    filling = fill_moodle(graded(("t", 95.0)), team, sheet)
    assert filling.text == MOODLE
    assert any("has the number of Emmy Noether and another name" in note for note in filling.notes)
