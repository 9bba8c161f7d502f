"""grades.csv: one safe row per submission."""

from __future__ import annotations

import csv
import io
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given, settings

from grader.course.assignment import Assignment
from grader.reporting.grades_csv import render_csv, text_cell
from grader.results import ClassReport, Flag

from .samples import cnn
from .strategies import anything, class_reports


def rows_of(text: str) -> list[dict[str, str]]:
    """Return the rows as a spreadsheet would read them."""
    return list(csv.DictReader(io.StringIO(text)))


def test_one_row_per_submission_one_column_per_part(report: ClassReport, assignment: Assignment) -> None:
    """The header is id, score, max_score, percent, the parts, what the score holds beside them, flags and the run."""
    rows = rows_of(render_csv(report, assignment))
    parts = [part.id for part in assignment.parts]
    beside = ["whole", "late_penalty", "waiting", "flags", "error", "isolation", "member"]
    assert list(rows[0]) == ["id", "score", "max_score", "percent", *parts, *beside]
    assert len(rows) == len(report.submissions)


def test_the_parts_add_up_to_the_score(report: ClassReport, assignment: Assignment) -> None:
    """In every row the parts' points sum to the score."""
    for row in rows_of(render_csv(report, assignment)):
        parts = sum(float(row[part.id] or 0) for part in assignment.parts)
        assert parts == pytest.approx(float(row["score"] or 0), abs=1e-4)


def test_no_result_is_not_a_zero(report: ClassReport, assignment: Assignment) -> None:
    """A submission that could not be graded has an empty score and says why; a part not graded is empty."""
    rows = {row["id"]: row for row in rows_of(render_csv(report, assignment))}
    assert rows["damaged"]["score"] == rows["damaged"]["percent"] == ""
    assert rows["damaged"]["error"] == "damaged.zip is not a zip archive; hand it in again."
    assert rows["zofia-wrona"]["CNN.accuracy"] == ""
    assert rows["zofia-wrona"]["ThreeLayerConvNet.loss"] == "0.0"
    assert rows["no-box"]["isolation"] == "none"


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t=", "\r=", " =", "\n@", "\uff1d", "\uff0b", "\uff0d", "\uff20"]
)
def test_formulas_are_text(start: str) -> None:
    """What a spreadsheet would run, also behind white space or full-width, gets an apostrophe in front."""
    assert text_cell(f"{start}1+1").startswith("'")


def test_plain_text_is_left_alone() -> None:
    """A name that is no formula is written as it is."""
    assert text_cell("O'Neil, Ada-Marie = x") == "O'Neil, Ada-Marie = x"


@given(anything)
def test_no_cell_begins_as_a_formula(text: str) -> None:
    """Whatever the text, its cell is one line that begins with no formula sign in any width."""
    cell = text_cell(text)
    assert not unicodedata.normalize("NFKC", cell[:1]).startswith(("=", "+", "-", "@"))
    assert len(cell.splitlines()) <= 1


@settings(max_examples=40)
@given(class_reports)
def test_no_locale_finds_a_formula(report: ClassReport) -> None:
    """Each record is one line, and however a spreadsheet separates cells, none begins as a formula."""
    text = render_csv(report, cnn())
    assert len(text.splitlines()) == len(report.submissions) + 1
    for separator in ",;\t":
        for row in csv.reader(io.StringIO(text), delimiter=separator):
            assert not any(_is_formula(cell) for cell in row), (separator, row)


@pytest.mark.parametrize("text", ["a;=1+1", 'a; "=1+1', 'a;""=1+1', "a;;@x", "a;\uff1d1"])
def test_a_semicolon_starts_no_formula(text: str, report: ClassReport, assignment: Assignment) -> None:
    """Where semicolons separate cells, text behind one is still no formula, in the last columns either."""
    hostile = replace(report.submissions[0], id=text, flags=(Flag("x", text),), error=text)
    written = render_csv(replace(report, submissions=(hostile,)), assignment)
    cells = [cell for row in csv.reader(io.StringIO(written), delimiter=";") for cell in row]
    assert len(cells) > 3
    assert not any(_is_formula(cell) for cell in cells)


def _is_formula(cell: str) -> bool:
    return unicodedata.normalize("NFKC", cell.strip()[:1]).startswith(("=", "+", "-", "@"))
