"""The check-by-student matrix."""

from __future__ import annotations

import re

from grader.reporting.charts import ROW_HEIGHT, cell_width, matrix_row
from grader.reporting.class_statistics import LETTERS, MISSING, check_matrix
from grader.reporting.outcomes import FACES
from grader.reporting.standing import percent
from grader.results import Outcome


def drawn(svg: str, width: int) -> dict[int, str]:
    """Return the tone of every cell that the drawing covers."""
    tones: dict[int, str] = {}
    for tone, path in re.findall(r'class="fill (\w+)" d="([^"]*)"', svg):
        for start, run in re.findall(r"M(\d+) 0h(\d+)", path):
            for place in range(int(start) // width, (int(start) + int(run) + width - 1) // width):
                assert place not in tones
                tones[place] = tone
    return tones


def test_every_outcome_has_a_letter_of_its_own() -> None:
    """A cell's letter says one outcome, and none is the sign for a missing check."""
    assert len(set(LETTERS.values()) | {MISSING}) == len(Outcome) + 1


def test_columns_run_from_the_best_score_to_the_weakest(report, assignment) -> None:
    """Submissions without a result have no column."""
    matrix = check_matrix(report.submissions, assignment)
    assert list(matrix.percents) == sorted(matrix.percents, reverse=True)
    assert set(matrix.names) == {each.id for each in report.submissions if not each.error}


def test_cells_say_and_show_what_each_check_came_to(report, assignment) -> None:
    """Letters and colours agree with the report, for every check of every student."""
    matrix = check_matrix(report.submissions, assignment)
    known = {each.id: {check.id: check.outcome for check in each.checks} for each in report.submissions}
    for row in matrix.rows:
        width = cell_width(len(matrix.names))
        tones = drawn(matrix_row(row.tones, width), width)
        for place, name in enumerate(matrix.names):
            outcome = known[name].get(row.check.id)
            assert row.cells[place] == (MISSING if outcome is None else LETTERS[outcome])
            assert tones.get(place) == (None if outcome is None else FACES[outcome].tone)


def test_a_large_class_is_drawn_in_few_shapes(report, assignment) -> None:
    """Neighbours that came out alike are one rectangle, so that the page grows slower than the class."""
    one = next(each for each in report.submissions if percent(each) == 100)
    many = [
        type(one)(f"s{n}", *[getattr(one, f) for f in list(one.__dataclass_fields__)[1:]])
        for n in range(1000)
    ]
    matrix = check_matrix(many, assignment)
    for row in matrix.rows:
        svg = matrix_row(row.tones, cell_width(len(matrix.names)))
        assert svg.count("M") == 1
        assert f'height="{ROW_HEIGHT}"' in svg
        assert len(row.cells) == 1000
