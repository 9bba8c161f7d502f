"""Platforms' CSV files are written back as they were read; formulas lose their effect, and no text is lost by it."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, strategies as st

from grader.reporting import ReportError
from grader.reporting.exports.gradebook_sheet import Sheet, neutralised, parse_sheet, read_sheet, restored
from grader.reporting.grades_csv import is_formula_sign

from .gradebooks import CANVAS, MOODLE

cell = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
tables = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(cell, min_size=width, max_size=width).filter(any), max_size=4)
)

texts = st.text() | st.text("=+-@;'\" \t\n\uff1da1", max_size=12)


@pytest.mark.parametrize("text", [CANVAS, MOODLE, CANVAS.replace(",", ";")])
def test_a_file_comes_back_to_the_letter(text: str) -> None:
    """Delimiter, quotes, line ends and byte-order mark are kept."""
    assert parse_sheet(text, "x").render() == text


@given(tables)
def test_every_cell_survives(rows: list[list[str]]) -> None:
    """Whatever cells hold, formulas included, reading what was written gives them back."""
    header = tuple(f"column {number}" for number in range(len(rows[0]) if rows else 1))
    sheet = Sheet("x", header, tuple(map(tuple, rows)))
    assert parse_sheet(sheet.render(), "x").rows == sheet.rows


def test_key_columns_are_written_as_they_are() -> None:
    """What the platform finds its rows by gets no apostrophe."""
    sheet = Sheet("x", ("ID", "Name"), (("-a", "-b"),))
    assert list(csv.reader(io.StringIO(sheet.render(frozenset({0})))))[1] == ["-a", "'-b"]


@pytest.mark.parametrize("content", [b"", b"\xff\xfeS\x00", b'a,b\n"x', b"\n"])
def test_what_is_no_csv_in_utf8_is_refused_by_name(content: bytes, tmp_path) -> None:
    """The error names the file."""
    path = tmp_path / "gradebook.csv"
    path.write_bytes(content)
    with pytest.raises(ReportError, match=r"gradebook\.csv"):
        read_sheet(path)


def test_a_missing_file_is_an_error_that_names_it(tmp_path) -> None:
    """A template that is not there is no traceback."""
    with pytest.raises(ReportError, match=r"none\.csv"):
        read_sheet(tmp_path / "none.csv")


@given(texts)
def test_every_text_comes_back(text: str) -> None:
    """What was neutralised is restored to the letter, whatever it was."""
    assert restored(neutralised(text)) == text


@given(texts.filter(lambda text: text != "-"))
def test_no_cell_begins_with_a_formula_sign(text: str) -> None:
    """A neutralised cell begins with a formula's sign only where it is a number."""
    cell = neutralised(text)
    bare = cell.strip()
    assert (
        not bare
        or not is_formula_sign(bare[0])
        or bare.lstrip("+-").replace(",", ".").replace(".", "").isdigit()
    )


@pytest.mark.parametrize("text", ["12", "-3.5", "+1,5", "-", "Ada", "", "(read only)", "O'Neil; Ada"])
def test_numbers_and_plain_text_stay_what_they_are(text: str) -> None:
    """Nothing is put in front of what no spreadsheet runs."""
    assert neutralised(text) == text
