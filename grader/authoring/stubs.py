"""Turn a solved source into the stub a student completes: banners and hints stay, answers go."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Iterable

from grader.authoring.errors import StubError
from grader.authoring.regions import Region, answers, split_lines


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
            source = _replace(source, current, f"{region.indent}pass")
            _demand_parses(to_python(source), f"{region.place}: the code around this answer needs it")
    return source


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
