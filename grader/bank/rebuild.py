"""Put an entry in the solution's place, as files or as private modules, and tell what a change can reach."""

from __future__ import annotations

import ast
import builtins
import importlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stdout
from functools import lru_cache
from importlib.util import decode_source, resolve_name
from io import StringIO
from pathlib import Path
from types import CodeType, FunctionType, MappingProxyType, ModuleType
from typing import Any

from grader.bank.bank_file import BankError, Import, bound
from grader.bank.entries import Entry, Variant
from grader.bank.forms import FORMS
from grader.course.assignment import stands_for_cells
from grader.intake.source import Node, module_name

ANSWER_MARK = b"YOUR CODE HERE"

_REMEMBERED = 1024

_BEHIND = b"\n\n\n"
"""What parts a module from the code of an entry."""


def as_files(entry: Entry, solution_files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the solution's files with `entry` in place of what it replaces.

    The entry's code goes behind the module that defines the names it replaces: there, later definitions win.

    Parameters
    ----------
    solution_files
        Path such as ``layers/dense.py`` to content; files other than Python's are passed on.

    Raises
    ------
    BankError
        The solution defines none of the entry's names, or in more than one module.
    """
    files = dict(solution_files)
    if entry.symbols:
        home = _home(entry, files)
        files[home] = _with_code(home, files[home], entry)
    if isinstance(entry, Variant) and entry.form:
        form = FORMS[entry.form]
        files = {path: form(text) if ANSWER_MARK in text else text for path, text in files.items()}
    return files


def as_modules(entry: Entry, solution_modules: Mapping[str, ModuleType]) -> dict[str, ModuleType]:
    """Return, for each public name of the solution, the module that defines it with `entry` built in.

    What `entry` changes, and every module that imports it, is a private copy: other layers of the same solution
    see the entry's names as well, and the solution itself stays as it is.

    Parameters
    ----------
    solution_modules
        Name to imported module, modules after those they import.

    Raises
    ------
    BankError
        As `as_files`; or the entry cannot be executed.
    """
    places = tuple((path_of(each), str(each.__file__)) for each in solution_modules.values())
    try:
        changed = _changed_files(entry, places)
        own = {path: _text_at(place) for path, place in places if path in changed}
        rebuilt = rebuild(changed, solution_modules, own)
    except Exception as error:
        raise BankError(f"{entry.place} does not work in the solution's place: {error!r}") from error
    public = [
        (symbol, value, name, rebuilt.get(name, module))
        for name, module in sorted(solution_modules.items(), key=lambda each: not stands_for_cells(each[0]))
        for symbol, value in vars(module).items()
        if not symbol.startswith("_") and not isinstance(value, ModuleType)
    ]
    # Of values alone nobody can tell where they are from.
    values = {symbol: module for symbol, value, _, module in reversed(public) if not callable(value)}
    defined = {
        symbol: module for symbol, value, name, module in public if getattr(value, "__module__", None) == name
    }
    return values | defined


def with_functions(
    functions: Mapping[str, Callable[..., object]], solution_modules: Mapping[str, ModuleType]
) -> dict[str, ModuleType]:
    """Return the solution's modules, with private copies of those that use some functions of it: they use these.

    Parameters
    ----------
    functions
        What stands in the place of the solution's functions of these names.
    solution_modules
        Name to imported module, modules after those they import.
    """
    files = {path_of(each): Path(str(each.__file__)).read_bytes() for each in solution_modules.values()}
    homes = {path_of(home_of(name, solution_modules)) for name in functions}
    affected = _affected(files, homes)
    rebuilt = rebuild({path: files[path] for path in files if path in affected}, solution_modules)
    for module in rebuilt.values():
        own = {name: each for name, each in vars(module).items() if isinstance(each, FunctionType)}
        vars(module).update(
            {name: functions[each.__name__] for name, each in own.items() if each.__name__ in functions}
        )
    return {**solution_modules, **rebuilt}


def _with_code(path: str, content: bytes, entry: Entry) -> bytes:
    """Return a module, or a notebook's cell that has what `entry` replaces, with the entry's code behind it."""
    if stands_for_cells(path) and path.endswith(".py"):
        return _behind_definition(content, entry)
    if not path.endswith(".ipynb"):
        return content.rstrip() + _BEHIND + f"{entry.code.strip()}\n".encode()
    document, defines = json.loads(content), _definition(entry.symbols)
    cell = [each for each in document["cells"] if defines.search(_source(each))][-1]
    cell["source"] = f"{_source(cell).decode().rstrip()}\n\n\n{entry.code.strip()}\n"
    return json.dumps(document).encode()


def _behind_definition(content: bytes, entry: Entry) -> bytes:
    """Return the module of a notebook's cells with the entry's code behind what it replaces.

    What comes later computes with it, and where it cannot, goes on as the cells of a notebook do.
    """
    module, symbols = ast.parse(content), set(entry.symbols)
    last = max(number for number, each in enumerate(module.body) if not symbols.isdisjoint(bound(each)))
    after = [each if isinstance(each, Node | Import) else _at_best(each) for each in module.body[last + 1 :]]
    module.body[last + 1 :] = [*ast.parse(entry.code).body, *after]
    return f"{ast.unparse(ast.fix_missing_locations(module))}\n".encode()


def _at_best(statement: ast.stmt) -> ast.Try:
    handler = ast.ExceptHandler(ast.Name("Exception", ast.Load()), None, [ast.Pass()])
    return ast.Try([statement], [handler], [], [])


def _source(cell: Mapping[str, Any]) -> bytes:
    text = cell.get("source", "") if cell.get("cell_type") == "code" else ""
    return (text if isinstance(text, str) else "".join(text)).encode()


@lru_cache(maxsize=_REMEMBERED)
def _defines(path: str, content: bytes, symbols: tuple[str, ...]) -> bool:
    defines = _definition(symbols)
    if path.endswith(".ipynb") and content.lstrip().startswith(b"{"):
        return any(defines.search(_source(each)) for each in json.loads(content)["cells"])
    return path.endswith(".py") and defines.search(content) is not None


def _definition(symbols: tuple[str, ...]) -> re.Pattern[bytes]:
    names = "|".join(map(re.escape, symbols)).encode()
    return re.compile(rb"^(?:(?:def|class) (?:%b)\b|(?:%b) = )" % (names, names), re.MULTILINE)


def _home(entry: Entry, files: Mapping[str, bytes]) -> str:
    """Return the file that defines what `entry` replaces."""
    homes = [path for path, text in files.items() if _defines(path, text, entry.symbols)]
    homes = [path for path in homes if not stands_for_cells(path)] or homes
    if len(homes) != 1:
        found = f"are spread over {' and '.join(homes)}" if homes else "are not defined by the solution"
        raise BankError(
            f"{entry.place} cannot take the solution's place: its names {', '.join(entry.symbols)} {found}"
        )
    return homes[0]


@lru_cache(maxsize=_REMEMBERED)  # every wrong submission meets the mistakes of its parts
def _changed_files(entry: Entry, places: tuple[tuple[str, str], ...]) -> Mapping[str, bytes]:
    """Return the modules that `entry` changes, and those that import them, out of the solution's files at `places`."""
    sources = {path: _text_at(place) for path, place in places}
    files = as_files(entry, sources)
    affected = _affected(files, {path for path in files if files[path] != sources[path]})
    return {path: content for path, content in files.items() if path in affected}


def _text_at(place: str) -> bytes:
    """Return the text of a file of the solution, read once as long as it is the same."""
    return _text_of(place, Path(place).stat().st_mtime_ns)


@lru_cache(maxsize=_REMEMBERED)
def _text_of(place: str, _when: int) -> bytes:
    return Path(place).read_bytes()


def _affected(files: Mapping[str, bytes], changed: set[str]) -> set[str]:
    """Return the files of `changed` and all that come to import them, told by their names in the text."""
    affected = set(changed)
    while True:
        more = {
            path
            for path, text in files.items()
            if path not in affected and any(_mentions(text, module_name(each)) for each in affected)
        }
        if not more:
            return affected
        affected |= more


@lru_cache(maxsize=_REMEMBERED)
def _mentions(text: bytes, module: str) -> bool:
    named = re.compile(rb"\b%b\b|^\s*from \." % re.escape(module).encode(), re.MULTILINE)
    return named.search(text) is not None


def rebuild(
    files: Mapping[str, bytes],
    beside: Mapping[str, ModuleType] = MappingProxyType({}),
    own: Mapping[str, bytes] = MappingProxyType({}),
) -> dict[str, ModuleType]:
    """Execute the modules in `files` and return them by name.

    They import each other, also inside functions, then what stands `beside` them; everything else they import
    is what this process has. The real modules of the same names, and ``sys.modules``, stay as they are.

    Parameters
    ----------
    files
        Path such as ``layers/dense.py`` to source, in an order in which modules come after those they import.
    beside
        Finished modules by name; those that are in `files` as well are passed over.
    own
        What some files have been before something was put behind it, which is compiled once for all.

    Raises
    ------
    Exception
        Whatever a module raises when it is executed.
    """
    modules = {module_name(path): ModuleType(module_name(path)) for path in files}
    names = {**vars(builtins), "__import__": _importer({**beside, **modules})}
    for path, module in zip(files, modules.values(), strict=True):
        parent = module.__name__.rpartition(".")[0]
        module.__package__ = module.__name__ if path.endswith("/__init__.py") else parent
        vars(module).update(__builtins__=names, __file__=path, __loader__=_Text(files[path]))
        if parent in modules:
            setattr(modules[parent], module.__name__.rpartition(".")[2], module)
    with redirect_stdout(StringIO()):  # the cells of a notebook print
        for path, module in zip(files, modules.values(), strict=True):
            for code in _steps(files[path], path, own.get(path, b"")):
                exec(code, vars(module))  # noqa: S102  # the author's own code, never a submission's
    return modules


class _Text:
    """What a module that was never a file has for a loader: who asks a module for its source asks this."""

    def __init__(self, source: bytes) -> None:
        self._source = source

    def get_source(self, _name: str) -> str:
        return decode_source(self._source)


def _steps(source: bytes, path: str, own: bytes) -> Iterator[CodeType]:
    """Yield the code of a module, apart that of what stands behind `own`, whose lines are counted from there on."""
    head = own.rstrip() + _BEHIND
    # What a future import changes goes for all that is compiled with it.
    if not own or not source.startswith(head) or b"__future__" in source:
        yield _compiled(source, path)
        return
    yield _compiled(own, path)
    yield _compiled(b"\n" * head.count(b"\n") + source[len(head) :], path)


@lru_cache(maxsize=_REMEMBERED)  # executing a module costs a tenth of compiling it
def _compiled(source: bytes, path: str) -> CodeType:
    return compile(source, path, "exec", dont_inherit=True)


def path_of(module: ModuleType) -> str:
    """Return the file that a module of this name has in its package's tree."""
    path = module.__name__.replace(".", "/")
    return f"{path}/__init__.py" if hasattr(module, "__path__") else f"{path}.py"


def _importer(modules: Mapping[str, ModuleType]) -> Callable[..., Any]:
    """Return an ``__import__`` that finds `modules` before it looks anywhere else."""

    def find(
        name: str,
        variables: Mapping[str, Any] | None = None,
        _local: object = None,
        wanted: tuple[str, ...] | None = (),
        level: int = 0,
    ) -> ModuleType:
        full = resolve_name("." * level + name, (variables or {})["__package__"]) if level else name
        if full not in modules:
            return importlib.__import__(name, variables, None, wanted or (), level)
        return modules[full] if wanted else modules[full.partition(".")[0]]

    return find


def reach(symbol: str, modules: Mapping[str, ModuleType]) -> frozenset[str]:
    """Return the names of all functions and classes in `modules` that `symbol` can come to use, its own included.

    What a function may look up in its module counts as used, also where it then does not call it. A variable may come
    from all that its module has.

    Parameters
    ----------
    symbol
        A public function, class or variable of one of the modules.
    modules
        The solution's modules by name.
    """
    found: dict[str, None] = {}
    home = home_of(symbol, modules)
    own = getattr(home, symbol)
    waiting = [own] if isinstance(own, FunctionType | type) else list(vars(home).values())
    while waiting:
        each = waiting.pop()
        if (
            not isinstance(each, FunctionType | type)
            or each.__module__ not in modules
            or each.__name__ in found
        ):
            continue
        found[each.__name__] = None
        waiting.extend(named_in(each))
    return frozenset(found) | {symbol}


def home_of(symbol: str, modules: Mapping[str, ModuleType]) -> ModuleType:
    """Return the module that defines `symbol`, rather than one that imports it.

    Raises
    ------
    LookupError
        None of the modules defines it.
    """
    for name, module in sorted(modules.items(), key=lambda each: stands_for_cells(each[0])):
        if getattr(getattr(module, symbol, None), "__module__", None) == name:
            return module
    for module in modules.values():
        if hasattr(module, symbol) and not callable(getattr(module, symbol)):
            return module  # a value, which does not say where it is from
    raise LookupError(f"the solution defines no {symbol}; its modules are {', '.join(modules)}")


def named_in(value: object) -> Iterator[object]:
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
