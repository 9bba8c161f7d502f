"""Find out which submitted cell is which released cell, by id, then by content, then by syntax tree."""

from __future__ import annotations

import ast
import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from grader.authoring.notebooks import ANSWER_TAG, cell_python
from grader.notebooks.cells import Cell

LEAST_ALIKE = 0.6
"""Share of lines that a changed given cell has in common with the released one (`difflib`'s ratio)."""

LEAST_FRAME = 0.5
"""Share of a released answer cell's lines, its banners and hints, that its answered cell still holds."""

_MOST_CHARACTERS, _MOST_MAGICS = 20_000, 20
_MAGIC = re.compile(r"^[ \t]*+[%!?,;/]|=[ \t]*+[%!]|\?[ \t]*+$", re.MULTILINE)

_MOST_LINES = 400
"""Longer cells are compared by their beginnings: comparing lines takes the product of their numbers."""

_MOST_PAIRS = 4000
"""More pairs of cells than this are not compared line by line; no class hands in such notebooks by accident."""


class How(StrEnum):
    """By what a cell was recognised."""

    ID = "id"
    CONTENT = "content"
    TREE = "syntax tree"
    SPLIT = "its parts"
    LIKENESS = "likeness"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Match:
    """One released code cell and the submitted cells that it became.

    Attributes
    ----------
    released
        Index of the released cell.
    submitted
        Indices of the submitted cells in their order: none when it was deleted, several when it was split.
    """

    released: int
    submitted: tuple[int, ...]
    how: How


@dataclass(frozen=True, slots=True)
class Matching:
    """All released code cells in the order of the release, and what else there is.

    Attributes
    ----------
    copies
        Submitted cells that repeat a released cell that was matched already, or an unanswered stub.
    own
        Submitted code cells that the student added, each with the released code cell that it comes after: its
        index, or -1 for a cell before all of them.
    """

    matches: tuple[Match, ...]
    copies: tuple[int, ...] = ()
    own: tuple[tuple[int, int], ...] = ()


@dataclass
class _Search:
    """What has been matched so far; each step takes from what is left."""

    released: Sequence[Cell]
    submitted: Sequence[Cell]
    found: dict[int, tuple[tuple[int, ...], How]] = field(default_factory=dict)
    taken: set[int] = field(default_factory=set)

    def take(self, number: int, cells: Iterable[int], how: How) -> None:
        """Match the released cell `number` with submitted cells."""
        self.found[number] = (tuple(cells), how)
        self.taken.update(self.found[number][0])

    def wanted(self) -> list[int]:
        """Return the released code cells that are not matched yet."""
        return [at for at, cell in enumerate(self.released) if cell.kind == "code" and at not in self.found]

    def left(self) -> list[int]:
        """Return the submitted code cells that are not matched yet."""
        cells = enumerate(self.submitted)
        return [
            at for at, cell in cells if cell.kind == "code" and at not in self.taken and cell.source.strip()
        ]


def match_cells(released: Sequence[Cell], submitted: Sequence[Cell]) -> Matching:
    """Match the code cells of a submission with those of the release.

    Parameters
    ----------
    released
        The cells as students received them, answers stubbed.
    """
    search = _Search(released, submitted)
    for step in (_by_id, _by_content, _by_tree, _by_parts, _by_likeness):
        step(search)
    for number in search.wanted():
        search.take(number, (), How.MISSING)
    matches = tuple(Match(number, *search.found[number]) for number in sorted(search.found))
    copies = tuple(at for at in search.left() if _repeats(submitted[at], released))
    search.taken.update(copies)
    return Matching(matches, copies, tuple(_own(search)))


def is_answer(cell: Cell) -> bool:
    """Say whether a released cell is one that a student completes."""
    return ANSWER_TAG in cell.tags


def same_code(first: str, second: str) -> bool:
    """Say whether two sources are the same program: comments, blank lines and formatting do not count."""
    return _text(first) == _text(second) or (bool(_tree(first)) and _tree(first) == _tree(second))


def _by_id(search: _Search) -> None:
    places = {cell.id: at for at, cell in enumerate(search.submitted) if cell.id and cell.kind == "code"}
    for number in search.wanted():
        cell = search.released[number]
        at = places.get(cell.id)
        if at is not None and not (is_answer(cell) and _unanswered(search.submitted[at], cell)):
            search.take(number, (at,), How.ID)


def _by_content(search: _Search) -> None:
    """Match given cells with the same text, and answer cells with the last one that still has its frame."""
    for number in search.wanted():
        cell = search.released[number]
        if is_answer(cell):
            framed = [at for at in search.left() if _frames(cell, search.submitted[at])]
            answered = [at for at in framed if not _unanswered(search.submitted[at], cell)]
            chosen = (answered or framed)[-1:]
        else:
            chosen = [at for at in search.left() if _text(search.submitted[at].source) == _text(cell.source)][
                :1
            ]
        if chosen:
            search.take(number, chosen, How.CONTENT)


def _by_tree(search: _Search) -> None:
    for number in search.wanted():
        tree = _tree(search.released[number].source)
        chosen = [at for at in search.left() if tree and _tree(search.submitted[at].source) == tree]
        if chosen:
            search.take(number, chosen[:1], How.TREE)


def _by_parts(search: _Search) -> None:
    """Match a cell with neighbours that together are the same statements."""
    for number in search.wanted():
        tree = _tree(search.released[number].source)
        left = search.left()
        for start in range(len(left) if len(tree) > 1 else 0):
            parts = _run(left[start:], search.submitted, tree)
            if parts:
                search.take(number, parts, How.SPLIT)
                break


def _run(left: Sequence[int], submitted: Sequence[Cell], tree: tuple[str, ...]) -> list[int]:
    """Return the cells that `left` begins with, if their statements one after another are those of `tree`."""
    parts: list[int] = []
    done = 0
    for at in left:
        statements = _tree(submitted[at].source)
        if not statements or tree[done : done + len(statements)] != statements:
            return []
        parts.append(at)
        done += len(statements)
        if done == len(tree):
            return parts
    return []


def _by_likeness(search: _Search) -> None:
    """Match what has been edited, the most alike first."""
    wanted, left = search.wanted(), search.left()
    if len(wanted) * len(left) > _MOST_PAIRS:
        return
    pairs = {
        (number, at): _alike(search.released[number], search.submitted[at])
        for number in wanted
        for at in left
    }
    for number, at in sorted(pairs, key=lambda pair: (-pairs[pair], pair)):
        if pairs[number, at] >= LEAST_ALIKE and number not in search.found and at not in search.taken:
            search.take(number, (at,), How.LIKENESS)


def _alike(first: Cell, second: Cell) -> float:
    lines = [_text(cell.source)[:_MOST_LINES] for cell in (first, second)]
    matcher = difflib.SequenceMatcher(None, lines[0], lines[1], autojunk=False)
    # Each is an upper bound of the next and far cheaper.
    if min(matcher.real_quick_ratio(), matcher.quick_ratio()) < LEAST_ALIKE:
        return 0.0
    return matcher.ratio()


def _frames(released: Cell, submitted: Cell) -> bool:
    """Say whether a cell still holds most of the lines of a released answer cell."""
    frame = set(_text(released.source))
    return bool(frame) and len(frame & set(_text(submitted.source))) >= LEAST_FRAME * len(frame)


def _unanswered(cell: Cell, released: Cell) -> bool:
    return not cell.source.strip() or _text(cell.source) == _text(released.source)


def _repeats(cell: Cell, released: Sequence[Cell]) -> bool:
    return any(each.kind == "code" and same_code(cell.source, each.source) for each in released)


def _own(search: _Search) -> Iterator[tuple[int, int]]:
    """Give each cell that is left with the released cell that the submission has before it."""
    places = {at: number for number, (cells, _how) in search.found.items() for at in cells}
    left = set(search.left())
    before = -1
    for at in range(len(search.submitted)):
        before = places.get(at, before)
        if at in left:
            yield at, before


@lru_cache(maxsize=1024)  # every step looks at the same cells
def _text(source: str) -> tuple[str, ...]:
    """Return the lines that are not blank, without space at their ends."""
    return tuple(stripped for line in source.splitlines() if (stripped := line.rstrip()))


@lru_cache(maxsize=1024)
def _tree(source: str) -> tuple[str, ...]:
    """Return one text per statement, the same for the same program; none where the source does not parse.

    None either for a source that no released cell comes near: IPython reads it again for each of its magics.
    """
    if len(source) > _MOST_CHARACTERS or len(_MAGIC.findall(source)) > _MOST_MAGICS:
        return ()
    try:
        return tuple(ast.dump(node) for node in ast.parse(cell_python(source)).body)
    except (SyntaxError, ValueError, RuntimeError, MemoryError):
        return ()
