"""Make the notebook to run: given cells from the release, answers and own cells from the student."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from grader.notebooks.cells import Cell, Notebook, Output
from grader.notebooks.matching import How, Match, Matching, is_answer, match_cells, same_code

MISSING = "The given cell {name} was deleted; it ran as released."
NO_ANSWER = "The answer cell {name} was deleted; the empty one ran."
MOVED = "Cells were moved; they ran in the order of the release."
EDITED = "The given cell {name} was changed; it ran as released."
SPLIT = "The cell {name} was split into {count}."
COPIES = "{count} copies of released cells were left out."


class Origin(StrEnum):
    """Whose cell it is."""

    GIVEN = "given"
    ANSWER = "answer"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class MergedCell:
    """One cell of the notebook to run.

    Attributes
    ----------
    stored
        The outputs that the submission stores for this very code; empty where its code is another one.
    """

    cell: Cell
    origin: Origin
    stored: tuple[Output, ...] = ()


@dataclass(frozen=True, slots=True)
class Merged:
    """The notebook to run, and what staff may want to know about how it came to be."""

    cells: tuple[MergedCell, ...]
    remarks: tuple[str, ...] = ()


def merge(released: Notebook, submitted: Notebook) -> Merged:
    """Return the notebook to run.

    Parameters
    ----------
    released
        The notebook as students received it, answers stubbed: what the submission lacks is taken from it.
    """
    matching = match_cells(released.cells, submitted.cells)
    matches = {match.released: match for match in matching.matches}
    cells = [*_own_after(-1, matching, released, submitted)]
    for number, cell in enumerate(released.cells):
        match = matches.get(number)
        cells.append(MergedCell(cell, Origin.GIVEN) if match is None else _merged(cell, match, submitted))
        cells += _own_after(number, matching, released, submitted)
    return Merged(tuple(cells), tuple(_remarks(matching, released, submitted)))


def _merged(cell: Cell, match: Match, submitted: Notebook) -> MergedCell:
    theirs = [submitted.cells[at] for at in match.submitted]
    source = "\n".join(each.source for each in theirs)
    if is_answer(cell):
        answered = cell if not theirs else _with_source(cell, source)
        return MergedCell(answered, Origin.ANSWER, _outputs(theirs))
    return MergedCell(cell, Origin.GIVEN, _outputs(theirs) if same_code(source, cell.source) else ())


def _with_source(cell: Cell, source: str) -> Cell:
    return Cell(cell.kind, source, cell.id, cell.tags)


def _outputs(cells: list[Cell]) -> tuple[Output, ...]:
    return tuple(output for cell in cells for output in cell.outputs)


def _own_after(
    number: int, matching: Matching, released: Notebook, submitted: Notebook
) -> Iterator[MergedCell]:
    """Give the student's own cells that follow a released one, with its tags: after slow work comes more of it."""
    tags = released.cells[number].tags if number >= 0 else ()
    for at, before in matching.own:
        if before == number:
            cell = submitted.cells[at]
            yield MergedCell(Cell(cell.kind, cell.source, "", tags), Origin.OWN, cell.outputs)


def _remarks(matching: Matching, released: Notebook, submitted: Notebook) -> Iterator[str]:
    """Give one sentence per thing that staff may want to know."""
    for match in matching.matches:
        cell = released.cells[match.released]
        name = cell.id or f"number {match.released + 1}"
        if match.how is How.MISSING:
            yield (NO_ANSWER if is_answer(cell) else MISSING).format(name=name)
        elif match.how is How.SPLIT:
            yield SPLIT.format(name=name, count=len(match.submitted))
        elif not is_answer(cell) and not same_code(submitted.cells[match.submitted[0]].source, cell.source):
            yield EDITED.format(name=name)
    places = [match.submitted[0] for match in matching.matches if match.submitted]
    if places != sorted(places):
        yield MOVED
    if matching.copies:
        yield COPIES.format(count=len(matching.copies))
