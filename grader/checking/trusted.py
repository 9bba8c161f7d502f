"""A `Student` over the author's own code: the reference, or the reference with a mistake built in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import ModuleType

from grader.checking.local import LocalWorker
from grader.checking.student import Student


def trusted_student(symbols: Mapping[str, ModuleType]) -> Student:
    """Return a student whose `symbols` live in trusted modules of this process."""
    modules = {module.__name__: module for module in symbols.values()}
    names = {symbol: module.__name__ for symbol, module in symbols.items()}
    return Student(lambda _root: LocalWorker(modules), names)


def defining_modules(symbols: Iterable[str], modules: Iterable[ModuleType]) -> dict[str, ModuleType]:
    """Return for each symbol the module that defines it, rather than one that imports it."""
    found: dict[str, ModuleType] = {}
    for symbol in symbols:
        for module in modules:
            if getattr(getattr(module, symbol, None), "__module__", None) == module.__name__:
                found[symbol] = module
    return found
