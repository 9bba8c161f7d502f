"""Canvas's gradebook filled in: whose row, which column, and who is left out."""

from __future__ import annotations

import csv
import io

import pytest

from grader.intake.arrivals import Person
from grader.reporting.exports import fill_canvas
from grader.reporting.exports.gradebook_sheet import parse_sheet
from grader.reporting.files import ReportError
from grader.results import SubmissionReport

from .gradebooks import CANVAS, FORMULA, graded, numbered


@pytest.fixture
def sheet():
    """Return the exported gradebook."""
    return parse_sheet(CANVAS, "gradebook.csv")


def cells(text: str) -> dict[str, list[str]]:
    """Return the rows by the student's name."""
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    return {row[0].strip(): row for row in rows}


def test_only_the_assignments_cells_change(sheet) -> None:
    """Header, points possible, posting, other columns, line ends and byte-order mark come back as they were."""
    filling = fill_canvas(graded(("a", 71.0)), numbered(a="12345"), sheet, "Homework 5")
    assert filling.text == CANVAS.replace("Section 1,9.00,,", "Section 1,9.00,71,")
    assert filling.filled == 1


@pytest.mark.parametrize(
    "student",
    [
        Person("x", lms_id="12346"),
        Person("x", lms_id="9002"),
        Person("x", email="Blaise@Example.edu"),
        Person("9002"),
        Person("blaise@example.edu"),
    ],
)
def test_students_are_found_by_number_sis_id_or_login(sheet, student: Person) -> None:
    """Any of the ids that Canvas exports leads to the row, upper or lower case."""
    filling = fill_canvas(graded(("x", 50.5)), {"x": student}, sheet, "Homework 5 (7002)")
    assert cells(filling.text)["Pascal, Blaise"][6] == "50.5"


def test_who_has_no_row_no_result_or_no_score_is_named(sheet) -> None:
    """A submission of nobody, one without a result and students without a score are all told."""
    report = graded(("a", 71.0), ("stranger", 12.0))
    broken = SubmissionReport("b", "", 0.0, 0.0, "", 0.0, error="is not an archive")
    report = type(report)(1, "cnn", "1.0.0", "0.1.0", (*report.submissions, broken))
    filling = fill_canvas(report, numbered(a="12345", b="12346", stranger="1"), sheet, "Homework 5")
    notes = "\n".join(filling.notes)
    assert "stranger (12 points) is nobody" in notes
    assert "b has no result" in notes
    assert "3 students of the gradebook got no score: Pascal, Blaise; Gauß, Carl; Noether, Emmy" in notes
    assert cells(filling.text)["Pascal, Blaise"][6] == "12.00"


def test_two_results_of_one_student_fill_nothing(sheet) -> None:
    """Which of two attempts counts is not decided here; both are named and the cell stays."""
    filling = fill_canvas(
        graded(("a", 71.0), ("a2", 90.0)), numbered(a="12345", a2="12345"), sheet, "Homework 5"
    )
    assert filling.filled == 0
    assert any("a (71 points), a2 (90 points)" in note for note in filling.notes)


def test_an_id_that_two_rows_share_is_ambiguous() -> None:
    """A login that stands in two rows is told and fills neither."""
    twice = parse_sheet(CANVAS.replace("blaise@", "ada@"), "gradebook.csv")
    filling = fill_canvas(graded(("x", 50.0)), {"x": Person("ada@example.edu")}, twice, "Homework 5")
    assert filling.filled == 0
    assert any("could be 2 rows" in note for note in filling.notes)


def test_an_excused_student_stays_excused(sheet) -> None:
    """Canvas's EX is not written over, and said."""
    filling = fill_canvas(graded(("c", 88.0)), numbered(c="12347"), sheet, "Homework 5")
    assert cells(filling.text)["Gauß, Carl"][6] == "EX"
    assert any("c is marked EX" in note for note in filling.notes)


def test_another_maximum_is_told_and_scaled_on_request(sheet) -> None:
    """Points are written as they are beside a note, or as a share of the points possible."""
    report, students = graded(("a", 71.0)), numbered(a="12345")
    plain = fill_canvas(report, students, sheet, "Homework 4")
    assert cells(plain.text)["Lovelace, Ada"][5] == "71"
    assert any("Canvas counts 10 points and 100 could be reached" in note for note in plain.notes)
    scaled = fill_canvas(report, students, sheet, "Homework 4", scale=True)
    assert cells(scaled.text)["Lovelace, Ada"][5] == "7.1"


def test_the_column_must_be_clear(sheet) -> None:
    """With two assignments and no name, or a wrong one, the error lists what there is."""
    for column in (None, "Homework 6"):
        with pytest.raises(ReportError, match=r"Homework 4 \(7001\).*Homework 5 \(7002\)"):
            fill_canvas(graded(), {}, sheet, column)


def test_a_file_without_assignments_is_no_gradebook() -> None:
    """The message names the file and says where to get the right one."""
    with pytest.raises(ReportError, match="notes has no column of an assignment"):
        fill_canvas(graded(("ada", 1.0)), {}, parse_sheet("hello\n", "notes"), None, scale=False)


def test_a_gradebook_without_ids_is_refused() -> None:
    """Names alone do not tell students apart."""
    with pytest.raises(ReportError, match="x has no column ID"):
        fill_canvas(graded(("ada", 1.0)), {}, parse_sheet(CANVAS.replace("ID", "Number"), "x"), "Homework 5")


def test_names_that_are_formulas_stay_what_they_are() -> None:
    """The platform would take over an apostrophe; the file is the same but for the score, and a note warns."""
    quoted = '"' + FORMULA.replace('"', '""') + '"'
    hostile = CANVAS.replace('"Lovelace, Ada"', quoted)
    filling = fill_canvas(graded(("a", 71.0)), numbered(a="12345"), parse_sheet(hostile, "x"), "Homework 5")
    assert filling.text == hostile.replace("Section 1,9.00,,", "Section 1,9.00,71,")
    assert any("Student of row 4" in note for note in filling.notes)
