"""Merge a changed release into a student's work by structure: answers, cells, and lines of what was given.

Three texts come in: the release that the work began from, the work, and the new release. What only one side changed is
taken; what both changed stays as the student has it, and is named. An answer is never touched.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from grader.course.regions import Region, RegionError, answers, split_lines
from grader.intake.notebooks import cell_python

CONFLICT = "{place}: you and the new release changed the same lines; yours were kept."
NO_PLACE = "the new release has no place for what you wrote, so all of it was kept as you have it."
GONE_CELL = "cell {number}: the new release takes it out, but you changed it; it was kept."

_MARK = "\0"
"""Begins the line that stands for an answer."""

_DEFINED = re.compile(r"(\s*)(?:def|class)\s+(\w+)")


@dataclass(frozen=True, slots=True)
class MergedText:
    """A merged text.

    Attributes
    ----------
    text
        The work, with what is new around it.
    conflicts
        What could not be taken from the new release, a sentence each.
    """

    text: str
    conflicts: tuple[str, ...] = ()


def merge_module(base: str, mine: str, new: str) -> MergedText:
    """Merge Python with answer regions; what is new takes the line ends of the student's file."""
    if mine.count("\r\n") * 2 > mine.count("\n"):
        base, new = (text.replace("\r\n", "\n").replace("\n", "\r\n") for text in (base, new))
    if mine in (base, new):
        return MergedText(new)
    if base == new:
        return MergedText(mine)
    try:
        before, own, after = (_Module.of(text) for text in (base, mine, new))
    except RegionError:  # banners were changed: what stands between them cannot be told apart
        before, own, after = (_Module(tuple(split_lines(text)), {}) for text in (base, mine, new))
    lines, conflicts = _three_way(before.lines, own.lines, after.lines)
    written, places = own.written(before), [line for line in lines if line.startswith(_MARK)]
    if written - set(places) or len(places) != len(set(places)):
        return MergedText(mine, (NO_PLACE,))
    contents = {**own.answers, **after.answers, **{key: own.answers[key] for key in written}}
    filled = [contents.get(line, line) for line in lines]
    text = "".join(filled)
    if _parses(mine) and _parses(new) and not _parses(text):
        return MergedText(mine, (NO_PLACE,))
    return MergedText(text, tuple(_said(filled, start, count) for start, count in conflicts))


def _said(lines: Sequence[str], start: int, count: int) -> str:
    first, more = (
        sum(text.count("\n") for text in part) for part in (lines[:start], lines[start : start + count])
    )
    return CONFLICT.format(place=f"line {first + 1}" if more < 2 else f"lines {first + 1} to {first + more}")  # noqa: PLR2004


@dataclass(frozen=True, slots=True)
class _Module:
    """A source whose answers are one line each, which stands for them.

    Attributes
    ----------
    answers
        What each such line stands for.
    """

    lines: tuple[str, ...]
    answers: Mapping[str, str]

    @classmethod
    def of(cls, source: str) -> _Module:
        lines, found, start = split_lines(source), {}, 0
        kept: list[str] = []
        counts: dict[str, int] = {}
        for region in answers(source):
            name = _home(lines, region)
            counts[name] = counts.get(name, 0) + 1
            key = f"{_MARK}{name}:{counts[name]}"
            kept += [*lines[start : region.first - 1], key]
            found[key], start = region.text, region.last
        return cls((*kept, *lines[start:]), found)

    def written(self, before: _Module) -> set[str]:
        """Return the places whose answers are not as they were handed out."""
        return {key for key, text in self.answers.items() if before.answers.get(key) != text}


def _home(lines: Sequence[str], region: Region) -> str:
    """Return the definitions that an answer stands in, from the outside in."""
    names, indent = [], len(region.indent)
    for line in reversed(lines[: region.opening - 1]):
        found = _DEFINED.match(line)
        if found and len(found[1]) < indent:
            names.append(found[2])
            indent = len(found[1])
    return ".".join(reversed(names))


def _three_way(
    base: Sequence[str], mine: Sequence[str], new: Sequence[str]
) -> tuple[list[str], list[tuple[int, int]]]:
    """Merge lines: what only one side changed is taken; of what both did the student's is kept, and told where."""
    result: list[str] = []
    conflicts: list[tuple[int, int]] = []
    for was, own, other in _chunks(base, mine, new):
        if other not in (was, own) and own != was:
            conflicts.append((len(result), len(own)))
        result += other if own == was else own
    return result, conflicts


def _chunks(
    base: Sequence[str], mine: Sequence[str], new: Sequence[str]
) -> Iterator[tuple[list[str], list[str], list[str]]]:
    """Cut three texts where all agree: what lies between and what agrees, in turn."""
    own, other = _matches(base, mine), _matches(base, new)
    at = (0, 0, 0)
    for place in range(len(base)):
        if place in own and place in other and own[place] >= at[1] and other[place] >= at[2]:
            here = (place, own[place], other[place])
            if here != at:
                yield tuple(list(text[a:b]) for text, a, b in zip((base, mine, new), at, here, strict=True))  # type: ignore[misc]
            same = [base[place]]
            yield same, same, same
            at = (place + 1, own[place] + 1, other[place] + 1)
    yield list(base[at[0] :]), list(mine[at[1] :]), list(new[at[2] :])


def _matches(base: Sequence[str], text: Sequence[str]) -> dict[int, int]:
    blocks = SequenceMatcher(None, base, text, autojunk=False).get_matching_blocks()
    return {a + step: b + step for a, b, size in blocks for step in range(size)}


def _parses(source: str) -> bool:
    try:
        ast.parse(cell_python(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def merge_notebook(base: str, mine: str, new: str) -> MergedText:
    """Merge notebooks by their cells, which are known by their ids or, without one, by what stands in them.

    What a cell put out stays while its text does.
    """
    if mine in (base, new):
        return MergedText(new)
    if base == new:
        return MergedText(mine)
    documents = [json.loads(text) for text in (base, mine, new)]
    before, own, after = (_cells(document) for document in documents)
    names = _names(before, own)
    cells = _Cells(before, dict(zip(names, own.values(), strict=True)), after)
    kept = [found for key in _order(before, names, list(after)) if (found := cells.merged(key)) is not None]
    return MergedText(_document({**documents[1], "cells": kept}), tuple(cells.conflicts))


def _document(notebook: Mapping[str, Any]) -> str:
    text = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
    try:
        text.encode()
    except UnicodeEncodeError:  # halves of letters, which no file can hold as they are
        text = json.dumps(notebook, indent=1) + "\n"
    return text


def _cells(document: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the cells of a notebook by name: their ids, or what they hold."""
    found: dict[str, dict[str, Any]] = {}
    for number, cell in enumerate(document["cells"]):
        name = str(cell.get("id") or cell.get("metadata", {}).get("id") or f"text:{_source(cell)}")
        found[name if name not in found else f"{number}:{name}"] = cell
    return found


def _names(before: Mapping[str, Any], own: Mapping[str, Any]) -> list[str]:
    """Return what each of the student's cells is called in the release that it came from, or a name of its own."""
    free = {name: _source(cell) for name, cell in before.items() if name not in own}
    result: list[str] = []
    for name, cell in own.items():
        found = name if name in before else _like(_source(cell), free)
        free.pop(found, None)
        result.append(found or f"mine:{len(result)}")
    return result


def _like(source: str, free: Mapping[str, str]) -> str:
    """Return the free cell that has the same text or, for an answer, the same banners."""
    for name, text in free.items():
        if text == source or (_banners(text) and _banners(text) == _banners(source)):
            return name
    return ""


def _banners(source: str) -> tuple[str, ...]:
    try:
        return tuple(region.hint for region in answers(source))
    except RegionError:
        return ()


def _order(before: Mapping[str, Any], mine: list[str], new: list[str]) -> list[str]:
    """Return the names of cells in the student's order, with the new ones where the release has them."""
    order = list(mine)
    for at, name in enumerate(new):
        if name not in before and name not in order:
            earlier = next((each for each in reversed(new[:at]) if each in order), None)
            order.insert(order.index(earlier) + 1 if earlier is not None else 0, name)
    return order


class _Cells:
    """The cells of three notebooks under the same names.

    Attributes
    ----------
    conflicts
        What was kept against the new release.
    """

    def __init__(
        self,
        before: Mapping[str, dict[str, Any]],
        own: Mapping[str, dict[str, Any]],
        after: Mapping[str, dict[str, Any]],
    ) -> None:
        self._before, self._own, self._after = before, own, after
        self._numbers = {name: number for number, name in enumerate(own, 1)}
        self.conflicts: list[str] = []

    def merged(self, name: str) -> dict[str, Any] | None:
        """Return one cell as it becomes, None where the release takes it out and the student left it alone."""
        own, was, new = self._own.get(name), self._before.get(name), self._after.get(name)
        if own is None:
            return new
        if was is None:
            return own
        mine, old = _source(own), _source(was)
        if new is None:
            if mine == old:
                return None
            self.conflicts.append(GONE_CELL.format(number=self._numbers[name]))
            return own
        text = _source(new)
        if text in {old, mine}:
            return own
        done = merge_module(old, mine, text)
        self.conflicts += [f"cell {self._numbers[name]}, {each}" for each in done.conflicts]
        return own if done.text == mine else _with_source(own, new, done.text)


def _source(cell: Mapping[str, Any]) -> str:
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def _with_source(own: dict[str, Any], new: dict[str, Any], text: str) -> dict[str, Any]:
    """Return the student's cell with another text; what it put out came of the old one."""
    cell = {**own, "cell_type": new.get("cell_type", own.get("cell_type")), "source": split_lines(text)}
    if "attachments" in new:
        cell["attachments"] = new["attachments"]
    return {**cell, "outputs": [], "execution_count": None} if cell["cell_type"] == "code" else cell
