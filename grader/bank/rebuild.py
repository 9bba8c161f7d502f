"""Execute a set of module files as a private package, so that changed copies live beside the originals."""

from __future__ import annotations

import builtins
import importlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.util import resolve_name
from types import CodeType, MappingProxyType, ModuleType
from typing import Any


def rebuild(
    files: Mapping[str, bytes], beside: Mapping[str, ModuleType] = MappingProxyType({})
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

    Raises
    ------
    Exception
        Whatever a module raises when it is executed.
    """
    modules = {module_of(path): ModuleType(module_of(path)) for path in files}
    names = {**vars(builtins), "__import__": _importer({**beside, **modules})}
    for path, module in zip(files, modules.values(), strict=True):
        parent = module.__name__.rpartition(".")[0]
        module.__package__ = module.__name__ if path.endswith("/__init__.py") else parent
        vars(module).update(__builtins__=names, __file__=path)
        if parent in modules:
            setattr(modules[parent], module.__name__.rpartition(".")[2], module)
    for path, module in zip(files, modules.values(), strict=True):
        exec(_compiled(files[path], path), vars(module))  # noqa: S102  # the author's own code, never a submission's
    return modules


@lru_cache(maxsize=1024)  # executing a module costs a tenth of compiling it
def _compiled(source: bytes, path: str) -> CodeType:
    return compile(source, path, "exec", dont_inherit=True)


def module_of(path: str) -> str:
    """Return the dotted name of the module in file `path`."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


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
