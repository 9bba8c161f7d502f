"""Let a right file import although a module it never really needs is missing here."""

from __future__ import annotations

import dis
import importlib
import importlib.util
import os
import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType, TracebackType
from typing import Any, NoReturn

from .failures import innermost

_MOST = 32


class Absent:
    """Stands for anything taken from a missing module.

    While modules are being imported it swallows what top-level code does with it (a decorator, a setting). Afterwards
    any use raises ImportError with the reason.
    """

    def __init__(self, name: str, lenient: Callable[[], bool]) -> None:
        object.__setattr__(self, "_name", name)
        object.__setattr__(self, "_lenient", lenient)

    def _refuse(self) -> NoReturn:
        name = object.__getattribute__(self, "_name")
        raise ImportError(f"{name} is not available where homework is graded")

    def __getattr__(self, name: str) -> Absent:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        if not object.__getattribute__(self, "_lenient")():
            self._refuse()
        return Absent(f"{object.__getattribute__(self, '_name')}.{name}", self._lenient)

    def __call__(self, *_arguments: Any, **_named: Any) -> Absent:
        if not self._lenient():
            self._refuse()
        return Absent(self._name, self._lenient)

    def __setattr__(self, name: str, value: Any) -> None:
        if not self._lenient():
            self._refuse()

    def __setitem__(self, key: Any, value: Any) -> None:
        if not self._lenient():
            self._refuse()

    def __getitem__(self, key: Any) -> Absent:
        return self()

    def __bool__(self) -> bool:
        self._refuse()

    def __iter__(self) -> NoReturn:
        self._refuse()

    def __array__(self, *_arguments: Any, **_named: Any) -> NoReturn:
        self._refuse()

    def __float__(self) -> float:
        self._refuse()

    def __index__(self) -> int:
        self._refuse()

    def __add__(self, _other: Any) -> NoReturn:
        self._refuse()

    __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = __matmul__ = __add__
    __rmatmul__ = __pow__ = __rpow__ = __lt__ = __gt__ = __le__ = __ge__ = __len__ = __contains__ = __add__


class _AbsentModule(ModuleType):
    def __init__(self, name: str, lenient: Callable[[], bool]) -> None:
        super().__init__(name)
        self.__path__: list[str] = []
        self.__dict__["_lenient"] = lenient

    def __getattr__(self, name: str) -> Absent:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return Absent(f"{self.__name__}.{name}", self.__dict__["_lenient"])


class Placeholders:
    """Puts placeholders in the place of missing modules.

    Sits first on ``sys.meta_path``, so that a module that is there but cannot be imported is replaced, too.

    Attributes
    ----------
    notes
        One sentence per placeholder.
    """

    def __init__(self, root: str) -> None:
        self.notes: list[str] = []
        self._root = root
        self._names: set[str] = set()
        self._importing = False
        sys.meta_path.insert(0, self)  # type: ignore[arg-type]

    def find_spec(self, name: str, path: Sequence[str] | None, target: Any = None) -> ModuleSpec | None:
        """Answer for the modules that were found missing, and everything beneath them."""
        del path, target
        known = name in self._names or any(name.startswith(missing + ".") for missing in self._names)
        return ModuleSpec(name, self, is_package=True) if known else None  # type: ignore[arg-type]

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Part of the import protocol."""
        return _AbsentModule(spec.name, lambda: self._importing)

    def exec_module(self, module: ModuleType) -> None:
        """Part of the import protocol; there is nothing to run."""

    def load(self, module: str) -> None:
        """Import `module`, replacing what is missing outside the submission.

        Raises
        ------
        BaseException
            Whatever the import raises that a placeholder cannot mend.
        """
        self._importing = True
        try:
            self._load(module)
        finally:
            self._importing = False

    def _load(self, module: str) -> None:
        for _ in range(_MOST):
            try:
                importlib.import_module(module)
            except MemoryError:
                raise
            except Exception as error:
                if not self._mend(error):
                    raise
            else:
                return
        importlib.import_module(module)

    def _mend(self, error: Exception) -> bool:
        """Put a placeholder where `error` says something is missing; say whether that was possible."""
        step = innermost(error.__traceback__, self._root)
        wanted = _wanted(step) if step else None
        if wanted is None:
            return False
        name, attribute = wanted
        if self._belongs(name.partition(".")[0]):
            return False
        if attribute is None:
            return self._replace(_missing_part(name))
        return isinstance(error, ImportError) and self._add(name, attribute)

    def _replace(self, name: str) -> bool:
        if name in self._names or name in sys.modules:
            return False
        self._names.add(name)
        self.notes.append(f"replaced the missing module {name!r} by a placeholder")
        return True

    def _add(self, name: str, attribute: str) -> bool:
        module = sys.modules.get(name)
        if module is None or hasattr(module, attribute):
            return False
        setattr(module, attribute, Absent(f"{name}.{attribute}", lambda: self._importing))
        self.notes.append(f"replaced the missing name {name}.{attribute} by a placeholder")
        return True

    def _belongs(self, top: str) -> bool:
        """Say whether some file or folder of the submission has the module's name."""
        for _folder, folders, files in os.walk(self._root):
            if top in folders or any(each.partition(".")[0] == top for each in files):
                return True
        return False


def _missing_part(name: str) -> str:
    """Return the top-level package when that is missing, too, else the module itself."""
    top = name.partition(".")[0]
    return name if top in sys.modules or importlib.util.find_spec(top) else top


def _wanted(step: TracebackType) -> tuple[str, str | None] | None:
    """Return the absolute import that was running in `step`: its module, and its name in ``from module import name``."""
    module, level = "", 0
    code = step.tb_frame.f_code
    instructions = [each for each in dis.get_instructions(code) if each.opname != "EXTENDED_ARG"]
    for position, instruction in enumerate(instructions):
        if instruction.opname == "IMPORT_NAME":
            module, level = str(instruction.argval), _level(instructions, position)
        if instruction.offset == step.tb_lasti:
            if not level and instruction.opname == "IMPORT_NAME":
                return module, None
            if not level and instruction.opname == "IMPORT_FROM":
                return module, str(instruction.argval)
    return None


def _level(instructions: list[dis.Instruction], position: int) -> int:
    """``IMPORT_NAME`` is preceded by loading the level and the list of names."""
    constants = [each.argval for each in instructions[max(0, position - 2) : position]]
    return constants[0] if constants and isinstance(constants[0], int) else 0
