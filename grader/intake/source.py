"""Look at Python text without running it: what it defines and imports, and which answers are still stubs."""

from __future__ import annotations

import ast
import hashlib
import re
import warnings
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

Node = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

_COMPUTING = (ast.For, ast.While, ast.Call, ast.BinOp, ast.Compare, ast.comprehension, ast.Lambda, ast.Yield)
"""A body without any of these only names things: it passes, raises, or returns what it was given or None."""

_ASSIGNMENT = ast.Assign | ast.AnnAssign | ast.AugAssign

_MAKERS = frozenset({"exec", "globals", "locals", "setattr", "vars"})
"""Functions by which a module gets names that do not stand in it."""

_RUNS_TEXT = frozenset({"exec", "eval", "compile"})
_RUNS_OBJECTS = frozenset({"builtins", "__builtins__", "marshal"})
"""What runs code that does not stand in the file: by name, and the owners of such functions."""

_MAY_HIDE = re.compile(rb"exec|eval|compile|getattr|globals|locals|vars|builtins|marshal|\0")
"""One of these words stands in any file that does, or it is of an encoding in which they cannot be looked for."""

_SHORT = 200
"""Characters of a text that people read at a glance, where it is run as it stands."""


@dataclass(frozen=True, slots=True)
class Import:
    """One ``import`` or ``from ... import``; `level` counts leading dots."""

    module: str
    level: int
    star: bool


@dataclass(frozen=True, slots=True)
class SourceFile:
    """What can be seen in one Python file.

    Attributes
    ----------
    path
        Where the submission keeps it.
    error
        Why it does not parse, with the line; None when it does.
    definitions
        Functions and classes at the top level, by name; the last of a name counts, as when it runs.
    names
        Every name that the top level binds: definitions, assignments and imports.
    imports
        Imports anywhere in the file.
    body
        The statements of its top level.
    data
        The file.
    lost
        Definitions that are in the file and do not parse, each with the reason; `data` has something in their place.
    oddities
        What was left out or guessed so that the rest parses, as ends of sentences about the file.
    """

    path: str
    error: str | None = None
    definitions: Mapping[str, Node] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    imports: tuple[Import, ...] = ()
    body: tuple[ast.stmt, ...] = ()
    data: bytes = b""
    lost: Mapping[str, str] = field(default_factory=dict)
    oddities: tuple[str, ...] = ()

    @property
    def public(self) -> frozenset[str]:
        """Names of the definitions without a leading underscore."""
        return frozenset(name for name in self.definitions if not name.startswith("_"))

    @property
    def makes_names(self) -> bool:
        """Whether its top level may get names as it runs that do not stand in it."""
        return "__getattr__" in self.definitions or any(
            isinstance(each, ast.Call) and isinstance(each.func, ast.Name) and each.func.id in _MAKERS
            for each in self._nodes()
        )

    def assigns(self, name: str) -> bool:
        """Whether its top level assigns `name`, rather than to import or define it."""
        values = (each for each in _top_level(self.body) if isinstance(each, _ASSIGNMENT))
        return any(name in _bound(each) for each in values)

    def runs_text(self) -> str:
        """Return the line of the first place that runs code which does not stand in the file; empty without one."""
        if _MAY_HIDE.search(self.data) is None:  # most files, which need not be walked through
            return ""
        return next((f"line {each.lineno}" for each in self._nodes() if _hides(each)), "")

    def _nodes(self) -> Iterator[Any]:
        return (node for statement in self.body for node in ast.walk(statement))


def _hides(node: ast.AST) -> bool:
    """Whether a text is run, or a name is put together so that nobody finds it."""
    match node:
        case ast.Call(args=[ast.Constant(value=str() as text), *_]) if len(text) <= _SHORT:
            return False
        case (
            ast.Call(func=ast.Name(id="getattr"), args=[_, name, *_])
            | ast.Subscript(
                value=ast.Call(func=ast.Name(id="globals" | "vars" | "locals")), slice=name, ctx=ast.Load()
            )
        ):
            return isinstance(name, ast.BinOp | ast.JoinedStr | ast.Call)
        case ast.Call(func=ast.Name(id=name)):
            return name in _RUNS_TEXT
        case ast.Call(func=ast.Attribute(value=ast.Name(id=owner))):
            return owner in _RUNS_OBJECTS
    return False


def module_name(path: str) -> str:
    """Return the dotted name of the module in file `path`."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def read_source(path: str, data: bytes) -> SourceFile:
    """Parse `data` as Python would and say what it defines; a file that does not parse says why.

    Encodings, byte-order marks and line ends are left to the parser, which knows them.
    """
    try:
        tree = parse(data)
    except SyntaxError as error:
        return SourceFile(path, f"line {error.lineno or 1}: {error.msg}", data=data)
    except MemoryError:
        # The parser's stack, or what the reader may use; what it says differs between Pythons.
        return SourceFile(path, "it is nested too deeply, or too large", data=data)
    except (ValueError, LookupError, RecursionError) as error:
        return SourceFile(path, str(error), data=data)
    statements = list(_top_level(tree.body))
    definitions = {each.name: each for each in statements if isinstance(each, Node)}
    names = frozenset(name for each in statements for name in _bound(each))
    return SourceFile(path, None, definitions, names, tuple(_imports(tree)), tuple(tree.body), data)


def parse(data: bytes | str) -> ast.Module:
    """Parse Python, without the warnings that odd escape sequences give."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(data)


def same_code(one: ast.AST, other: ast.AST) -> bool:
    """Say whether two definitions differ in nothing but comments, docstrings and layout."""
    try:
        return _alike(one, other)
    except RecursionError:
        return False


def same_module(one: SourceFile, other: SourceFile) -> bool:
    """Say whether two files differ in nothing but comments, docstrings, layout and the packages they import from.

    Which package a module is in depends on a submission's layout. Files that do not parse are not the same.
    """
    if one.error is not None or other.error is not None or one.definitions.keys() != other.definitions.keys():
        return False
    if one.data == other.data:
        return True
    mine = _outline(one.body)
    return mine is not None and mine == _outline(other.body)


@lru_cache(maxsize=32)  # each file of a submission is held against all that were handed out
def _outline(body: tuple[ast.stmt, ...]) -> bytes | None:
    """Return what two files have in common that are the same module; None for one that is nested too deeply."""
    digest = hashlib.sha256()
    try:
        for step in body:
            if not _is_docstring(step):
                told: list[str] = []
                _tell(_without_package(step), told)
                digest.update("\0".join([*told, "\n"]).encode("utf-8", "surrogatepass"))
    except RecursionError:
        return None
    return digest.digest()


def _tell(value: object, told: list[str]) -> None:
    """Add the structure of a tree, docstrings and positions left out, as `_alike` compares it."""
    if isinstance(value, ast.AST):
        told.append(type(value).__name__)
        for name in value._fields:
            _tell(getattr(value, name, None), told)
    elif isinstance(value, list):
        told.append("[")
        for each in value:
            if not _is_docstring(each):
                _tell(each, told)
        told.append("]")
    else:
        told.append(f"{type(value).__name__} {hex(value) if type(value) is int else repr(value)}")


def _without_package(step: ast.stmt) -> ast.stmt:
    if isinstance(step, ast.ImportFrom):
        return ast.ImportFrom((step.module or "").rpartition(".")[2], step.names, 0)
    return step


def is_stub(node: Node, released: Node | None) -> bool:
    """Say whether `node` was left as it was handed out, or does nothing at all.

    Parameters
    ----------
    released
        The stub that students receive, if there is one.
    """
    if released is not None and same_code(node, released):
        return True
    return not any(isinstance(each, _COMPUTING) for each in _below(node.body))


def _below(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Walk a body, but for the messages of the exceptions that it raises."""
    waiting = list(body)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.Raise):
            waiting.extend(ast.iter_child_nodes(node))


def _alike(one: object, other: object) -> bool:
    """Say whether two trees have the same structure, docstrings and positions left out; ends at a difference."""
    if type(one) is not type(other):
        return False
    if isinstance(one, list) and isinstance(other, list):
        mine, theirs = ([each for each in body if not _is_docstring(each)] for body in (one, other))
        return len(mine) == len(theirs) and all(map(_alike, mine, theirs))
    if isinstance(one, ast.AST):
        return all(_alike(getattr(one, name, None), getattr(other, name, None)) for name in one._fields)
    return one == other


def _is_docstring(step: object) -> bool:
    return (
        isinstance(step, ast.Expr)
        and isinstance(step.value, ast.Constant)
        and isinstance(step.value.value, str)
    )


def _top_level(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements that run on import, those inside ``if``, ``try`` and the like included."""
    waiting = list(body)[::-1]
    while waiting:
        statement = waiting.pop()
        yield statement
        if isinstance(statement, ast.If | ast.Try | ast.TryStar | ast.With | ast.For | ast.While | ast.Match):
            parts = [getattr(statement, name, []) for name in ("body", "orelse", "finalbody")]
            handlers = [each.body for name in ("handlers", "cases") for each in getattr(statement, name, [])]
            waiting.extend(each for part in reversed([*parts, *handlers]) for each in reversed(part))


def _bound(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, Node):
        yield statement.name
    elif isinstance(statement, ast.Import | ast.ImportFrom):
        for alias in statement.names:
            yield alias.asname or alias.name.partition(".")[0]
    elif isinstance(statement, _ASSIGNMENT):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        for target in targets:
            yield from (each.id for each in ast.walk(target) if isinstance(each, ast.Name))


def _statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield all statements, those of functions and classes included, without looking into expressions."""
    waiting = list(body)
    while waiting:
        statement = waiting.pop()
        yield statement
        for name in ("body", "orelse", "finalbody", "handlers", "cases"):
            for each in getattr(statement, name, ()):
                waiting.extend([each] if isinstance(each, ast.stmt) else each.body)


def _imports(tree: ast.Module) -> Iterator[Import]:
    for node in _statements(tree.body):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, 0, star=False) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            star = any(alias.name == "*" for alias in node.names)
            yield Import(node.module or "", node.level, star)


def with_helpers(symbol: str, definitions: Mapping[str, Node], judged: Collection[str]) -> tuple[Node, ...]:
    """Return the definition of `symbol` and those of its file that it uses, but for other judged answers."""
    found: dict[str, Node] = {}
    waiting = [symbol]
    while waiting:
        name = waiting.pop()
        if name in definitions and name not in found and (name == symbol or name not in judged):
            found[name] = definitions[name]
            waiting.extend(each.id for each in ast.walk(definitions[name]) if isinstance(each, ast.Name))
    return tuple(found.values())


def plain_code(nodes: tuple[Node, ...]) -> str:
    """Return definitions as text in one layout, without comments and docstrings.

    Raises
    ------
    RecursionError, SyntaxError, ValueError
        Python cannot write what it read.
    """
    return "\n\n".join(ast.unparse(_without_docstrings(node)) for node in nodes) + "\n"


class _DocstringRemover(ast.NodeTransformer):
    """Drops what documents functions and classes; a body that was nothing else becomes ``pass``."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        if isinstance(node, Node) and ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:] or [ast.Pass()]
        return node


def _without_docstrings(node: Node) -> ast.AST:
    copied: ast.AST = _DocstringRemover().visit(ast.parse(ast.unparse(node)))
    return copied
