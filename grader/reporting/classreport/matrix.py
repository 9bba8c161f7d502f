"""The check-by-student matrix: a row of coloured cells for each check, students from best to weakest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType

from markupsafe import escape

from grader.course.assignment import Assignment
from grader.reporting.outcomes import FACES, TONES
from grader.reporting.standing import is_advice, percent
from grader.reporting.text import one_line
from grader.results import CheckResult, Outcome, SubmissionReport

ROW_HEIGHT = 16
_WIDEST, _NARROWEST = 18, 2
_ROOM = 800
"""Pixels that the matrix of a middling class fits in; a large one scrolls."""

_ROOM_FOR_NAMES = 14
_NAMES_HEIGHT = 92
_LONGEST_HEAD = 16
_BETWEEN = 100

MISSING = "-"
LETTERS = MappingProxyType({outcome: "abcdefghijklmnop"[place] for place, outcome in enumerate(Outcome)})
"""One letter per outcome: a row of a thousand cells travels to the page as a thousand letters."""


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One check over the class.

    Attributes
    ----------
    cells
        A letter of `LETTERS` for each student, `MISSING` where the check was not tried.
    passed
        Share of those it was tried on who passed; None where nobody was.
    svg
        The cells drawn.
    """

    part: str
    check: str
    title: str
    advice: bool
    cells: str
    passed: float | None
    svg: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows in the order of the assignment's parts; `names` are the columns, best score first."""

    names: tuple[str, ...]
    percents: tuple[float, ...]
    rows: tuple[MatrixRow, ...]
    cell_width: int


def check_matrix(submissions: Sequence[SubmissionReport], assignment: Assignment) -> Matrix:
    """Lay out every check of every submission that has a result."""
    ranked = sorted(
        (each for each in submissions if not each.error), key=lambda each: (-(percent(each) or 0.0), each.id)
    )
    width = max(_NARROWEST, min(_WIDEST, _ROOM // max(len(ranked), 1)))
    results = [{check.id: check for check in each.checks} for each in ranked]
    first: dict[str, CheckResult] = {}
    for submission in ranked:
        for check in submission.checks:
            first.setdefault(check.id, check)
    order = {part.id: place for place, part in enumerate(assignment.parts)}
    checks = sorted(first.values(), key=lambda check: (order.get(check.part, len(order)), is_advice(check)))
    rows = tuple(_row(check, [each.get(check.id) for each in results], width) for check in checks)
    percents = tuple(percent(each) or 0.0 for each in ranked)
    return Matrix(tuple(each.id for each in ranked), percents, rows, width)


def column_heads(names: Sequence[str], percents: Sequence[float], width: int) -> str:
    """Return the line above the cells: the names where they have room, else the score at every so many pixels.

    Parameters
    ----------
    names
        As they may be shown.
    """
    total = len(names) * width
    if width >= _ROOM_FOR_NAMES:
        texts = "".join(
            f'<text transform="translate({place * width + width / 2 + 4:g} {_NAMES_HEIGHT - 4}) rotate(-60)">'
            f"{escape(one_line(name, _LONGEST_HEAD))}</text>"
            for place, name in enumerate(names)
        )
        size = f'width="{total + _NAMES_HEIGHT}" height="{_NAMES_HEIGHT}"'
    else:
        places = range(0, len(names), max(_BETWEEN // width, 1))
        texts = "".join(
            f'<text x="{place * width}" y="12">{percents[place]:.0f} %</text>' for place in places
        )
        size = f'width="{total}" height="{ROW_HEIGHT}"'
    return f'<svg class="columns" aria-hidden="true" {size}>{texts}</svg>'


def _row(check: CheckResult, results: Sequence[CheckResult | None], width: int) -> MatrixRow:
    outcomes = [None if each is None else each.outcome for each in results]
    judged = [each for each in outcomes if each is not None and not each.excused]
    cells = "".join(MISSING if each is None else LETTERS[each] for each in outcomes)
    return MatrixRow(
        part=check.part,
        check=check.id,
        title=check.title or check.id,
        advice=is_advice(check),
        cells=cells,
        passed=judged.count(Outcome.PASSED) / len(judged) if judged else None,
        svg=_strip(["" if each is None else FACES[each].tone for each in outcomes], width),
    )


def _strip(tones: Sequence[str], width: int) -> str:
    """Draw a row; neighbours of one tone are one rectangle, so a thousand students stay a few of them."""
    paths: dict[str, list[str]] = {tone: [] for tone in TONES}
    gap = 1 if width >= 6 else 0  # noqa: PLR2004 - narrower cells have no room for one
    at = 0
    for tone, group in groupby(tones):
        count = len(list(group))
        if tone:
            cells = range(at, at + count) if gap else (at,)
            run = width - gap if gap else width * count
            paths[tone].extend(f"M{cell * width} 0h{run}v{ROW_HEIGHT - 1}h-{run}z" for cell in cells)
        at += count
    body = "".join(f'<path class="fill {tone}" d="{"".join(each)}"/>' for tone, each in paths.items() if each)
    size = f'width="{len(tones) * width}" height="{ROW_HEIGHT}"'
    return f'<svg class="strip" aria-hidden="true" {size}>{body}</svg>'
