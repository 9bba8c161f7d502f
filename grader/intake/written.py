"""Find what a student wrote where a person judges it: their own text and code, and never the release's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain

from grader.intake.notebooks import Cell

TEXT_STUB = "*Your answer goes here, in place of this text.*"
"""What students find where a text is to be written."""

MOST_WRITTEN = 20_000
"""Characters of one answer that are kept for a person to read."""

_CUT = "\n\n... {:,} more characters, which are in the file that was handed in."


def written(released: Sequence[Cell], submitted: Sequence[Cell], cell_id: str) -> tuple[Cell, ...]:
    """Return the cells that a student wrote in the place of a released one, or beside it.

    They stand between the neighbours of that cell which both notebooks have, and differ from what was released.
    """
    number = next((number for number, cell in enumerate(released) if cell.id == cell_id), None)
    if number is None:
        return ()
    known = {_text(cell) for cell in released}
    texts = list(map(_text, submitted))

    def place(cell: Cell) -> int | None:
        """Return where a released cell is in the submission, by its id or else by its text."""
        text = _text(cell)
        by_id = (at for at, each in enumerate(submitted) if cell.id and each.id == cell.id)
        by_text = (at for at, each in enumerate(texts) if text and each == text)
        return next(chain(by_id, by_text), None)

    before = map(place, reversed(released[:number]))
    after = map(place, released[number + 1 :])
    start = next((at + 1 for at in before if at is not None), 0)
    end = next((at for at in after if at is not None and at >= start), len(submitted))
    own = [at for at, cell in enumerate(submitted) if cell.id == cell_id]  # wherever it was moved to
    places = sorted({*range(start, end), *own})
    return tuple(submitted[at] for at in places if texts[at] and texts[at] not in known)


def _text(cell: Cell) -> str:
    return "\n".join(line.rstrip() for line in cell.source.strip().splitlines())


def as_written(cells: Sequence[Cell]) -> str:
    """Return the texts of cells one below the other, as Markdown: code stands between fences.

    What is longer than is kept ends with how much more there is: who judges it has to know.
    """
    text = "\n\n".join(map(_text_of, cells))
    if len(text) <= MOST_WRITTEN:
        return text
    kept = MOST_WRITTEN - len(_CUT.format(len(text)))
    return f"{text[:kept]}{_CUT.format(len(text) - kept)}"


def _text_of(cell: Cell) -> str:
    text = cell.source.strip("\n")
    if cell.kind != "code" or not text:
        return text
    fence = "`" * (1 + max([2, *map(len, re.findall("`+", text))]))
    return f"{fence}python\n{text}\n{fence}"
