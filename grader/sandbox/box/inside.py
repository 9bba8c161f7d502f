"""Run a test cell in the notebook's own process, and tell what could have fooled it.

A test comes as byte code, so that there is no source of it here to be read. Test and answer share the process: what is
told here may be forged by code that knows how. It is compared, outside, with what was told before the notebook ran.
"""

from __future__ import annotations

import builtins
import contextlib
import importlib
import marshal
import os
import sys
import zlib
from collections.abc import Iterable, Iterator
from types import BuiltinFunctionType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any, Final

from .failures import describe, inside

TEST: Final = "<test>"
"""What the code of a test has for a file name."""

JUDGES: Final = (
    *("builtins", "math", "cmath", "operator", "unittest.case", "pytest", "pandas", "pandas.testing"),
    *("numpy", "numpy.linalg", "numpy.testing", "numpy.testing._private.utils", "pandas._testing.asserters"),
    *("numpy._core.numeric", "numpy._core.fromnumeric", "numpy.core.numeric", "numpy.core.fromnumeric"),
)
"""Modules that tests judge with: nothing they held before the notebook ran may be another thing when a test runs."""

_CHANGING: Final = frozenset({"sys", "os", "warnings", "matplotlib", "IPython", "otter"})
"""Modules whose functions change in use, or that are replaced here."""

_LOOKS: Final = frozenset(
    {"sys._getframe", "sys._current_frames", "sys.settrace", "sys.setprofile"}
    | {"gc.get_objects", "gc.get_referrers", "gc.get_referents"}
)
_FRAMES: Final = frozenset({"tb_frame", "gi_frame", "cr_frame"})
_CELL: Final = "<ipython-input-"
_GO_BETWEENS: Final = ("inspect.py", "traceback.py")


class TestWatch:
    """What a process was like before the notebook ran, and whether the notebook looks at a test that runs."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._names: dict[str, tuple[str, ...]] = {}
        self._looking = self._busy = False
        self._looks: list[str] = []

    def begin(self, modules: Iterable[str]) -> dict[str, int]:
        """Note what there is to judge with, and return `evidence`; called before anything of a notebook runs.

        Parameters
        ----------
        modules
            What tests use beside `JUDGES`: loaded if it is a library's, and noted.
        """
        wanted = [name for name in modules if name.partition(".")[0] not in _CHANGING]
        for name in wanted:
            self._load(name)
        loaded = {name: sys.modules[name] for name in (*JUDGES, *wanted) if name in sys.modules}
        self._names = {name: tuple(vars(module)) for name, module in loaded.items()}
        sys.addaudithook(self._heard)
        return self.evidence()

    def _load(self, name: str) -> None:
        """Load a library's module; the submission's own stay where the notebook finds them."""
        top = name.partition(".")[0]
        own = (os.path.join(self._root, top), os.path.join(self._root, f"{top}.py"))
        if name not in sys.modules and not any(map(os.path.exists, own)):
            with contextlib.suppress(Exception):
                importlib.import_module(name)

    def evidence(self) -> dict[str, int]:
        """Return a number per module that changes when one of its functions, classes or modules does."""
        return {name: _number(sys.modules.get(name), names) for name, names in self._names.items()} | {
            "traced": (sys.gettrace() is not None) + 2 * (sys.getprofile() is not None)
        }

    def looks(self) -> list[str]:
        """Return by what code of the notebook looked at the frames of the test that ran last."""
        return self._looks[:10]

    def watching(self, on: bool) -> None:
        """Begin or end to note who looks."""
        self._looks = [] if on else self._looks
        self._looking = on

    def _heard(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self._looking or self._busy:
            return
        if event == "object.__getattr__":
            event = f"{arguments[1]}"
        if event not in _LOOKS and event not in _FRAMES:
            return
        self._busy = True
        try:
            if self._is_from_notebook():
                self._looks.append(event)
        finally:
            self._busy = False

    def _is_from_notebook(self) -> bool:
        """Whether code of the notebook asks, by itself or through a module made for it."""
        frame = sys._getframe(2)
        while frame.f_back is not None and frame.f_code.co_filename.endswith(_GO_BETWEENS):
            frame = frame.f_back
        name = frame.f_code.co_filename
        return name.startswith(_CELL) or inside(name, self._root)


def run_test(namespace: dict[str, Any], body: bytes, last: bytes, bound: Iterable[str]) -> Any:
    """Run a test among the notebook's variables; return the value of its last expression.

    Parameters
    ----------
    body, last
        The test's statements and, if it ends with one, its last expression: byte code.
    bound
        Names that are given back what they had when the test is over.
    """
    before = {name: namespace[name] for name in bound if name in namespace}
    namespace["__builtins__"] = builtins
    try:
        exec(marshal.loads(body), namespace)  # noqa: S102, S302  # the grader's own
        return eval(marshal.loads(last), namespace) if last else None  # noqa: S302, S307  # as above
    finally:
        for name in bound:
            namespace.pop(name, None)
        namespace.update(before)


def plain(value: object) -> float | None:
    """Return a number as it is, None for all else."""
    return float(value) if type(value) in {int, float} else None  # type: ignore[arg-type]  # one of the two


def ended(error: BaseException | None, root: str) -> dict[str, Any]:
    """Return how a test ended: the exception, and the line of the test that it came from."""
    if error is None:
        return {"type": "", "text": "", "line": 0}
    name, text, _where = describe(error, root)
    return {"type": name, "text": text, "line": _line(error)}


def _line(error: BaseException) -> int:
    line, step = 0, error.__traceback__
    while step is not None:
        line = step.tb_lineno if step.tb_frame.f_code.co_filename == TEST else line
        step = step.tb_next
    return line


def described(namespace: dict[str, Any], names: Iterable[str]) -> dict[str, str]:
    """Return what each of `names` is, as far as it is something that tests judge with."""
    return {name: what for name in names if (what := _description(namespace.get(name)))}


def _description(value: Any) -> str:
    kind: type = type(value)
    if kind is ModuleType:
        return f"module {value.__name__}" + ("" if sys.modules.get(value.__name__) is value else " (another)")
    if kind is FunctionType:
        return f"function {value.__module__}.{value.__qualname__} {_code(value.__code__)}"
    if kind is MethodType:
        return f"method {_description(value.__func__)}"
    if issubclass(kind, type):
        inner = (each.__code__ for each in vars(value).values() if type(each) is FunctionType)
        return f"class {value.__module__}.{value.__qualname__} {sum(map(_code, inner))}"
    if kind is BuiltinFunctionType or kind.__name__ in {"ufunc", "_ArrayFunctionDispatcher"}:
        return f"{kind.__name__} {getattr(value, '__name__', '')}"
    return kind.__name__ if callable(value) else ""


def _code(code: CodeType) -> int:
    """Return a number for what code does, wherever it was written."""
    inner = [each for each in code.co_consts if type(each) is CodeType]
    plain = [each for each in code.co_consts if type(each) is not CodeType]
    text = f"{code.co_code!r} {code.co_names} {plain!r} {[_code(each) for each in inner]}"
    return zlib.crc32(text.encode("utf-8", "replace"))


def _number(module: object, names: Iterable[str]) -> int:
    return hash(tuple(_identities(vars(module), names))) if isinstance(module, ModuleType) else 0


def _identities(held: dict[str, Any], names: Iterable[str]) -> Iterator[int]:
    """Give the identities of what can be called, and of what it runs."""
    for name in names:
        value: Any = held.get(name)
        kind = type(value)
        if kind is FunctionType:
            yield from (id(value), id(value.__code__), id(value.__defaults__))
        elif issubclass(kind, type):
            yield id(value)
            if value.__module__ in {"unittest.case", "numpy.testing._private.utils"}:
                yield from map(id, vars(value).values())
        elif kind is ModuleType or callable(value):
            yield id(value)
