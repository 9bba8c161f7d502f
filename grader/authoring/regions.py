"""Find the answers in a source: what stands between YOUR CODE HERE and END YOUR CODE HERE banners."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from grader.authoring.errors import RegionError

RULE = "# " + "=" * 64 + " #"
"""First and last line of a banner."""

OPENS = "YOUR CODE HERE:"
CLOSES = "END YOUR CODE HERE"

_MENTION = re.compile(r"\s*#.*\bYOUR\s+CODE\s+HERE\b", re.IGNORECASE)
_EXAMPLE = f"""
    {RULE}
    # {OPENS}
    #   What to implement, and a hint.
    {RULE}
    ...
    {RULE}
    # {CLOSES}
    {RULE}"""


@dataclass(frozen=True, slots=True)
class Region:
    """One answer. All lines are counted from 1 and inclusive.

    Attributes
    ----------
    file
        The source's name, for messages.
    opening, closing
        First line of the opening banner and last line of the closing one.
    first, last
        First and last line of the answer; ``last`` is ``first - 1`` when nothing stands between the banners.
    indent
        White space before the banners.
    hint
        What the opening banner asks for, without the comment signs.
    text
        The answer's lines, each with its line ending.
    """

    file: str
    opening: int
    first: int
    last: int
    closing: int
    indent: str
    hint: str
    text: str

    @property
    def place(self) -> str:
        """Where the answer is, as editors write it."""
        return f"{self.file}:{self.first}-{self.last}"


@dataclass(frozen=True, slots=True)
class _Banner:
    closes: bool
    start: int
    mention: int
    end: int
    indent: str


def split_lines(source: str) -> list[str]:
    r"""Split after each ``\n`` only: `str.splitlines` also splits at form feeds, which Python ignores."""
    lines = source.split("\n")
    return [line + "\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def answers(source: str, file: str = "<source>") -> tuple[Region, ...]:
    """Return the answer regions of `source` in their order.

    Parameters
    ----------
    source
        Python, or the source of a notebook's code cell. It need not parse.
    file
        What messages call it.

    Raises
    ------
    RegionError
        A banner is incomplete, nested in another region, without its partner, or indented otherwise than it.
    """
    lines = split_lines(source)
    found: list[Region] = []
    opened: _Banner | None = None
    for number, line in enumerate(lines):
        if _MENTION.match(line):
            banner = _banner(lines, number, file)
            _check_order(opened, banner, file)
            if opened is not None:
                found.append(_region(lines, opened, banner, file))
            opened = None if banner.closes else banner
    if opened is not None:
        raise _malformed(
            file, opened.mention, f"opens a region that is never closed; add its {CLOSES} banner"
        )
    return tuple(found)


def _banner(lines: Sequence[str], number: int, file: str) -> _Banner:
    """Return the banner around the line `number` (from 0) that mentions one."""
    text = lines[number].strip()
    indent = lines[number][: len(lines[number]) - len(lines[number].lstrip())]
    closes = text == f"# {CLOSES}"
    if not closes and text != f"# {OPENS}":
        what = f"looks like a banner but is not one; write '# {OPENS}' or '# {CLOSES}'"
        raise _malformed(file, number, what)
    end = number + 1
    while not closes and end < len(lines) and _hint(lines[end], indent) is not None:
        end += 1
    edges = (_line(lines, number - 1), _line(lines, end))
    if edges != (indent + RULE, indent + RULE):
        raise _malformed(file, number, f"is not between two lines '{RULE}' of the same indentation")
    return _Banner(closes, number - 1, number, end, indent)


def _line(lines: Sequence[str], number: int) -> str:
    return lines[number].rstrip() if 0 <= number < len(lines) else ""


def _hint(line: str, indent: str) -> str | None:
    """Return the text of a banner's inner line, or None when `line` is not one."""
    bare = line.rstrip()
    if bare == indent + RULE or not bare.startswith(indent + "#"):
        return None
    return bare[len(indent) + 1 :]


def _check_order(opened: _Banner | None, banner: _Banner, file: str) -> None:
    if opened is None:
        if banner.closes:
            what = f"closes a region that was not opened; add its {OPENS} banner"
            raise _malformed(file, banner.mention, what)
        return
    line = opened.mention + 1
    if not banner.closes:
        what = f"opens a region inside the one opened at line {line}; close that one first"
        raise _error(file, banner.mention, what)
    if banner.start <= opened.end:
        what = f"shares a line '{RULE}' with the banner at line {line}; each needs its own two"
        raise _malformed(file, banner.mention, what)
    if banner.indent != opened.indent:
        what = f"must be indented like the banner at line {line}, which it closes"
        raise _error(file, banner.mention, what)


def _region(lines: Sequence[str], opened: _Banner, closed: _Banner, file: str) -> Region:
    inner = (_hint(line, opened.indent) or "" for line in lines[opened.mention + 1 : opened.end])
    return Region(
        file=file,
        opening=opened.start + 1,
        first=opened.end + 2,
        last=closed.start,
        closing=closed.end + 1,
        indent=opened.indent,
        hint="\n".join(line.strip() for line in inner),
        text="".join(lines[opened.end + 1 : closed.start]),
    )


def _error(file: str, number: int, what: str) -> RegionError:
    return RegionError(f"{file}, line {number + 1}: this {what}")


def _malformed(file: str, number: int, what: str) -> RegionError:
    """Return an error that also shows what a region looks like."""
    return RegionError(f"{file}, line {number + 1}: this {what}. A region looks like this:{_EXAMPLE}")
