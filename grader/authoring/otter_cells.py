"""Turn the code cells of an otter notebook into this engine's: answers between banners, and tests that students see."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from grader.authoring.imported import ImportRefused, answer_region, without_banners
from grader.authoring.otter_tests import OtterTest

TYPE_HERE = "_Type your answer here, replacing this text._"
"""What otter puts where a text is to be written."""

_BEGIN = re.compile(r"^\s*#\s*BEGIN SOLUTION( NO PROMPT)?\s*$")
_END = re.compile(r"^\s*#\s*END SOLUTION\s*$")
_LINE = re.compile(r"^(?P<code>.*?)\s*#\s?SOLUTION(?P<quiet> NO PROMPT)?\s*$")
_ASSIGNS = re.compile(r"^(?P<names>\s*[\w.,\s\[\]'\"]+?)\s*=(?!=)")
_PROMPT_BEGINS = re.compile(r"^\s*(?:\"\"\"|''')\s*#\s*BEGIN PROMPT\s*$")
_PROMPT_ENDS = re.compile(r"^\s*(?:\"\"\"|''');?\s*#\s*END PROMPT\s*$")
_SEED = re.compile(r"#\s*SEED\s*$")
_IGNORE = re.compile(r"#\s*IGNORE\s*$")
_IGNORE_BEGINS = re.compile(r"^\s*#\s*BEGIN\s*IGNORE\b", re.IGNORECASE)
_IGNORE_ENDS = re.compile(r"#\s*END IGNORE\s*$")

Piece = tuple[bool, list[str], list[str]]
"""Whether it is an answer; its lines; what otter shows students in their place."""


def answered(source: str, place: str) -> str:
    """Return the source of a solution cell with banners around what otter takes out of it.

    Raises
    ------
    ImportRefused
        A mark has no partner.
    """
    merged: list[Piece] = []
    for answer, lines, hints in _pieces(_not_ignored(source, place), place):
        if merged and merged[-1][0] and answer:
            merged[-1][1].extend(lines)
            merged[-1][2].extend(hints)
        elif lines or hints:
            merged.append((answer, lines, hints))
    return "\n".join(
        answer_region(list(map(without_banners, lines)), list(map(without_banners, hints))).rstrip("\n")
        if answer
        else "\n".join(map(without_banners, lines))
        for answer, lines, hints in merged
    )


def kept(source: str) -> str:
    """Return the source of a given cell without what is for its author alone."""
    return "\n".join(map(without_banners, _not_ignored(source, "a given cell")))


def shown_tests(test: OtterTest) -> str:
    """Return a cell with the tests of a question that students may see."""
    shown = []
    for each in test.cases:
        if not each.hidden:
            gives = "".join(f"\n# puts out: {line}" for line in (each.output or "").splitlines())
            shown.append(f"{each.source}{gives}")
    title = f"# Tests of {test.name}" + ("" if shown else " that are not shown run here.")
    return "\n\n".join((title, *shown)) if shown else title


def _pieces(lines: Sequence[str], place: str) -> Iterator[Piece]:
    """Give the lines of a cell, one piece each, or a block of them."""
    waiting = iter(lines)
    for line in waiting:
        if _BEGIN.match(line):
            yield True, list(_until(waiting, _END, f"{place}: BEGIN SOLUTION is never ended")), []
        elif _END.match(line):
            raise ImportRefused(f"{place}: END SOLUTION ends nothing")
        elif _PROMPT_BEGINS.match(line):
            yield True, [], list(_until(waiting, _PROMPT_ENDS, f"{place}: BEGIN PROMPT is never ended"))
        elif _SEED.search(line):
            continue
        elif found := _LINE.match(line):
            assigns = None if found["quiet"] else _ASSIGNS.match(found["code"])
            yield True, [found["code"]], [f"{assigns['names']} = ..."] if assigns else []
        else:
            yield False, [line], []


def _until(lines: Iterator[str], end: re.Pattern[str], complaint: str) -> Iterator[str]:
    for line in lines:
        if end.match(line):
            return
        yield line
    raise ImportRefused(complaint)


def _not_ignored(source: str, place: str) -> list[str]:
    found, waiting = [], iter(source.splitlines())
    for line in waiting:
        if _IGNORE_BEGINS.match(line):
            for ignored in waiting:
                if _IGNORE_ENDS.search(ignored):
                    break
            else:
                raise ImportRefused(f"{place}: BEGIN IGNORE is never ended")
        elif not _IGNORE.search(line):
            found.append(line)
    return found
