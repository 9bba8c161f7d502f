"""Write down what a check asks of a submission, as a program that asks the same outside the grader."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.checking.student import WorkerLike
from grader.sandbox import Handle

_SHORT = 200
"""Entries of an array that is written out; a longer one is packed."""

HEAD = '''"""{title}

It holds hidden inputs: it is for staff alone.
"""

import base64
import importlib
import sys
import zlib
from pathlib import Path

import numpy as np

inf, nan = np.inf, np.nan
sys.path.insert(0, str(Path(__file__).resolve().parent / "files"))


def packed(dtype, shape, text):
    """Return an array that is too long to be written out."""
    return np.frombuffer(zlib.decompress(base64.b64decode(text)), dtype).reshape(shape).copy()


def define(source, values):
    """Return the function that a check passes to an answer."""
    scope = {{"np": np, **values}}
    try:
        return eval(source, scope)
    except SyntaxError:
        exec(source, scope)
        return next(each for each in reversed(scope.values()) if callable(each))


'''

TAIL = """
for name, value in list(globals().items()):
    if name[0] == "r" and name[1:].isdigit():
        print(name, "=", value)
"""


class Transcript:
    """What was asked of all workers of one check, line by line, each written before it is asked."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._names: dict[tuple[int, int], str] = {}

    def following(self, start: Callable[[str], WorkerLike]) -> Callable[[str], WorkerLike]:
        """Return what starts workers whose requests are written down here."""
        return lambda root: _Followed(start(root), self)

    def program(self, title: str) -> str:
        """Return the program."""
        return (
            HEAD.format(title=title.replace("\\", "/").replace('"""', "'''"))
            + "\n".join(self.lines)
            + "\n"
            + TAIL
        )

    def asks(self, expression: str) -> str:
        """Add a line whose value has a name, which is returned."""
        name = f"r{len(self.lines) + 1}"
        self.lines.append(f"{name} = {expression}")
        return name

    def tells(self, statement: str) -> None:
        """Add a line without a value."""
        self.lines.append(statement)

    def gave(self, name: str, value: object) -> None:
        """Remember by which name a result, or an entry of it, is known."""
        entries = enumerate(value) if isinstance(value, tuple | list) else ()
        for at, each in entries:
            self.gave(f"{name}[{at}]", each)
        if isinstance(value, Handle):
            self._names[value.worker, value.id] = name

    def literal(self, value: Any) -> str:  # noqa: PLR0911  # one per kind of value
        """Return a value as the program writes it."""
        match value:
            case Handle():
                return self._names.get((value.worker, value.id), repr(value))
            case np.ndarray():
                return _array(value)
            case np.generic():
                return f"np.{value.dtype.name}({value.item()!r})"
            case dict():
                return f"{{{', '.join(f'{key!r}: {self.literal(each)}' for key, each in value.items())}}}"
            case list():
                return f"[{self._all(value)}]"
            case tuple():
                return f"({self._all(value)}{',' if len(value) == 1 else ''})"
        return repr(value)

    def arguments(self, args: Iterable[object], kwargs: dict[str, object]) -> str:
        """Return the arguments of a call."""
        named = [f"{name}={self.literal(each)}" for name, each in kwargs.items()]
        return ", ".join([*map(self.literal, args), *named])

    def _all(self, values: Iterable[object]) -> str:
        return ", ".join(map(self.literal, values))


class _Followed:
    """A worker that passes everything on, and writes down first what is asked."""

    def __init__(self, worker: WorkerLike, transcript: Transcript) -> None:
        self._worker = worker
        self._told = transcript

    def __getattr__(self, name: str) -> Any:
        asked = getattr(self._worker, name)
        words = _WORDS.get(name)
        if words is None:
            return asked

        def follow(*args: Any, **kwargs: Any) -> object:
            line = words(self._told, *args, **kwargs)
            if name in _WITHOUT_VALUE:
                self._told.tells(line)
                return asked(*args, **kwargs)
            called = self._told.asks(line)
            result = asked(*args, **kwargs)
            self._told.gave(called, result)
            return result

        return follow


def _call(told: Transcript, target: object, args: Iterable[object] = (), kwargs: Any = None) -> str:
    return f"{told.literal(target)}({told.arguments(args, dict(kwargs or {}))})"


def _method(
    told: Transcript, handle: object, name: str, args: Iterable[object] = (), kwargs: Any = None
) -> str:
    return f"{told.literal(handle)}.{name}({told.arguments(args, dict(kwargs or {}))})"


_WORDS: dict[str, Callable[..., str]] = {
    "resolve": lambda _told, module, name: f"importlib.import_module({module!r}).{name}",
    "call": _call,
    "call_method": _method,
    "put": lambda told, value: told.literal(value),
    "define": lambda told, source, values: f"define({source!r}, {told.literal(dict(values))})",
    "get_attribute": lambda told, handle, name: f"{told.literal(handle)}.{name}",
    "set_attribute": lambda told, handle, name, value: (
        f"{told.literal(handle)}.{name} = {told.literal(value)}"
    ),
    "get_item": lambda told, handle, key: f"{told.literal(handle)}[{key!r}]",
    "get": lambda told, handle, key: f"{told.literal(handle)}.get({key!r})",
    "set_item": lambda told, handle, key, value: f"{told.literal(handle)}[{key!r}] = {told.literal(value)}",
}
_WITHOUT_VALUE = frozenset({"set_attribute", "set_item"})


def _array(array: NDArray[Any]) -> str:
    if array.size > _SHORT or not array.size or array.dtype.kind not in "biufc":
        text = base64.b64encode(zlib.compress(np.ascontiguousarray(array).tobytes())).decode()
        return f"packed({array.dtype.str!r}, {array.shape!r}, {text!r})"
    return f"np.array({array.tolist()!r}, dtype={array.dtype.name!r})"
