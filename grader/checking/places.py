"""Believe a place in a submission only if there is one: its text comes from the submission and is shown to students."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from grader.sandbox.box.failures import CALLED_FROM

_PLACE = re.compile(r"(?P<path>[^:]+\.py):(?P<line>[1-9][0-9]{0,6})")


class KnownPlaces:
    """The lines of the files in some folders.

    A submission can make up the name of a file and the number of a line, and with them carry hidden inputs into a
    report. What names a line that is there can carry next to nothing.

    Parameters
    ----------
    roots
        Folders whose files are meant.
    """

    def __init__(self, roots: Iterable[Path]) -> None:
        self._roots = tuple(roots)
        self._lines = cache(self._count)

    def __contains__(self, where: object) -> bool:
        """Whether `where` is a line, or two that `CALLED_FROM` joins."""
        steps = where.split(CALLED_FROM, 1) if isinstance(where, str) else [where]
        return all(map(self._is_line, steps))

    def _is_line(self, where: object) -> bool:
        found = _PLACE.fullmatch(where) if isinstance(where, str) else None
        return found is not None and int(found["line"]) <= self._lines(found["path"])

    def _count(self, path: str) -> int:
        """Return the most lines that a file of that name has in any root, 0 where there is none."""
        files = [root / path for root in self._roots if ".." not in Path(path).parts]
        return max((each.read_bytes().count(b"\n") + 1 for each in files if each.is_file()), default=0)
