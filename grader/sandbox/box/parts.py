"""Take a module in parts where it cannot be had as a whole: definitions, imports, and the assignments they use.

One line that fails on this machine, such as a file opened on another one or a question for a GPU, then costs itself and
not the module around it. Nothing of the submission's is changed: what runs is its own text, statement by statement.
"""

from __future__ import annotations
import __future__ as futures

import ast
import contextlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType
from typing import Any

from .codec import type_name
from .failures import inside

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_Scope = Definition | ast.Lambda
_Around = ast.If | ast.Try | ast.TryStar | ast.With
"""What may stand around a definition. Loops are not in it: at the top of a module they train and test."""

# `sys.path.append(...)` is no assignment, and what is imported may hang on it.
_SETS_UP_IMPORTS = "sys"


def needed(body: Iterable[ast.stmt], wanted: Iterable[str] | None = None) -> list[ast.stmt]:
    """Return the imports among the statements of `body`, some definitions and all that these use, in their order.

    Parameters
    ----------
    wanted
        Names of the definitions; None for every definition there is.
    """
    left = list(body)
    kept: list[ast.stmt] = []
    if wanted is None:
        wanted = (each.name for top in left for each in inner(top) if isinstance(each, Definition))
    names = set(wanted)
    found: dict[ast.stmt, None] | None = None
    while found is None or found:  # what is kept uses more names, until it uses none that is new
        found = dict.fromkeys(each for each in left if _imports(each) or not names.isdisjoint(bound(each)))
        kept += found
        left = [each for each in left if each not in found]
        names |= {name for each in found for name in used(each)}
    return sorted(kept, key=lambda each: (each.lineno, each.col_offset))


def _imports(statement: ast.stmt) -> bool:
    """Whether a statement imports something, or sets up where imports look."""
    if isinstance(statement, ast.Expr):
        return any(isinstance(each, ast.Name) and each.id == _SETS_UP_IMPORTS for each in ast.walk(statement))
    return any(isinstance(each, ast.Import | ast.ImportFrom) for each in inner(statement))


def inner(statement: ast.stmt) -> Iterator[ast.stmt]:
    """Yield a statement and, where it is one that may stand around definitions, those in it."""
    waiting = [statement]
    while waiting:
        each = waiting.pop()
        yield each
        if isinstance(each, _Around):
            waiting += reversed(list(within(each)))


def within(statement: _Around) -> Iterator[ast.stmt]:
    """Yield the statements one level below an ``if``, ``try`` or ``with``, whichever way it goes."""
    handlers = [each.body for each in getattr(statement, "handlers", [])]
    after = [getattr(statement, name, []) for name in ("orelse", "finalbody")]
    for block in (statement.body, *handlers, *after):
        yield from block


def bound(statement: ast.stmt) -> set[str]:
    """Return the names that a statement defines, sets, or changes an item or attribute of."""
    names = set()
    for each in inner(statement):
        targets: list[ast.expr | None] = []
        match each:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                names.add(each.name)
            case ast.Assign():
                targets += each.targets
            case ast.AnnAssign() | ast.AugAssign():
                targets.append(each.target)
            case ast.With():
                targets += (item.optional_vars for item in each.items)
        found = (name for target in targets if target is not None for name in ast.walk(target))
        names |= {name.id for name in found if isinstance(name, ast.Name)}
    return names


def used(node: ast.AST) -> set[str]:
    """Return the names that `node` takes from around it: a function's own variables are not among them."""
    loaded, own, outside = set[str](), set[str](), set[str]()
    waiting = list(ast.iter_child_nodes(node))
    while waiting:
        each = waiting.pop()
        if isinstance(each, _Scope):
            loaded |= used(each)
            continue
        if isinstance(each, ast.arg):
            own.add(each.arg)
        elif isinstance(each, ast.Name):
            (own if isinstance(each.ctx, ast.Store) else loaded).add(each.id)
        elif isinstance(each, ast.Global):
            outside.update(each.names)
        waiting.extend(ast.iter_child_nodes(each))
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        return loaded
    # What stands in its head is looked up outside: `def f(x=x)`, a decorator.
    head = [*node.args.defaults, *filter(None, node.args.kw_defaults), *getattr(node, "decorator_list", [])]
    outside |= {name.id for each in head for name in ast.walk(each) if isinstance(name, ast.Name)}
    return loaded - own | outside


class InParts:
    """Finds the submission's modules and runs them in parts, those that do not run as a whole.

    Parameters
    ----------
    root
        The submission's folder.
    mend
        Puts a placeholder where an error says that something is missing; says whether it could.

    Attributes
    ----------
    notes
        One sentence for each thing that was left out.
    """

    def __init__(self, root: str, mend: Callable[[Exception], bool]) -> None:
        self.notes: list[str] = []
        self._root = root
        self._mend = mend
        self._whole = True

    def install(self, *, whole: bool) -> None:
        """Be asked for modules before Python's own finders; `whole` says whether each is tried as a whole first."""
        self._whole = self._whole and whole
        if self not in sys.meta_path:
            sys.meta_path.insert(0, self)

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Answer for the modules of the submission alone."""
        spec = PathFinder.find_spec(name, path, target)
        if (
            spec is None
            or type(spec.loader) is not SourceFileLoader
            or not inside(str(spec.origin), self._root)
        ):
            return None
        spec.loader = _Loader(name, str(spec.origin), self)
        return spec

    def run(self, module: ModuleType, loader: SourceFileLoader) -> None:
        """Run a module as a whole or, where that fails, in parts."""
        if self._whole:
            # Why it fails is told already: this is the second import of the module.
            with contextlib.suppress(Exception, SystemExit):
                SourceFileLoader.exec_module(loader, module)
                return
        tree = ast.parse(loader.get_data(loader.path))
        self._run(needed(tree.body), vars(module), loader.path)

    def _run(self, statements: Iterable[ast.stmt], names: dict[str, Any], path: str) -> None:
        flags = 0
        for statement in statements:
            if isinstance(statement, ast.ImportFrom) and statement.module == futures.__name__:
                for alias in statement.names:
                    flags |= getattr(getattr(futures, alias.name, None), "compiler_flag", 0)
            self._run_one(statement, flags, names, path)

    def _run_one(self, statement: ast.stmt, flags: int, names: dict[str, Any], path: str) -> None:
        code = compile(ast.Module([statement], []), path, "exec", flags, dont_inherit=True)
        try:
            exec(code, names)  # noqa: S102  # this is the box
        except (Exception, SystemExit) as error:
            if isinstance(error, Exception) and self._mend(error):
                return self._run_one(statement, flags, names, path)
            if isinstance(statement, _Around):
                self._run(filter(_is_worth_it, within(statement)), names, path)
            where = os.path.relpath(path, self._root)
            self.notes.append(f"left out line {statement.lineno} of {where}, which raised {type_name(error)}")


def _is_worth_it(statement: ast.stmt) -> bool:
    """Whether a statement runs by itself though the one around it failed: it defines or imports something."""
    return any(isinstance(each, Definition | ast.Import | ast.ImportFrom) for each in inner(statement))


class _Loader(SourceFileLoader):
    def __init__(self, name: str, path: str, parts: InParts) -> None:
        super().__init__(name, path)
        self._parts = parts

    def exec_module(self, module: ModuleType) -> None:
        self._parts.run(module, self)
