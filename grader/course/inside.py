"""Read and write the tests of a part that are judged inside: a file of cells, as authors edit it.

::

    # %% squares-1
    # points = 2
    # failure = "Remember that the list starts at 1."
    assert squares(3) == [1, 4, 9]

    # %% squares-2
    # hidden = true
    assert squares(1) == [1]

Behind ``# %%`` stands the test's name. The comments below it, up to the first line of code, are TOML.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from grader.course.assignment import Assignment, AssignmentError, Part
from grader.course.description import faults

FOLDER = "inside"
"""Beside assignment.toml: one file of tests for each part that is judged inside."""

_MARK = re.compile(r"#\s*%%\s*(?P<name>\S.*?)\s*")
_TITLE = re.compile(r"#\s?(?P<text>.*)")


class InsideTest(BaseModel):
    """One test of a part.

    Attributes
    ----------
    name
        Unique in its part.
    source
        The cell to run; it fails by an exception. Where its last expression is a number, and no output is asked for,
        the number is how many of its points are earned.
    points
        Its share of the part's points; where no test of a part names any, all have the same.
    hidden
        Whether students see nothing of it but its name, and those of its lines that are in the released cell.
    output
        What it must print, its last value included; None where it may print anything.
    success, failure
        What students are told when it passed, and when it failed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[\w. -]+$")
    source: str
    points: float | None = Field(default=None, ge=0)
    hidden: bool = False
    output: str | None = None
    success: str = ""
    failure: str = ""


def inside_tests(assignment: Assignment) -> dict[str, tuple[InsideTest, ...]]:
    """Read the tests of every part that is judged inside.

    Raises
    ------
    AssignmentError
        A file is missing, has no test, or one that cannot be read; the message names the place.
    """
    return {
        part.id: _tests_of(part, assignment.folder / FOLDER / file_name(part.id))
        for part in assignment.inside
    }


def file_name(part: str) -> str:
    """Return what the file with the tests of `part` is called."""
    return f"{part}.py"


def weights(tests: Sequence[InsideTest]) -> tuple[float, ...]:
    """Return the share of each test in the points of its part."""
    if all(test.points is None for test in tests):
        return (1.0,) * len(tests)
    return tuple(test.points or 0.0 for test in tests)


def parse_tests(text: str, place: str) -> tuple[InsideTest, ...]:
    """Read the text of a file of tests.

    Raises
    ------
    AssignmentError
        There is no test, two have one name, or one says what no test can say.
    """
    tests = tuple(_test(lines, number, place) for number, lines in _cells(text))
    names = [test.name for test in tests]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice or not tests:
        found = (
            f"has two tests named {twice[0]}" if twice else "has no test; each begins with a line '# %% NAME'"
        )
        raise AssignmentError(f"{place} {found}")
    if not sum(weights(tests)):
        raise AssignmentError(f"{place}: no test has points, so nobody could earn the part's")
    return tests


def tests_text(title: str, tests: Sequence[InsideTest]) -> str:
    """Return the file that `parse_tests` reads as `tests`."""
    return "\n\n".join((f"# {title}", *map(_text, tests))) + "\n"


def _tests_of(part: Part, path: Path) -> tuple[InsideTest, ...]:
    try:
        return parse_tests(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise AssignmentError(
            f"{path}, with the tests of part {part.id}, cannot be read ({error}); write it, a test a cell"
        ) from error


def _cells(text: str) -> Iterator[tuple[int, list[str]]]:
    """Give each cell's lines, the first with its name, and the number of that line."""
    lines = text.splitlines()
    starts = [number for number, line in enumerate(lines) if _MARK.fullmatch(line)]
    for start, end in pairwise([*starts, len(lines)]):
        yield start + 1, lines[start:end]


def _test(lines: list[str], number: int, place: str) -> InsideTest:
    name = _MARK.fullmatch(lines[0])
    rest = lines[1:]
    said = []
    while rest and (comment := _TITLE.fullmatch(rest[0])):
        said.append(comment["text"])
        rest.pop(0)
    try:
        values: dict[str, Any] = tomllib.loads("\n".join(said))
        source = "\n".join(rest).strip("\n")
        return InsideTest.model_validate({**values, "name": name["name"] if name else "", "source": source})
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        wrong = "; ".join(faults(error, InsideTest)) if isinstance(error, ValidationError) else error
        raise AssignmentError(
            f"{place}, line {number}: the comments below a test's name must be TOML with the keys points, hidden, "
            f"output, success and failure; leave a blank line before other comments ({wrong})"
        ) from error


def _text(test: InsideTest) -> str:
    values = test.model_dump(exclude={"name", "source"}, exclude_defaults=True)
    said = [f"# {key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
    gap = [""] if test.source.startswith("#") else []
    return "\n".join((f"# %% {test.name}", *said, *gap, test.source))
