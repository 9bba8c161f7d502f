"""Lay out the check-by-student matrix by parts, with what its script reads out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from grader.course.assignment import Assignment
from grader.reporting.classreport.matrix import LETTERS, ROW_HEIGHT, Matrix, check_matrix, column_heads
from grader.reporting.classreport.people import Directory, Person
from grader.reporting.classreport.words import NOTHING, drawn, share_words
from grader.reporting.findings import LONGEST_TITLE, marked_up
from grader.reporting.outcomes import FACES
from grader.reporting.text import clip
from grader.results import ClassReport


@dataclass(frozen=True, slots=True)
class MatrixView:
    """The matrix, and what its script needs to say what a cell is."""

    matrix: Matrix
    groups: tuple[tuple[str, tuple[tuple[Markup, str, Markup, str, float], ...]], ...]
    persons: tuple[Person, ...]
    heads: Markup
    words: Mapping[str, str]
    height: int


def matrix_view(report: ClassReport, assignment: Assignment, people: Directory) -> MatrixView:
    """Return the check-by-student matrix by parts."""
    matrix = check_matrix(report.submissions, assignment)
    titles = {part.id: part.title for part in assignment.parts}
    groups: dict[str, list[tuple[Markup, str, Markup, str, float]]] = {}
    for row in matrix.rows:
        shown = NOTHING if row.passed is None else share_words(100 * row.passed)
        title = marked_up(clip(row.title, LONGEST_TITLE))
        if row.advice:
            title = title + Markup(' <span class="quiet">(beyond)</span>')
        key = -1.0 if row.passed is None else row.passed
        groups.setdefault(titles.get(row.part, row.part), []).append(
            (title, row.cells, drawn(row.svg), shown, key)
        )
    persons = tuple(map(people.person, matrix.names))
    words = {letter: FACES[outcome].word for outcome, letter in LETTERS.items()} | {"-": "Not tried"}
    return MatrixView(
        matrix=matrix,
        groups=tuple((part, tuple(rows)) for part, rows in groups.items()),
        persons=persons,
        heads=drawn(column_heads([each.name for each in persons], matrix.percents, matrix.cell_width)),
        words=words,
        height=ROW_HEIGHT,
    )
