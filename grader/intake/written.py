"""Find what a student wrote where a person judges it: their own text and code, and never the release's."""

from __future__ import annotations

from collections.abc import Sequence

from grader.intake.notebooks import Cell

MOST_WRITTEN = 20_000
"""Characters of one answer that are kept for a person to read."""


def written(released: Sequence[Cell], submitted: Sequence[Cell], cell_id: str) -> tuple[Cell, ...]:
    """Return the cells that a student wrote in the place of a released one, or beside it.

    They stand between the neighbours of that cell which both notebooks have, and differ from what was released.
    """
    number = next((number for number, cell in enumerate(released) if cell.id == cell_id), None)
    if number is None:
        return ()
    known = {_text(cell) for cell in released}
    before = (_place(cell, submitted) for cell in reversed(released[:number]))
    after = (_place(cell, submitted) for cell in released[number + 1 :])
    start = next((place + 1 for place in before if place is not None), 0)
    end = next((place for place in after if place is not None and place >= start), len(submitted))
    own = [at for at, cell in enumerate(submitted) if cell.id == cell_id]  # wherever it was moved to
    places = sorted({*range(start, end), *own})
    return tuple(submitted[at] for at in places if _text(submitted[at]) and _text(submitted[at]) not in known)


def _place(cell: Cell, submitted: Sequence[Cell]) -> int | None:
    """Return where a released cell is in a submission, by its id or else by its text."""
    ids = (at for at, each in enumerate(submitted) if cell.id and each.id == cell.id)
    texts = (at for at, each in enumerate(submitted) if _text(cell) and _text(each) == _text(cell))
    return next(ids, next(texts, None))


def _text(cell: Cell) -> str:
    return "\n".join(line.rstrip() for line in cell.source.strip().splitlines())


def as_written(cells: Sequence[Cell]) -> str:
    """Return the texts of cells one below the other."""
    return "\n\n".join(cell.source.strip("\n") for cell in cells)[:MOST_WRITTEN]
