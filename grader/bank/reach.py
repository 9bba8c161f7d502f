"""Which public names of a solution a function relies on, so that a change elsewhere need not be tried on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import CodeType, FunctionType, ModuleType


def reach(symbol: str, modules: Mapping[str, ModuleType]) -> frozenset[str]:
    """Return the names of all functions and classes in `modules` that `symbol` can come to use, its own included.

    What a function may look up in its module counts as used, also where it then does not call it.

    Parameters
    ----------
    symbol
        A public function or class of one of the modules.
    modules
        The solution's modules by name.
    """
    found: dict[str, None] = {}
    waiting: list[object] = [getattr(home_of(symbol, modules), symbol)]
    while waiting:
        each = waiting.pop()
        if (
            not isinstance(each, FunctionType | type)
            or each.__module__ not in modules
            or each.__name__ in found
        ):
            continue
        found[each.__name__] = None
        waiting.extend(_named_in(each))
    return frozenset(found)


def home_of(symbol: str, modules: Mapping[str, ModuleType]) -> ModuleType:
    """Return the module that defines `symbol`, rather than one that imports it.

    Raises
    ------
    LookupError
        None of the modules defines it.
    """
    for name, module in modules.items():
        if getattr(getattr(module, symbol, None), "__module__", None) == name:
            return module
    raise LookupError(f"the solution defines no {symbol}; its modules are {', '.join(modules)}")


def _named_in(value: object) -> Iterator[object]:
    """Yield what a function, or any method of a class, looks up in its module."""
    functions = vars(value).values() if isinstance(value, type) else (value,)
    for function in functions:
        if isinstance(function, FunctionType):
            for name in _global_names(function.__code__):
                if name in function.__globals__:
                    yield function.__globals__[name]


def _global_names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _global_names(constant)
