"""`in_box`: an author's module beside the checks that lives in the box, to make there what checks pass in."""

from __future__ import annotations

import ast
from functools import cache, cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from grader.checking.student import Student

FILE = "in_box.py"
"""In the folder of the checks. The submission can read it."""

_LOOK_UP = "\n\ndef _named(name):\n    return globals()[name]\n"


class Helpers:
    """What the author's module defines, by name: in the box of a submission, and here for the reference.

    ::

        root = student.newton(in_box.quadratic(c), 1.0)
        assert_matches(root, reference.newton(in_box.here.quadratic(c), 1.0))

    Functions and what they return stay in the box, unless that is plain data.
    """

    def __init__(self, student: Student, checks: Path) -> None:
        self._student = student
        self._module = _module_in(checks)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name not in self._module.names:
            raise AttributeError(f"{self._module.path} defines no {name!r}; it has {self._module.listed}")
        look_up = self._student.remembered(str(self._module.path), self._define)
        return look_up(name)

    @property
    def here(self) -> SimpleNamespace:
        """The same definitions in this process, to be given to the reference."""
        return self._module.here

    def _define(self) -> Any:
        return self._student.define(self._module.source + _LOOK_UP)


class _Module:
    """The author's module: its text, and what it defines here."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.source = path.read_text(encoding="utf-8") if path.is_file() else ""
        self._code = compile(ast.parse(self.source, str(path)), str(path), "exec")

    @cached_property
    def here(self) -> SimpleNamespace:
        names: dict[str, object] = {"__name__": "in_box"}
        exec(self._code, names)  # noqa: S102  # the course's own text
        return SimpleNamespace(**{name: each for name, each in names.items() if not name.startswith("_")})

    @property
    def names(self) -> frozenset[str]:
        return frozenset(vars(self.here))

    @property
    def listed(self) -> str:
        return ", ".join(sorted(self.names)) or "nothing, or is not there"


@cache
def _module_in(checks: Path) -> _Module:
    """Read the module once per process; `in_box` is also asked for where there is none."""
    return _Module(checks / FILE)
