"""Gradebooks of Brightspace and Blackboard filled in: whose row, which column, and nothing else changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.intake.arrivals import Person
from grader.reporting.exports.gradebook_sheet import parse_sheet, read_sheet
from grader.reporting.exports.points_columns import BLACKBOARD, BRIGHTSPACE
from grader.reporting.files import ReportError

from .gradebooks import graded

BRIGHT = (
    "OrgDefinedId,Username,Last Name,First Name,Homework 4 Points Grade <Numeric MaxPoints:10 Weight:5>,"
    "Homework 5 Points Grade <Numeric MaxPoints:50>,End-of-Line Indicator\r\n"
    "#20067930,#ada,Lovelace,Ada,9,,#\r\n"
    "#20067931,#blaise,Pascal,Blaise,-1,3,#\r\n"
)
BLACK = (
    '"Last Name"\t"First Name"\t"Username"\t"Student ID"\t"Availability"\t"Homework 5 [Total Pts: 50 Score] |123456"\n'
    '"Lovelace"\t"Ada"\t"ada1815"\t"20067930"\t"Yes"\t""\n'
    '"Pascal"\t"Blaise"\t"blaise"\t"20067931"\t"Yes"\t"3"\n'
)


@pytest.mark.parametrize("who", [Person("20067930"), Person("x", lms_id="20067930"), Person("ada")])
def test_brightspace_finds_students_behind_its_mark(who: Person) -> None:
    """Ids begin with a # in the file alone; the one cell changes, and the column's maximum is told."""
    filled = BRIGHTSPACE.fill(graded(("a", 71.0)), {"a": who}, parse_sheet(BRIGHT, "x"), "Homework 5")
    assert filled.text == BRIGHT.replace("Ada,9,,#", "Ada,9,71,#")
    assert any("got no score: Blaise Pascal" in note for note in filled.notes)
    assert any("counts 50 points and 100 could be reached" in note for note in filled.notes)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8"])
def test_blackboard_is_filled_in_its_own_encoding(tmp_path: Path, encoding: str) -> None:
    """Tabs, quotes and UTF-16 come back as they were, with the share of the column's points in one cell."""
    path = tmp_path / "gradebook.xls"
    path.write_bytes(BLACK.encode(encoding))
    students = {"a": Person("ada1815")}
    filled = BLACKBOARD.fill(graded(("a", 71.0)), students, read_sheet(path), scale=True)
    assert filled.data == BLACK.replace('"Yes"\t""', '"Yes"\t"35.5"').encode(encoding)


def test_the_column_must_be_clear() -> None:
    """With two assignments and no title, or a wrong one, the error lists what there is; so does a file of neither."""
    for column in (None, "Homework 6"):
        with pytest.raises(ReportError, match=r"Homework 4 Points.*Homework 5 Points"):
            BRIGHTSPACE.fill(graded(), {}, parse_sheet(BRIGHT, "x"), column)
    with pytest.raises(ReportError, match="its assignments are none"):
        BLACKBOARD.fill(graded(), {}, parse_sheet(BRIGHT, "x"))


def test_a_file_without_user_names_is_refused() -> None:
    """The message says how to export it."""
    head = BRIGHT.replace("OrgDefinedId", "One").replace("Username", "Two").replace("Email", "Three")
    with pytest.raises(ReportError, match=r"none of the columns .* export it with user names"):
        BRIGHTSPACE.fill(graded(), {}, parse_sheet(head, "x"), "Homework 5")
