"""Stand in for what a right submission may expect and the box lacks: modules it never needs, files to write to."""

from __future__ import annotations

import builtins
import errno
import importlib
import io
import os
import re
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, Final, NoReturn

from .failures import innermost

# More missing modules than this are no stray imports.
_MOST: Final = 32

MISSING_NOTE: Final = "replaced the missing module {module!r} by a placeholder"

_MISSING_NAME: Final = re.compile(r"cannot import name '([^']+)' from '([^']+)'")


def _plainly(iterable: Any = (), *_arguments: Any, **_named: Any) -> Any:
    return iterable


def _undecorated(function: Any = None, *_arguments: Any, **_named: Any) -> Any:
    """Decorate with nothing, with and without arguments: what is compiled is right without it, too."""
    return function if callable(function) else _undecorated


# Names that courses of the Python 2 years took from bridging packages, and what they are today.
_TODAY: Final = {"xrange": range, "range": range, "zip": zip, "map": map, "filter": filter, "input": input}
_BARS: Final = {"tqdm": _plainly, "tqdm_notebook": _plainly, "trange": range}
# What can be had without the module, by the module's name.
KNOWN: Final[dict[str, dict[str, Any]]] = {
    **dict.fromkeys(("past.builtins", "future.builtins", "six.moves"), _TODAY),
    **dict.fromkeys(("tqdm", "tqdm.auto", "tqdm.notebook"), _BARS),
    "numba": {"jit": _undecorated, "njit": _undecorated, "prange": range},
}

# Python looks for these on the class, so `Absent.__getattr__` never hears of them.
_OPERATORS: Final = (
    "add sub mul truediv floordiv mod pow matmul and or xor "
    "radd rsub rmul rtruediv rfloordiv rmod rpow rmatmul neg pos abs invert "
    "lt le gt ge len iter next contains bool int float complex index array enter exit delitem delattr"
)


class Absent:
    """Stands for anything taken from a missing module.

    While modules are being imported it swallows what top-level code does with it: a setting, a decorator, a
    call. Afterwards every use raises ImportError with the reason.
    """

    __name: str
    __owner: Placeholders

    def __init__(self, name: str, owner: Placeholders) -> None:
        self.__dict__.update(_Absent__name=name, _Absent__owner=owner)  # past our own __setattr__

    def __use(self, name: str) -> Absent:
        if not self.__owner.importing:
            self._refuse()
        return Absent(name, self.__owner)

    def __mro_entries__(self, _bases: tuple[Any, ...]) -> tuple[type, ...]:
        """Let a class be derived from it, which then derives from nothing."""
        return ()

    def _refuse(self, *_arguments: Any) -> NoReturn:
        raise ImportError(f"{self.__name} is not available where submissions are graded")

    def __getattr__(self, name: str) -> Absent:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return self.__use(f"{self.__name}.{name}")

    def __call__(self, *_arguments: Any, **_named: Any) -> Absent:
        """Swallow the call while importing; refuse it afterwards."""
        return self.__use(self.__name)

    def __getitem__(self, _key: Any) -> Absent:
        return self.__use(self.__name)

    def __setitem__(self, _key: Any, _value: Any) -> None:
        self.__use(self.__name)

    def __setattr__(self, _name: str, _value: Any) -> None:
        self.__use(self.__name)


for _operator in _OPERATORS.split():
    setattr(Absent, f"__{_operator}__", Absent._refuse)


class _AbsentModule(ModuleType):
    """Gives an `Absent` for every name asked of it."""

    def __init__(self, name: str, owner: Placeholders) -> None:
        super().__init__(name)
        self.__path__: list[str] = []  # a package, so that anything beneath it can be asked for, too
        self.__dict__["_owner"] = owner

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        known = KNOWN.get(self.__name__, {})
        return known[name] if name in known else Absent(f"{self.__name__}.{name}", self.__dict__["_owner"])


class Placeholders:
    """Puts placeholders in the place of missing modules, those that a submission does not get on without.

    A module is replaced only after an import of the submission failed for want of it, and the import is then tried
    anew. So a submission that catches the failure itself takes its own way, as it does everywhere else.

    Attributes
    ----------
    notes
        One sentence per placeholder.
    importing
        Whether the submission is being imported, which excuses what it does with a placeholder.
    """

    def __init__(self, root: str) -> None:
        self.notes: list[str] = []
        self.importing = False
        self._root = root
        self._names: set[str] = set()
        # First of all, so that a module that is there but cannot be imported is replaced, too.
        sys.meta_path.insert(0, self)

    def find_spec(
        self, name: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Answer for the modules that were found missing, and for everything beneath them."""
        known = any(name == missing or name.startswith(f"{missing}.") for missing in self._names)
        return ModuleSpec(name, self, is_package=True) if known else None  # type: ignore[arg-type]

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Make the module that `spec` asks for."""
        return _AbsentModule(spec.name, self)

    def exec_module(self, module: ModuleType) -> None:
        """Do nothing: there is no code to run."""

    def load(self, module: str) -> None:
        """Import `module`, replacing what is missing outside the submission.

        Raises
        ------
        BaseException
            Whatever the import raises that no placeholder can mend.
        """
        self.importing = True
        try:
            while not self._tried(module):
                continue
        finally:
            self.importing = False

    def _tried(self, module: str) -> bool:
        try:
            importlib.import_module(module)
        except MemoryError:
            raise
        except Exception as error:
            if len(self.notes) >= _MOST or not self.mend(error):
                raise
            return False
        return True

    def mend(self, error: Exception) -> bool:
        """Put a placeholder where `error` says that something is missing; say whether that was possible."""
        step = innermost(error.__traceback__, self._root)
        if step is None:
            return False
        if step.tb_next is not None:
            # A library that the submission imports failed by itself. It is replaced as a whole: with a placeholder
            # for what it lacks it would only fail a line later. Python leaves importlib's own steps out of traces.
            frame = step.tb_next.tb_frame
            return frame.f_code.co_name == "<module>" and self._replace(str(frame.f_globals.get("__name__")))
        if not isinstance(error, ImportError):
            return False
        missing_name = _MISSING_NAME.match(str(error))
        return self._add(*missing_name.groups()) if missing_name else self._replace(error.name or "")

    def _replace(self, module: str) -> bool:
        if not module or module in self._names or module in sys.modules or self._is_own(module):
            return False
        self._names.add(module)
        self.notes.append(MISSING_NOTE.format(module=module))
        return True

    def _add(self, name: str, module: str) -> bool:
        loaded = sys.modules.get(module)
        if loaded is None or hasattr(loaded, name) or self._is_own(module):
            return False
        setattr(loaded, name, Absent(f"{module}.{name}", self))
        self.notes.append(f"replaced the missing name {name!r} of the module {module!r} by a placeholder")
        return True

    def _is_own(self, module: str) -> bool:
        """Say whether a file or folder of the submission has the name: then its absence is an error."""
        top = module.partition(".")[0]
        for _folder, folders, files in os.walk(self._root):
            if top in folders or any(each.partition(".")[0] == top for each in files):
                return True
        return False


_REFUSED: Final = frozenset({errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOENT})
_NOTE: Final = "let it write to files of its own, which are not kept"


class Scratch:
    """Stands in for `open`. What the box refuses to write goes to memory; reading is as before.

    It opens nothing: a log or a saved array in the middle of a right answer is no reason to fail. What would lie
    elsewhere than in the submission's own folder is refused as ever.

    Parameters
    ----------
    root
        The submission's folder.

    Attributes
    ----------
    notes
        A sentence once something was written.
    """

    def __init__(self, root: str) -> None:
        self.notes: list[str] = []
        self._root = os.path.join(root, "")
        self._open = builtins.open
        self._mkdir = os.mkdir

    def install(self) -> None:
        """Take the place of `open` and `os.mkdir` for everything that runs from here on."""
        builtins.open = io.open = self.open
        os.mkdir = self.mkdir

    def open(self, file: Any, mode: str = "r", *arguments: Any, **named: Any) -> Any:
        """Open `file`, or something to write to that is not kept."""
        try:
            return self._open(file, mode, *arguments, **named)
        except OSError as error:
            if not set(mode) & set("wax") or not self._is_forgiven(error, file):
                raise
        return io.BytesIO() if "b" in mode else io.StringIO()

    def mkdir(self, path: Any, *arguments: Any, **named: Any) -> None:
        """Make a folder, or none: what is written to it is not kept either."""
        try:
            self._mkdir(path, *arguments, **named)
        except OSError as error:
            if not self._is_forgiven(error, path):
                raise

    def _is_forgiven(self, error: OSError, path: Any) -> bool:
        if error.errno not in _REFUSED or not self._is_own(path):
            return False
        if not self.notes:
            self.notes.append(_NOTE)
        return True

    def _is_own(self, file: Any) -> bool:
        """Whether `file` names something beside the submission."""
        try:
            path = os.path.abspath(os.fsdecode(file))
        except TypeError:  # a file's number
            return False
        return path.startswith(self._root)
