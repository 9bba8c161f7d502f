"""Make the notebook to run: given cells from the release, answers and own cells from the student.

A submitted cell is recognised by its id, then by its content, by its syntax tree, by its parts, and last by how much
of a released cell it still holds. A stub that nobody touched gives way to an answered copy of it.
"""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import islice

from grader.authoring.notebooks import ANSWER_TAG
from grader.intake.notebooks import MOST_CODE, Cell, CellPython, Notebook, Stored
from grader.intake.source import parse
from grader.intake.written import as_written, written

LEAST_ALIKE = 0.6
"""Share of lines that a changed given cell has in common with the released one (`difflib`'s ratio)."""

LEAST_FRAME = 0.5
"""Share of a released answer cell's lines, its banners and hints, that its answered cell still holds."""

MISSING = "The given cell {name} was deleted; it ran as released."
NO_ANSWER = "The answer cell {name} was deleted; the empty one ran."
OTHER_RELEASE = (
    "The notebook is of another release: {count} of {total} given cells are other ones now, which ran."
)
MOVED = "Cells were moved; they ran in the order of the release."
EDITED = "The given cell {name} was changed; it ran as released."
SPLIT = "The cell {name} was split into {count}."
COPIES = "{count} copies of released cells were left out."
SHARED_ID = "Cell {number} has the id of an earlier cell, as copies do; it was matched by its content."

_MOST_CHARACTERS = 20_000
"""Longer cells are compared by their lines: no released cell comes near."""

_MOST_PARSED = 2 * MOST_CODE
"""Characters of both notebooks that are parsed; what is left is compared by its lines."""

_MOST_LINES = 400
"""Longer cells are compared by their beginnings: comparing lines takes the product of their numbers."""

LEAST_GIVEN, LEAST_OURS = 6, 0.5
"""Given cells, and the share of them, below which a notebook without them is of another release."""

_MOST_TOLD = 10
_MOST_PAIRS = 4000
"""More pairs of cells than this are not compared line by line; no class hands in such notebooks by accident."""


class How(StrEnum):
    """By what a cell was recognised."""

    ID = "id"
    CONTENT = "content"
    TREE = "syntax tree"
    SPLIT = "its parts"
    SIMILARITY = "similarity"
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
    changed
        Of a given cell that the student changed: what they made of it, with the outputs that are stored for that.
    """

    cell: Cell
    origin: Origin
    stored: Stored = field(default_factory=Stored)
    changed: MergedCell | None = None


@dataclass(frozen=True, slots=True)
class Merged:
    """The notebook to run, and what staff may want to know about how it came to be."""

    cells: tuple[MergedCell, ...]
    remarks: tuple[str, ...] = ()

    @property
    def as_handed_in(self) -> Merged:
        """The same with the given cells as the student changed them."""
        return Merged(tuple(each.changed or each for each in self.cells), self.remarks)


def merge(released: Notebook, submitted: Notebook) -> Merged:
    """Return the notebook to run.

    Parameters
    ----------
    released
        The notebook as students received it, answers stubbed: what the submission lacks is taken from it.
    """
    programs = Programs()
    matching = match_cells(released.cells, submitted.cells, programs)
    matches = {match.released: match for match in matching.matches}
    cells = [*_own_after(-1, matching, released, submitted)]
    for number, cell in enumerate(released.cells):
        if number in matches:
            theirs = [submitted.cells[at] for at in matches[number].submitted]
            cells.append(_merged(cell, theirs, programs))
        else:
            cells.append(_text(cell, released, submitted))
        cells += _own_after(number, matching, released, submitted)
    return Merged(tuple(cells), tuple(_remarks(matching, released, submitted, programs)))


def _text(cell: Cell, released: Notebook, submitted: Notebook) -> MergedCell:
    """Return a text cell: what the student wrote where an answer in words was asked for, else as released."""
    own = written(released.cells, submitted.cells, cell.id) if is_answer(cell) else ()
    words = as_written([each for each in own if each.kind == "markdown"])
    return MergedCell(replace(cell, source=words), Origin.ANSWER) if words else MergedCell(cell, Origin.GIVEN)


def match_cells(
    released: Sequence[Cell], submitted: Sequence[Cell], programs: Programs | None = None
) -> Matching:
    """Match the code cells of a submission with those of the release.

    Parameters
    ----------
    released
        The cells as students received them, answers stubbed.
    """
    search = _Search(released, submitted, programs or Programs())
    for step in (search.by_id, search.by_content, search.by_tree, search.by_parts, search.by_similarity):
        step()
    for number in search.wanted():
        search.take(number, (), How.MISSING)
    matches = tuple(Match(number, *search.found[number]) for number in sorted(search.found))
    copies = tuple(at for at in search.left() if search.repeats(at))
    search.taken.update(copies)
    return Matching(matches, copies, tuple(search.own()))


def is_answer(cell: Cell) -> bool:
    """Say whether a released cell is one that a student completes."""
    return ANSWER_TAG in cell.tags


class Programs:
    """Looks at cells as programs, and remembers what it saw; of two notebooks it parses as much as may be parsed."""

    def __init__(self) -> None:
        self._lines: dict[str, tuple[str, ...]] = {}
        self._trees: dict[str, tuple[str, ...]] = {}
        self._left = _MOST_PARSED
        self._python = CellPython()

    def lines(self, source: str) -> tuple[str, ...]:
        """Return the lines that are not blank, without space at their ends."""
        if source not in self._lines:
            stripped = (line.rstrip() for line in source.splitlines())
            self._lines[source] = tuple(line for line in stripped if line)
        return self._lines[source]

    def tree(self, source: str) -> tuple[str, ...]:
        """Return one text per statement, the same for the same program; none where the source does not parse."""
        if source not in self._trees:
            self._trees[source] = self._parsed(source)
        return self._trees[source]

    def same(self, first: str, second: str) -> bool:
        """Say whether two sources are the same program: comments, blank lines and formatting do not count."""
        if self.lines(first) == self.lines(second):
            return True
        return bool(self.tree(first)) and self.tree(first) == self.tree(second)

    def _parsed(self, source: str) -> tuple[str, ...]:
        if len(source) > min(_MOST_CHARACTERS, self._left):
            return ()
        self._left -= len(source)
        try:
            return tuple(ast.dump(node) for node in parse(self._python.of(source)).body)
        except (SyntaxError, ValueError, RuntimeError, MemoryError):
            return ()


@dataclass
class _Search:
    """What has been matched so far; each step takes from what is left."""

    released: Sequence[Cell]
    submitted: Sequence[Cell]
    programs: Programs
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

    def by_id(self) -> None:
        """Match cells with the same id; of copies, which share it, the first. Stubs wait: a copy may be answered."""
        places: dict[str, int] = {}
        for at, cell in enumerate(self.submitted):
            if cell.id and cell.kind == "code":
                places.setdefault(cell.id, at)
        for number in self.wanted():
            at = places.get(self.released[number].id, -1)
            if at >= 0 and not (is_answer(self.released[number]) and self._unanswered(at, number)):
                self.take(number, (at,), How.ID)

    def by_content(self) -> None:
        """Match given cells with the same text, and answer cells with one that still has their frame."""
        for number in self.wanted():
            if is_answer(self.released[number]):
                chosen = self._framed(number)
            else:
                lines = self._released_lines(number)
                chosen = [at for at in self.left() if self._lines(at) == lines][:1]
            if chosen:
                self.take(number, chosen, How.CONTENT)

    def _framed(self, number: int) -> list[int]:
        """Return the cell for an answer cell: of copies the last answered one, of stubs that look alike each its own.

        Those are told apart by their ids and, without, by their order.
        """
        lines = self._released_lines(number)
        alike = [each for each in self.wanted() if self._released_lines(each) == lines]
        found = [at for at in self.left() if number in self._frames(at)]
        while len(found) > len(alike):
            found.remove(next((at for at in found if self._unanswered(at, number)), found[0]))
        ids = [self.released[each].id for each in alike]
        own = [at for at in found if self.submitted[at].id == self.released[number].id != ""]
        return (own or [at for at in found if self.submitted[at].id not in ids or not ids[0]])[:1]

    def by_tree(self) -> None:
        """Match cells that are the same program, whatever their comments and layout."""
        for number in self.wanted():
            tree = self.programs.tree(self.released[number].source)
            chosen = [at for at in self.left() if tree and self._tree(at) == tree]
            if chosen:
                self.take(number, chosen[:1], How.TREE)

    def by_parts(self) -> None:
        """Match a cell with neighbours that together are the same statements."""
        for number in self.wanted():
            tree = self.programs.tree(self.released[number].source)
            left = self.left()
            for start in range(len(left) if len(tree) > 1 else 0):
                parts = self._beginning(left[start:], tree)
                if parts:
                    self.take(number, parts, How.SPLIT)
                    break

    def by_similarity(self) -> None:
        """Match what has been edited, the most alike first."""
        wanted, left = self.wanted(), self.left()
        if len(wanted) * len(left) > _MOST_PAIRS:
            return
        pairs = {(number, at): self._alike(number, at) for number in wanted for at in left}
        for number, at in sorted(pairs, key=lambda pair: (-pairs[pair], pair)):
            if pairs[number, at] >= LEAST_ALIKE and number not in self.found and at not in self.taken:
                self.take(number, (at,), How.SIMILARITY)

    def repeats(self, at: int) -> bool:
        """Say whether a submitted cell is the same program as a released one."""
        source = self.submitted[at].source
        return any(each.kind == "code" and self.programs.same(source, each.source) for each in self.released)

    def own(self) -> Iterator[tuple[int, int]]:
        """Give each cell that is left with the released cell that the submission has before it."""
        places = {at: number for number, (cells, _how) in self.found.items() for at in cells}
        left = set(self.left())
        before = -1
        for at in range(len(self.submitted)):
            before = places.get(at, before)
            if at in left:
                yield at, before

    def _lines(self, at: int) -> tuple[str, ...]:
        return self.programs.lines(self.submitted[at].source)

    def _released_lines(self, number: int) -> tuple[str, ...]:
        return self.programs.lines(self.released[number].source)

    def _tree(self, at: int) -> tuple[str, ...]:
        return self.programs.tree(self.submitted[at].source)

    def _frames(self, at: int) -> list[int]:
        """Return the released answer cells, most often one, of which a cell holds the most lines, and at least half."""
        lines, held = self._lines(at), dict[int, tuple[int, float]]()
        for number, cell in enumerate(self.released):
            frame = set(self._released_lines(number)) if cell.kind == "code" else set()
            if frame and not is_answer(cell) and lines == self._released_lines(number):
                return []
            count = len(frame.intersection(lines)) if is_answer(cell) else 0
            if count and count >= LEAST_FRAME * len(frame):
                held[number] = (count, count / len(frame))
        return [number for number, each in held.items() if each == max(held.values())]

    def _unanswered(self, at: int, number: int) -> bool:
        return not self._lines(at) or self._lines(at) == self._released_lines(number)

    def _beginning(self, left: Sequence[int], tree: tuple[str, ...]) -> list[int]:
        """Return the cells that `left` begins with, if their statements one after another are those of `tree`."""
        parts: list[int] = []
        done = 0
        for at in left:
            statements = self._tree(at)
            if not statements or tree[done : done + len(statements)] != statements:
                return []
            parts.append(at)
            done += len(statements)
            if done == len(tree):
                return parts
        return []

    def _alike(self, number: int, at: int) -> float:
        ours, theirs = self._released_lines(number)[:_MOST_LINES], self._lines(at)[:_MOST_LINES]
        matcher = difflib.SequenceMatcher(None, ours, theirs, autojunk=False)
        # Each is an upper bound of the next and far cheaper.
        if min(matcher.real_quick_ratio(), matcher.quick_ratio()) < LEAST_ALIKE:
            return 0.0
        return matcher.ratio()


def _merged(cell: Cell, theirs: Sequence[Cell], programs: Programs) -> MergedCell:
    """Return a released code cell as it is run: answered by the student, or as released."""
    source = "\n".join(each.source for each in theirs)
    all_stored = [each.stored for each in theirs]
    stored = Stored(
        "\n".join(filter(None, (each.text for each in all_stored))),
        any(each.there for each in all_stored),
        any(each.failed for each in all_stored),
    )
    if is_answer(cell):
        return MergedCell(replace(cell, source=source) if theirs else cell, Origin.ANSWER, stored)
    if programs.same(source, cell.source):
        return MergedCell(cell, Origin.GIVEN, stored)
    changed = MergedCell(replace(cell, source=source), Origin.GIVEN, stored) if theirs else None
    return MergedCell(cell, Origin.GIVEN, changed=changed)


def _own_after(
    number: int, matching: Matching, released: Notebook, submitted: Notebook
) -> Iterator[MergedCell]:
    """Give the student's own cells that follow a released one, with its tags: after slow work comes more of it."""
    tags = released.cells[number].tags if number >= 0 else ()
    for at, before in matching.own:
        if before == number:
            cell = submitted.cells[at]
            yield MergedCell(Cell(cell.kind, cell.source, "", tags), Origin.OWN, cell.stored)


def _remarks(
    matching: Matching, released: Notebook, submitted: Notebook, programs: Programs
) -> Iterator[str]:
    """Give one sentence per thing that staff may want to know."""
    given: dict[Match, str] = {}
    for match in matching.matches:
        cell = released.cells[match.released]
        name = cell.id or f"number {match.released + 1}"
        if is_answer(cell):
            yield from (NO_ANSWER.format(name=name),) if match.how is How.MISSING else ()
        elif match.how is How.MISSING:
            given[match] = MISSING.format(name=name)
        elif match.how is not How.SPLIT and not programs.same(
            submitted.cells[match.submitted[0]].source, cell.source
        ):
            given[match] = EDITED.format(name=name)
        if match.how is How.SPLIT:
            yield SPLIT.format(name=name, count=len(match.submitted))
    total = sum(not is_answer(released.cells[match.released]) for match in matching.matches)
    if total >= LEAST_GIVEN and len(given) > LEAST_OURS * total:
        yield OTHER_RELEASE.format(count=len(given), total=total)
    else:
        yield from given.values()
    places = [match.submitted[0] for match in matching.matches if match.submitted]
    if places != sorted(places):
        yield MOVED
    if matching.copies:
        yield COPIES.format(count=len(matching.copies))
    ids = [cell.id for cell in submitted.cells]
    shared = (number for number, id in enumerate(ids) if id and id in ids[:number])
    yield from (SHARED_ID.format(number=number + 1) for number in islice(shared, _MOST_TOLD))
