"""Find the line again that somebody wrote about, after other lines came before it or it was written anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grader.results import CodePlace, CodeText


@dataclass(frozen=True, slots=True)
class Found:
    """Where a comment stands now.

    Attributes
    ----------
    note
        That it stands elsewhere than it was written, and why; empty where it does not.
    """

    file: str
    line: int
    note: str = ""


def where_now(place: CodePlace, code: Sequence[CodeText]) -> Found | None:
    """Return where the line is now: itself, the same words nearby, or the answer it was in; None where all are gone."""
    file = next((each for each in code if each.name == place.file), None)
    if file is not None and (line := _nearest(file, place)):
        return Found(file.name, line, "" if line == place.line else f"was line {place.line}")
    homes = (each for each in code for answer in each.answers if answer.symbol == place.symbol)
    home = next(homes, None) if place.symbol else None
    if home is None:
        return None
    first = next(each.first for each in home.answers if each.symbol == place.symbol)
    said = place.quote.strip()
    return Found(home.name, first, f"the line is gone{f': {said}' if said else ''}")


def _nearest(file: CodeText, place: CodePlace) -> int:
    """Return the line that says the same, in the same answer and nearest to where it was; 0 where none does."""
    lines = file.text.split("\n")
    if 1 <= place.line <= len(lines) and lines[place.line - 1] == place.quote:
        return place.line
    wanted = place.quote.strip()
    alike = [number for number, line in enumerate(lines, 1) if wanted and line.strip() == wanted]
    inside = {
        number
        for each in file.answers
        if each.symbol == place.symbol
        for number in alike
        if each.first <= number <= each.last
    }
    return min(inside or alike, key=lambda number: abs(number - place.line), default=0)
