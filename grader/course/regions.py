"""Find the answers in an authored source, between YOUR CODE HERE banners, and take them out for students.

What an author can do wrong has its errors here: an `AuthoringError` of one of its kinds.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from grader.results import Refusal


class AuthoringError(Refusal):
    """A fault in what an author wrote; the message names the file and says what to do."""


class NewAssignmentError(AuthoringError):
    """A new assignment that cannot be made under its name; the message says why."""


class RegionError(AuthoringError):
    """Banners that do not pair up; the message names file and line."""


class StubError(AuthoringError):
    """A source whose answers cannot be removed; the message names file and line."""


class NotebookError(AuthoringError):
    """A notebook that cannot be released; the message names it."""


class ReleaseError(AuthoringError):
    """An assignment that cannot be released; the message says which file to change and how."""


RULE = "# " + "=" * 64 + " #"
"""First and last line of a banner."""

OPENS = "YOUR CODE HERE:"
CLOSES = "END YOUR CODE HERE"

_MENTION = re.compile(r"\s*#.*\bYOUR\s+CODE\s+HERE\b", re.IGNORECASE)
MARKERS: Mapping[str, tuple[re.Pattern[str], re.Pattern[str]]] = MappingProxyType(
    {
        "START OF YOUR CODE": (
            re.compile(r"\s*#\s*\*+\s*START OF YOUR CODE\b.*"),
            re.compile(r"\s*#\s*\*+\s*END OF YOUR CODE\b.*"),
        ),
        "nbgrader": (re.compile(r"\s*###\s*BEGIN SOLUTION\b.*"), re.compile(r"\s*###\s*END SOLUTION\b.*")),
        "START CODE HERE": (
            re.compile(r"\s*#+\s*START CODE HERE\b.*"),
            re.compile(r"\s*#+\s*END CODE HERE\b.*"),
        ),
        "BEGIN YOUR CODE": (
            re.compile(r"\s*(#+\s*BEGIN[ _]YOUR[ _]CODE|###\s*YOUR CODE HERE)\b.*"),
            re.compile(r"\s*#+\s*END[ _]YOUR[ _]CODE\b(?!\s+HERE).*"),
        ),
        "otter": (re.compile(r"\s*#\s*BEGIN SOLUTION\b.*"), re.compile(r"\s*#\s*END SOLUTION\b.*")),
    }
)
"""Pairs of lines between which other courses put their answers; they are known beside the banners, and stay."""

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
    markers: str = ""


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
        mark = _mark(line, number)
        if mark is not None or _MENTION.match(line):
            banner = mark or _banner(lines, number, file)
            _check_order(opened, banner, file)
            if opened is not None:
                found.append(_region(lines, opened, banner, file))
            opened = None if banner.closes else banner
    if opened is not None:
        what = "opens a region that is never closed"
        if opened.markers:
            raise _error(file, opened.mention, what)
        raise _malformed(file, opened.mention, f"{what}; add its {CLOSES} banner")
    return tuple(found)


def stub(source: str, file: str = "<source>", to_python: Callable[[str], str] = str) -> str:
    """Return `source` without its answers.

    Each answer becomes one blank line, or ``pass`` where the block around it would otherwise be empty.
    Everything outside the regions stays as it is, to the byte.

    Parameters
    ----------
    source
        Python, or what `to_python` makes Python of.
    file
        What messages call it.
    to_python
        Applied before a source is parsed, and only then: what a notebook adds to the language is for it to
        translate. Must keep the number of lines.

    Raises
    ------
    RegionError
        The banners do not pair up.
    StubError
        The source does not parse, or would not without its answers.
    """
    regions = answers(source, file)
    _demand_parses(to_python(source), f"{file} does not parse")
    for index, region in enumerate(regions):
        # Lines move as answers shrink, so the region is looked up again. Earlier ones are decided by now, and
        # later ones still there, which keep a block that they share from being empty.
        current = answers(source, file)[index]
        blank = _replace(source, current, "")
        if _parses(to_python(blank)):
            source = blank
        else:
            inside = _replace(source, current, f"{_indent_of(region)}pass")
            beside = _replace(source, current, f"{region.indent}pass")
            source = beside if _parses(to_python(beside)) else inside
            _demand_parses(to_python(source), f"{region.place}: the code around this answer needs it")
    return source


def _indent_of(region: Region) -> str:
    """Return how an answer is indented, which may be more than its banners are."""
    first = next((line for line in region.text.splitlines() if line.strip()), region.indent)
    return first[: len(first) - len(first.lstrip())]


def without(source: str, regions: Iterable[Region]) -> str:
    """Return the lines of `source` outside `regions`, each region with its banners left out."""
    hidden = {line for region in regions for line in range(region.opening, region.closing + 1)}
    return "".join(line for number, line in enumerate(split_lines(source), 1) if number not in hidden)


def solved(source: str, file: str = "<source>") -> str:
    """Return `source` with its answers and without the banners around them.

    Raises
    ------
    RegionError
        The banners do not pair up.
    """
    banners = {
        line
        for region in answers(source, file)
        for line in (*range(region.opening, region.first), *range(region.last + 1, region.closing + 1))
    }
    kept = "".join(line for number, line in enumerate(split_lines(source), 1) if number not in banners)
    return kept.rstrip("\n") + "\n" if banners else kept


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


def _mark(line: str, number: int) -> _Banner | None:
    """Return the line as a banner of its own, if it is one of another course's."""
    indent = line[: len(line) - len(line.lstrip())]
    for name, (opens, closes) in MARKERS.items():
        if opens.match(line) or closes.match(line):
            return _Banner(closes.match(line) is not None, number, number, number, indent, name)
    return None


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
            what = "closes a region that was not opened"
            if banner.markers:
                raise _error(file, banner.mention, what)
            raise _malformed(file, banner.mention, f"{what}; add its {OPENS} banner")
        return
    line = opened.mention + 1
    if not banner.closes:
        what = f"opens a region inside the one opened at line {line}; close that one first"
        raise _error(file, banner.mention, what)
    if banner.markers != opened.markers:
        raise _error(
            file, banner.mention, f"is of another kind than the mark at line {line}, which it would close"
        )
    if banner.markers:  # people indent them as they like
        return
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


def _replace(source: str, region: Region, line: str) -> str:
    lines = split_lines(source)
    ending = "\r\n" if lines[region.opening - 1].endswith("\r\n") else "\n"
    return "".join([*lines[: region.first - 1], line + ending, *lines[region.last :]])


def _syntax_error(source: str) -> SyntaxError | ValueError | None:
    """Return why `source` is not Python, or None.

    A ValueError is Python's word for a null byte.
    """
    with warnings.catch_warnings():
        # An odd escape sequence in an author's string is their linter's business.
        warnings.simplefilter("ignore", SyntaxWarning)
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            ast.parse(source)
        except (SyntaxError, ValueError) as error:
            return error
    return None


def _parses(source: str) -> bool:
    return _syntax_error(source) is None


def _demand_parses(source: str, complaint: str) -> None:
    error = _syntax_error(source)
    if error is None:
        return
    line = f" (line {error.lineno})" if isinstance(error, SyntaxError) else ""
    raise StubError(f"{complaint}{line}: {error.args[0]}; change it and release again")
