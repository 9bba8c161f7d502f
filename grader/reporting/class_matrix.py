"""The check-by-student matrix: a row of coloured cells for each check, students from best to weakest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from grader.course.assignment import Assignment
from grader.reporting.outcomes import FACES
from grader.reporting.standing import is_advice, percent
from grader.results import CheckResult, Outcome, SubmissionReport

_WIDEST, _NARROWEST = 18, 2
_ROOM = 800
"""Pixels that the matrix of a middling class fits in; a large one scrolls."""

MISSING = "-"
LETTERS = MappingProxyType({outcome: "abcdefghijklmnop"[place] for place, outcome in enumerate(Outcome)})
"""One letter per outcome: a row of a thousand cells travels to the page as a thousand letters."""


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One check over the class.

    Attributes
    ----------
    check
        As it came out for the first student who has it; of its outcome nothing is shown.
    outcomes
        One for each student, None where the check was not tried.
    """

    part: str
    check: CheckResult
    outcomes: tuple[Outcome | None, ...]

    @property
    def advice(self) -> bool:
        """Whether the check costs nothing."""
        return is_advice(self.check)

    @property
    def cells(self) -> str:
        """A letter of `LETTERS` for each student, `MISSING` where the check was not tried."""
        return "".join(MISSING if each is None else LETTERS[each] for each in self.outcomes)

    @property
    def tones(self) -> list[str]:
        """The colour of each cell, empty where the check was not tried."""
        return ["" if each is None else FACES[each].tone for each in self.outcomes]

    @property
    def passed(self) -> float | None:
        """Percentage of those it was tried on who passed; None where nobody was."""
        judged = [each for each in self.outcomes if each is not None and not each.excused]
        return 100 * judged.count(Outcome.PASSED) / len(judged) if judged else None


@dataclass(frozen=True, slots=True)
class CheckMatrix:
    """Rows in the order of the assignment's parts; `names` are the columns' ids, best score first."""

    names: tuple[str, ...]
    percents: tuple[float, ...]
    rows: tuple[MatrixRow, ...]

    @property
    def cell_width(self) -> int:
        """Pixels of a cell."""
        return max(_NARROWEST, min(_WIDEST, _ROOM // max(len(self.names), 1)))

    @property
    def letter_words(self) -> dict[str, str]:
        """What a letter of `cells` is called."""
        return {letter: FACES[outcome].word for outcome, letter in LETTERS.items()} | {MISSING: "Not tried"}

    @property
    def groups(self) -> Mapping[str, list[MatrixRow]]:
        """The rows by the titles of their parts."""
        found: dict[str, list[MatrixRow]] = {}
        for row in self.rows:
            found.setdefault(row.part, []).append(row)
        return found


def check_matrix(submissions: Sequence[SubmissionReport], assignment: Assignment) -> CheckMatrix:
    """Lay out every check of every submission that has a result."""
    ranked = sorted(
        (each for each in submissions if not each.error), key=lambda each: (-(percent(each) or 0.0), each.id)
    )
    results = [{check.id: check for check in each.checks} for each in ranked]
    first: dict[str, CheckResult] = {}
    for checks in results:
        for id_, check in checks.items():
            first.setdefault(id_, check)
    titles = {part.id: part.title for part in assignment.parts}
    order = {part: place for place, part in enumerate(titles)}
    listed = sorted(first.values(), key=lambda check: (order.get(check.part, len(order)), is_advice(check)))
    rows = [
        MatrixRow(
            titles.get(check.part, check.part),
            check,
            tuple(each[check.id].outcome if check.id in each else None for each in results),
        )
        for check in listed
    ]
    return CheckMatrix(
        tuple(each.id for each in ranked), tuple(percent(each) or 0.0 for each in ranked), tuple(rows)
    )
