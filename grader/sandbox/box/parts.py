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
from collections.abc import Callable, Iterable, Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType
from typing import Any

from .codec import type_name
from .failures import inside
from .uses import Around, Definition, inner, needed, within


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
            if isinstance(statement, Around):
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
