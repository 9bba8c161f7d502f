"""The student's functions and classes by name, imported afresh for each run of the checks."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from grader.checking.failures import NotImplementedYet
from grader.student.homework import Homework


class ImportFailed(Exception):
    """A module of the student's does not import; the cause is its own exception."""


class OwnWork:
    """Attributes are the functions and classes of the student's modules, wherever they are defined."""

    def __init__(self, homework: Homework) -> None:
        self._homework = homework

    def __getattr__(self, symbol: str) -> Any:
        if symbol.startswith("__"):
            raise AttributeError(symbol)
        for name in self._homework.modules:
            try:
                module = importlib.import_module(name)
            except Exception as error:
                raise ImportFailed(name) from error
            if symbol in vars(module):
                return vars(module)[symbol]
        raise NotImplementedYet(f"`{symbol}` is in none of {', '.join(self._homework.answers)}.")


@contextmanager
def fresh_modules(homework: Homework) -> Iterator[OwnWork]:
    """Import the student's modules anew, as they are on disk now, and give a notebook its own ones back later.

    A notebook goes on with the modules it has, so that its objects and its autoreload are not disturbed.
    """
    packages = {name.partition(".")[0] for name in homework.modules}
    kept = {name: module for name, module in sys.modules.items() if name.partition(".")[0] in packages}
    path, no_bytecode = list(sys.path), sys.dont_write_bytecode
    for name in kept:
        del sys.modules[name]
    sys.path.insert(0, str(homework.root))
    # Bytecode is trusted by the second; an edit within one would be missed.
    sys.dont_write_bytecode = True
    importlib.invalidate_caches()
    try:
        yield OwnWork(homework)
    finally:
        sys.path[:], sys.dont_write_bytecode = path, no_bytecode
        for name in [each for each in sys.modules if each.partition(".")[0] in packages]:
            del sys.modules[name]
        sys.modules.update(kept)
