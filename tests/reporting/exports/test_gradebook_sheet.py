"""Of a platform's CSV file the filled cells change, and not a byte beside them, whatever the file holds."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, strategies as st

from grader.reporting.exports import fill_canvas, fill_moodle
from grader.reporting.exports.gradebook_sheet import (
    Matches,
    Sheet,
    filling,
    may_be_called,
    parse_sheet,
    read_sheet,
)
from grader.reporting.files import ReportError

from .gradebooks import CANVAS, MOODLE, graded, numbered

HOSTILE = (
    "<p>a &gt;= b; -1 for units</p>",
    "=1+1",
    "- sick",
    "+2",
    "@x",
    "'=y",
    'a "b"',
    "a\r\nb",
    "a,b;c\td",
    "\ufeff",
)
cell = st.sampled_from(HOSTILE) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8
)


@st.composite
def files(draw: st.DrawFn) -> tuple[str, list[list[str]]]:
    """Draw a CSV file as any platform may write it, and the cells of its rows."""
    width, delimiter = draw(st.integers(2, 5)), draw(st.sampled_from(",;\t"))
    header = [f"column {number}" for number in range(width)]
    rows = draw(st.lists(st.lists(cell, min_size=1, max_size=width), max_size=4))
    rows = [row for row in rows if any(row) or len(row) > 1]
    stream = io.StringIO()
    returns = any("\r" in each for row in rows for each in row)  # Python's writer does not quote for these
    quoting = csv.QUOTE_ALL if returns else draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    csv.writer(stream, delimiter=delimiter, quoting=quoting, lineterminator=newline).writerows(
        [header, *rows]
    )
    text = draw(st.sampled_from(["", "\ufeff"])) + stream.getvalue()
    return draw(st.sampled_from([text, text.removesuffix(newline)])), rows


@given(files())
def test_every_cell_is_read(file: tuple[str, list[list[str]]]) -> None:
    """Whatever cells hold, they are read as they were meant, short rows filled up."""
    text, rows = file
    sheet = parse_sheet(text, "x")
    width = len(sheet.header)
    assert [list(row) for row in sheet.rows] == [row + [""] * (width - len(row)) for row in rows]


@given(files(), st.data(), st.sampled_from(["utf-8", "utf-16-le", "utf-16-be"]))
def test_no_byte_changes_but_the_filled_ones(
    file: tuple[str, list[list[str]]], data: st.DataObject, encoding: str
) -> None:
    """The cells that are filled say the number, every other cell is the same, and what is around them too."""
    text, rows = file
    sheet = parse_sheet(text, "x", encoding)
    assert sheet.fill({}) == text
    column = data.draw(st.integers(0, len(sheet.header) - 1))
    chosen = {(row, column) for row in range(len(rows)) if data.draw(st.booleans())}
    matches = Matches({row: graded((str(row), 95.5)).submissions[0] for row, _ in chosen}, ())
    found = filling(sheet, dict.fromkeys(chosen, "95.5"), matches, ())
    assert found.rows == {row: str(row) for row, _ in chosen}
    again = parse_sheet(found.data.decode(encoding), "x")
    for number, row in enumerate(sheet.rows):
        for at, before in enumerate(row):
            assert again.rows[number][at] == ("95.5" if (number, at) in chosen else before)
    assert len(found.text) - len(text) == sum(_grown(sheet, row, column) for row, _ in chosen)


def _grown(sheet: Sheet, row: int, column: int) -> int:
    """Return by how much a row's text grows when its cell in a column is filled."""
    places = sheet.places[row]
    if column >= len(places):
        return 4 + column + 1 - len(places)
    start, end = places[column]
    return 4 + 2 * sheet.text.startswith('"', start) - (end - start)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_foreign_cells_of_both_platforms_stay(text: str, encoding: str, tmp_path) -> None:
    """Notes and comments that others wrote come back to the byte, in every encoding that a file may have."""
    comment = '"' + text.replace('"', '""') + '"'
    path = tmp_path / "gradebook.csv"
    for whole, fill, number in ((CANVAS, fill_canvas, "12345"), (MOODLE, fill_moodle, "1234567")):
        written = whole.removeprefix("\ufeff").replace("ada@example.edu", comment)
        try:
            path.write_bytes(written.encode(encoding))
        except UnicodeEncodeError:
            continue  # a text that this encoding has no letters for
        column = "Homework 5" if fill is fill_canvas else None
        found = fill(graded(("a", 71.0)), numbered(a=number), read_sheet(path), column)
        before, after = path.read_bytes(), found.data
        plain = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le"}.get(encoding, encoding)
        assert len(after) - len(before) == len("71".encode(plain))
        start = next(at for at, (one, other) in enumerate(zip(before, after, strict=False)) if one != other)
        grown = len(after) - len(before)
        assert after[:start] + after[start + grown :] == before


def test_formulas_are_told_and_stay() -> None:
    """The file goes to the platform as it is; who would open it in a spreadsheet is warned, numbers apart."""
    sheet = parse_sheet(CANVAS.replace("Section 1,9.00", "- sick in week 3,9.00"), "x")
    found = fill_canvas(graded(("a", 71.0)), numbered(a="12345"), sheet, "Homework 5")
    assert "- sick in week 3,9.00,71," in found.text
    assert any("1 cell would run as a formula" in note and "Section of row 4" in note for note in found.notes)


@pytest.mark.parametrize("content", [b"", b'a,b\n"x', b"\n", b'a,b\n"x"y,1\n', b"\xff\xfea"])
def test_what_is_no_csv_is_refused_by_name(content: bytes, tmp_path) -> None:
    """The error names the file."""
    path = tmp_path / "gradebook.csv"
    path.write_bytes(content)
    with pytest.raises(ReportError, match=r"gradebook\.csv"):
        read_sheet(path)


def test_a_missing_file_is_an_error_that_names_it(tmp_path) -> None:
    """A template that is not there is no traceback."""
    with pytest.raises(ReportError, match=r"none\.csv"):
        read_sheet(tmp_path / "none.csv")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ada Lovelace", "Lovelace, Ada", True),
        ("Zoe Muller", "Zo\u00eb M\u00fcller", True),
        ("Zoe\u0308 Mu\u0308ller", "Zo\u00eb M\u00fcller", True),
        ("O'Neil Ada", "Ada O Neil", True),
        ("Ada King Lovelace", "Ada Lovelace", True),
        ("", "Blaise Pascal", True),
        ("Team Rocket", "Blaise Pascal", False),
        ("Team Pascal", "Blaise Pascal", False),
        ("Pascal", "Blaise Pascal", False),
        ("Group 7", "Blaise Pascal", False),
    ],
)
def test_a_teams_name_is_not_a_students(one: str, other: str, same: bool) -> None:
    """Order, accents and punctuation differ between a file's name and a gradebook; a team's name is another."""
    assert may_be_called(one, other) is may_be_called(other, one) is same
