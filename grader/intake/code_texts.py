"""Keep what a student wrote as people are to read it, with the lines that were handed out told apart."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import PurePosixPath

from grader.course.regions import AuthoringError, stub
from grader.intake.cells import lines_in
from grader.intake.contents import Contents
from grader.intake.given_code import is_given
from grader.intake.layout import ResolvedLayout
from grader.intake.mended import text_of
from grader.intake.names import printable
from grader.intake.notebooks import Cell, CellPython, Notebook, cell_python, read_notebook
from grader.intake.placement import Placement
from grader.intake.release import ReleaseSource
from grader.results import AnswerLines, CodeText

MOST_TEXTS, MOST_LINES = 80, 3_000
"""Texts that are kept of one submission, and lines of one."""

MOST_CHARACTERS, MOST_TOGETHER = 120_000, 400_000
"""Characters of one text, and of all."""

_DEFINES = re.compile(r"(?:(?:async[ \t]+)?(?:def|class)[ \t]+)(\w+)|(\w+)[ \t]*(?::[^=\n]+)?=(?!=)")
_GOES_ON = re.compile(r"[\s#)\]}]")
"""How a line begins that belongs to a definition before it."""


def code_texts(
    contents: Contents,
    complete: Contents,
    resolved: ResolvedLayout,
    placement: Placement,
    release: ReleaseSource,
    released_as: Mapping[str, Notebook],
) -> tuple[CodeText, ...]:
    """Return the files in which a submission answers, others of its own, and the cells that were not handed out.

    Parameters
    ----------
    complete
        The `contents` with notebooks read, and modules made of their cells: those nobody wrote.
    released_as
        Released name to submitted notebook.
    """
    found: dict[str, CodeText] = {}
    left = MOST_TOGETHER
    modules = _modules(contents, resolved, placement, release)
    for each in (*modules, *_cells(contents, complete, resolved, placement, release, released_as)):
        if left <= 0 or len(found) == MOST_TEXTS:
            break
        kept = _cut(each, min(left, MOST_CHARACTERS))
        left -= len(kept.text)
        found.setdefault(kept.name, kept)
    return tuple(found.values())


def given_lines(handed_out: Sequence[str], lines: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """Return the runs of `lines`, first and last from 1, that are in what was handed out, in the same order."""
    one, other = ([line.rstrip() for line in each] for each in (handed_out, lines))
    blocks = SequenceMatcher(None, one, other).get_matching_blocks()
    return tuple((each.b + 1, each.b + each.size) for each in blocks if each.size)


def _modules(
    contents: Contents, resolved: ResolvedLayout, placement: Placement, release: ReleaseSource
) -> Iterator[CodeText]:
    places: dict[str, list[str]] = defaultdict(list)
    for place, path in placement.files.items():
        places[path].append(place)
    complete = {PurePosixPath(path).name for path in release.complete}
    holders = dict.fromkeys(resolved.holders.values())
    others = (
        path
        for path, source in resolved.sources.items()
        if path in places and path not in holders
        if PurePosixPath(path).name not in complete and not is_given(source, release)
    )
    for path in (*holders, *others):
        if path in contents.files:
            symbols = [symbol for symbol, holder in resolved.holders.items() if holder == path]
            homes = Counter(release.homes[symbol] for symbol in symbols)
            home = homes.most_common(1)[0][0] if homes else ""
            text, _ = text_of(contents.files[path])
            yield _text(printable(path), text, release.stubs.get(home, ""), symbols, places[path])


def _cells(
    contents: Contents,
    complete: Contents,
    resolved: ResolvedLayout,
    placement: Placement,
    release: ReleaseSource,
    released_as: Mapping[str, Notebook],
) -> Iterator[CodeText]:
    symbols = [each for each in release.homes if resolved.holders.get(each) not in contents.files]
    made = [
        (place, text_of(complete.files[path])[0])
        for place, path in placement.files.items()
        if path in complete.files and path not in contents.files
    ]
    python = CellPython()
    names = {id(notebook): name for name, notebook in released_as.items()}
    for path, notebook in complete.notebooks.items():
        name = names.get(id(notebook), "")
        released = _released(name, release.notebooks[name]) if name in release.notebooks else ()
        texts = {cell.source.strip() for cell in released}
        by_id = {cell.id: cell.source for cell in released if cell.id}
        for number, cell in enumerate(notebook.cells, 1):
            if cell.kind == "code" and (own := cell.source.strip("\n")).strip() not in {"", *texts}:
                called = f"{printable(path)}, cell {number}"
                kept = _text(called, own, by_id.get(cell.id, "").strip("\n"), symbols, ())
                yield _found_in(made, kept, cell.source, python)


def _found_in(made: Sequence[tuple[str, str]], kept: CodeText, source: str, python: CellPython) -> CodeText:
    """Return a cell with the lines of the module that was made of it, so that an error there is found here."""
    skipped = len(source) - len(source.lstrip("\n"))  # blank lines before the first that is kept
    for place, module in made:
        lines = sorted((at, line - skipped) for at, line in lines_in(module, source, python).items())
        if lines:
            return replace(kept, places=(place,), lines=tuple(lines))
    return kept


@lru_cache(maxsize=32)  # a class hands in the same few notebooks
def _released(name: str, data: bytes) -> tuple[Cell, ...]:
    """Return the cells of code of a notebook as students received them."""
    return tuple(_stub(name, cell) for cell in read_notebook(data).cells if cell.kind == "code")


def _stub(name: str, cell: Cell) -> Cell:
    try:
        return replace(cell, source=stub(cell.source, name, cell_python))
    except AuthoringError:  # the release says so; here it only costs the comparison of one cell
        return cell


def _text(
    name: str, text: str, handed_out: str, symbols: Collection[str], places: Collection[str]
) -> CodeText:
    all_lines = text.split("\n")
    lines = all_lines[:MOST_LINES]
    return CodeText(
        name=name,
        text="\n".join(lines),
        given=given_lines(handed_out.split("\n"), lines) if handed_out else (),
        answers=tuple(_definitions(lines, symbols)),
        places=tuple(places),
        left_out=len(all_lines) - len(lines),
    )


def _definitions(lines: Sequence[str], symbols: Collection[str]) -> Iterator[AnswerLines]:
    """Find where answers are defined by their lines alone: also where a file does not parse. The last one counts."""
    first = {}
    for number, line in enumerate(lines, 1):
        found = _DEFINES.match(line)
        if found and (name := found[1] or found[2]) in symbols:
            first[name] = number
    for name, start in first.items():
        below = enumerate(lines[start:], start + 1)
        end = next((number for number, line in below if line and not _GOES_ON.match(line)), len(lines) + 1)
        while end - 1 > start and not lines[end - 2].strip():
            end -= 1
        yield AnswerLines(name, start, end - 1)


def _cut(kept: CodeText, most: int) -> CodeText:
    if len(kept.text) <= most:
        return kept
    whole = kept.text[:most].rpartition("\n")[0] or kept.text[:most]
    lines = whole.count("\n") + 1
    left_out = kept.left_out + kept.text.count("\n") + 1 - lines
    given = tuple((first, min(last, lines)) for first, last in kept.given if first <= lines)
    answers = tuple(replace(each, last=min(each.last, lines)) for each in kept.answers if each.first <= lines)
    return replace(kept, text=whole, given=given, answers=answers, left_out=max(left_out, 1))
