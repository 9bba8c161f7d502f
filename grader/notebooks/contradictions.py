"""Compare the numbers that a notebook stores in its outputs with those that its code prints now."""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite

from grader.notebooks.execute import Output

RELATIVE = 0.01
"""Numbers that differ by less are the same: other versions of NumPy round otherwise."""

NEGLIGIBLE = 1e-5
"""Numbers below are rounding errors, and differ from machine to machine."""

# Nothing is given back once taken: a shorter number would be followed by a digit, a letter or a point, and many
# digits before a letter would be split in every way there is.
_NUMBER = re.compile(
    r"(?<![\w.])[-+]?+(?:\d++\.?+\d*+(?:e[-+]?\d++)?+|\.\d++(?:e[-+]?\d++)?+|nan|inf)(?![\w.])", re.I
)
_TIMED = re.compile(
    r"\b(?:time|times|wall|cpu|sec\w*|speed\w*|elapsed|took)\b|\d\s*(?:[mµun]?s|it/s|x)\b|0x", re.I
)
_MOST_LINES = 2000
_MOST_TOLD = 5
_LINE_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One line that a submission stores, and the line that its code prints now."""

    stored: str
    present: str


def contradictions(
    stored: str, present: Sequence[Output], again: Sequence[Output] | None = None
) -> tuple[Contradiction, ...]:
    """Return the lines whose words are the same and whose numbers are not, the first few.

    Parameters
    ----------
    stored
        What the file says that a cell printed.
    present
        What the cell put out now.
    again
        What it put out when it ran once more with other random numbers; None leaves that open. A number that moves
        by itself contradicts nothing.

    Lines about time are left out, and so are lines whose words differ: a student may print what they like.
    """
    now, once_more = _by_words(present), _by_words(present if again is None else again)
    found = []
    for line in _lines(stored):
        words = _words(line)
        if not now[words]:
            continue
        printed = now[words].popleft()
        repeated = once_more[words].popleft() if once_more[words] else ""
        if _other(line, printed) and repeated and not _other(printed, repeated):
            found.append(Contradiction(line[:_LINE_CHARACTERS], printed[:_LINE_CHARACTERS]))
    return tuple(found[:_MOST_TOLD])


def _by_words(outputs: Sequence[Output]) -> dict[str, deque[str]]:
    lines: dict[str, deque[str]] = defaultdict(deque)
    for line in (line for text in map(_text, outputs) for line in _lines(text)):
        lines[_words(line)].append(line)
    return lines


def _other(first: str, second: str) -> bool:
    """Say whether two lines of the same words have other numbers."""
    return any(map(_differ, _numbers(first), _numbers(second)))


def _lines(text: str) -> Iterator[str]:
    """Give the lines with numbers that do not depend on how fast the machine is."""
    lines = (line.strip() for line in text.splitlines()[:_MOST_LINES])
    return (line for line in lines if _NUMBER.search(line) and not _TIMED.search(line))


def _text(output: Output) -> str:
    if output.get("output_type") == "stream":
        return str(output.get("text", "")) if output.get("name") == "stdout" else ""
    return str(output["data"].get("text/plain", "")) if output.get("output_type") == "execute_result" else ""


def _words(line: str) -> str:
    return " ".join(_NUMBER.sub("#", line).replace("[", "[ ").replace("]", " ]").split())


def _numbers(line: str) -> list[float]:
    return [float(each) for each in _NUMBER.findall(line)]


def _differ(first: float, second: float) -> bool:
    if not (isfinite(first) and isfinite(second)):
        return str(first) != str(second)
    largest = max(abs(first), abs(second))
    return largest > NEGLIGIBLE and not abs(first - second) <= RELATIVE * largest
