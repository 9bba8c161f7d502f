"""Name submissions on the site's pages, and link them to the staff's pages where those exist."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from grader.reporting.class_view import LONGEST_NAME
from grader.reporting.files import ReportPaths
from grader.reporting.text import one_line

SHOWN = 12
"""Names in a list before the rest is folded."""


@dataclass(frozen=True, slots=True)
class Person:
    """A submission's name and the address of its staff page, empty where there is none."""

    name: str
    page: str = ""


@dataclass(frozen=True, slots=True)
class People:
    """A list of persons in two pieces, so that the second can be folded."""

    shown: tuple[Person, ...]
    folded: tuple[Person, ...]

    @property
    def count(self) -> int:
        """How many they are together."""
        return len(self.shown) + len(self.folded)


class Directory:
    """Knows every submission of a class by id.

    Parameters
    ----------
    ids
        The ids as in grades.json.
    grades
        The folder that `invoke grade` wrote; None for a site without links.
    out
        Where the site's pages are, which the links start from.
    """

    def __init__(self, ids: Iterable[str], grades: Path | None, out: Path) -> None:
        self._persons: Mapping[str, Person] = {
            id_: Person(_name(id_), _page(id_, grades, out)) for id_ in ids
        }

    def person(self, id_: str) -> Person:
        """Return the person of a submission, known or not."""
        return self._persons.get(id_) or Person(_name(id_))

    def people(self, ids: Iterable[str]) -> People:
        """Return the persons of several submissions."""
        found = tuple(map(self.person, ids))
        return People(found[:SHOWN], found[SHOWN:])


def _name(id_: str) -> str:
    return one_line(id_, LONGEST_NAME) or "(no name)"


def _page(id_: str, grades: Path | None, out: Path) -> str:
    if grades is None:
        return ""
    page = ReportPaths(grades).staff_page(id_)
    if not page.is_file():
        return ""
    return quote(Path(os.path.relpath(page.resolve(), out.resolve())).as_posix())
