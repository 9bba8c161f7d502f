"""Answer the grader's requests about one submission, inside a process that is already locked down."""

from __future__ import annotations

import builtins
import os
import random
import sys
from collections.abc import MutableMapping
from typing import Any

# Imported for their own sake: what most submissions and the given code use is loaded once, before any fork.
import concurrent.futures.thread  # isort: skip  # noqa: F401
import copy  # isort: skip  # noqa: F401

import numpy as np
import numpy.random as numpy_random  # by name: NumPy loads it on first use, which would be in every worker

from .channel import Channel, Closed
from .codec import Bounds, Encoder, Malformed, Ref, Unsendable, type_name
from .failures import describe
from .former_names import FormerNames
from .parts import InParts
from .rich import Tensor, tensor_of
from .structure import own_module, structure_of
from .substitutes import Placeholders, Scratch

_NO_NUMBERS = "UOMm"
_PLAIN = (type(None), bool, int, float, str)

OPERATIONS = {
    *(
        "load",
        "load_in_parts",
        "resolve",
        "call",
        "call_method",
        "map",
        "put",
        "fetch",
        "get_attribute",
        "set_attribute",
    ),
    *("get_item", "get", "set_item", "keys", "release", "cell"),
    *("define", "watch", "test", "structure"),
}
"""What can be asked of a `Session`."""


class Refused(Exception):
    """A request that makes no sense here, such as one with an unknown handle."""


class Session:
    """One submission, the objects of it that stay here, and what can be asked about them.

    A request's first word names the method that gets the rest: one of `OPERATIONS`, each of which the grader's
    `Worker` asks for by a method of its own.
    """

    def __init__(self, root: str, bounds: Bounds, shell: Any = None) -> None:
        self.root = root
        self.bounds = bounds
        self._shell = shell
        self._watch: Any = None
        self._placeholders = Placeholders(root)
        self._parts = InParts(root, self._placeholders.mend)
        self._former = FormerNames()
        self._former.install()
        self._scratch = Scratch(root)
        self._scratch.install()
        self._objects: dict[int, object] = {}
        self._last = 0

    def perform(self, request: Any) -> tuple[Any, Encoder]:
        """Carry out one request; return the reply and the encoder that shall send it."""
        encoder = Encoder(self.bounds)
        operation, *arguments = request
        if operation not in OPERATIONS:
            raise Refused(f"unknown operation {operation!r}")
        result = getattr(self, operation)(*self._inward(arguments))
        encoder.notes += self.notes()
        # The encoder adds to these notes while it encodes the result, which comes before them.
        return ["done", result, encoder.notes], encoder

    def notes(self) -> list[str]:
        """Return what staff may want to know about the submission as such."""
        return self._placeholders.notes + self._parts.notes + self._former.notes + self._scratch.notes

    def load(self, module: str) -> None:
        """Import a module of the submission."""
        self._placeholders.load(module)

    def load_in_parts(self, module: str, whole: bool) -> None:
        """Import a module of the submission as far as it goes; it is tried as a `whole` first, if it may be."""
        self._parts.install(whole=whole)
        self._placeholders.load(module)

    def resolve(self, module: str, name: str) -> Ref:
        """Give the attribute `name` of a loaded module a number."""
        loaded = sys.modules.get(module)
        if loaded is None:
            raise Refused(f"module {module!r} is not loaded")
        return self._keep(getattr(loaded, name))

    def call(self, target: Any, arguments: list[Any], named: dict[str, Any]) -> Any:
        """Call `target`."""
        return self._outward(target(*arguments, **named))

    def call_method(self, value: Any, name: str, arguments: list[Any], named: dict[str, Any]) -> Any:
        """Call an attribute of `value`."""
        return self._outward(getattr(value, name)(*arguments, **named))

    def map(self, target: Any, calls: list[list[Any]]) -> list[Any]:
        """Call `target` once for each list of arguments."""
        return [self._outward(target(*arguments)) for arguments in calls]

    def put(self, value: Any) -> Ref:
        """Keep `value` here."""
        return self._keep(value)

    def fetch(self, value: Any) -> Any:
        """Send `value` whole."""
        return value

    def define(self, source: str, values: dict[str, Any]) -> Ref:
        """Keep the function that the grader's `source` makes of `values`; see `defined`."""
        return self._keep(defined(source, values))

    def structure(
        self, module: str, name: str, method: str, given: list[str], wanted: list[str]
    ) -> tuple[list[Any], dict[str, int]]:
        """Say what an answer's code is made of; to be asked before any of the submission ran."""
        loops, names = structure_of(own_module(self.root, given), module, name, method)
        return [[*each] for each in loops], {each: names[each] for each in wanted}

    def get_attribute(self, value: Any, name: str) -> Any:
        """Read an attribute."""
        return self._outward(getattr(value, name))

    def set_attribute(self, value: Any, name: str, new: Any) -> None:
        """Set an attribute; see `set_attribute`."""
        set_attribute(value, name, new)

    def get_item(self, value: Any, key: Any) -> Any:
        """Read an item."""
        return self._outward(value[key])

    def get(self, value: Any, key: Any) -> Any:
        """Send an item of a mapping whole, nothing where there is none."""
        return value[key] if key in value else None  # noqa: SIM401  # any mapping, not only one with `get`

    def set_item(self, value: Any, key: Any, new: Any) -> None:
        """Set an item."""
        value[key] = new

    def keys(self, value: Any) -> list[Any]:
        """List the keys of a mapping."""
        return [self._element(key) for key in value.keys()]  # noqa: SIM118  # any mapping, not only a dict

    def release(self, numbers: list[int]) -> None:
        """Forget objects."""
        for number in numbers:
            self._objects.pop(number, None)

    def cell(self, source: str, seconds: float, most: int, aloud: bool = False) -> dict[str, Any]:
        """Run a notebook cell; see `shell.run_cell`."""
        if self._shell is None:
            raise Refused("this box runs no notebook cells")
        from .shell import run_cell  # noqa: PLC0415  # loaded already where there is a shell

        return run_cell(self._shell, source, seconds, most, self.root, aloud=aloud)

    def watch(self, modules: list[str]) -> dict[str, int]:
        """Note what tests judge with, before a notebook runs; see `inside.TestWatch`."""
        from .inside import TestWatch  # noqa: PLC0415  # for the few boxes in which tests run

        watch = self._watch = TestWatch(self.root)
        return watch.begin(modules)

    def test(
        self, body: str, last: str, seconds: float, most: int, names: list[str], bound: list[str]
    ) -> dict[str, Any]:
        """Run a test cell; see `shell.run_test`."""
        if self._shell is None or self._watch is None:
            raise Refused("this box runs no test cells")
        from .shell import run_test  # noqa: PLC0415  # loaded already where there is a shell

        code = body.encode("latin-1"), last.encode("latin-1")
        return run_test(self._shell, self._watch, code, seconds, most, (names, bound), self.root)

    def _keep(self, value: object) -> Ref:
        self._last += 1
        self._objects[self._last] = value
        return Ref(self._last, type_name(value))

    def _outward(self, value: Any) -> Any:
        """Let plain values cross, a tuple's elements each for itself; number everything else and keep it."""
        if isinstance(value, tuple):
            return tuple(self._element(each) for each in tuple.__iter__(value))
        return self._element(value)

    def _element(self, value: Any) -> Any:
        kind = type(value)
        if kind in _PLAIN or issubclass(kind, str | int | float | complex):
            return value
        # Arrays of texts, objects and dates stay until they are asked for: whoever computes expects numbers.
        if issubclass(kind, np.ndarray | np.generic) and value.dtype.kind not in _NO_NUMBERS:
            return value
        return self._keep(value)

    def _inward(self, value: Any) -> Any:
        """Put the objects in place of their numbers."""
        kind = type(value)
        if kind is Ref:
            if value.id not in self._objects:
                raise Refused(f"no object has the number {value.id}")
            return self._objects[value.id]
        if kind is Tensor:
            return tensor_of(value)
        if kind is list:
            return [self._inward(each) for each in value]
        if kind is tuple:
            return tuple(self._inward(each) for each in value)
        if kind is dict:
            return {key: self._inward(each) for key, each in value.items()}
        return value


def set_attribute(value: Any, name: str, new: Any) -> None:
    """Set an attribute; a dictionary of the submission's own kind keeps its kind, and gets what `new` holds.

    Its methods may ask for more than a dictionary has, such as its items as attributes.
    """
    old = getattr(value, name, None)
    if type(new) is dict and isinstance(old, MutableMapping) and type(old) is not dict:
        old.clear()
        old.update(new)
    else:
        setattr(value, name, new)


def defined(source: str, values: dict[str, Any]) -> Any:
    """Return what the grader's `source` says: the value of an expression, or the last function or class it defines.

    Parameters
    ----------
    values
        What names in it stand for; ``np`` is NumPy.
    """
    names: dict[str, Any] = {"__name__": "given", "np": np, **values}
    try:
        return eval(compile(source.strip(), "<given>", "eval"), names)  # noqa: S307  # the course's own text
    except SyntaxError:
        exec(compile(source, "<given>", "exec"), names)  # noqa: S102
    return [each for each in names.values() if getattr(each, "__module__", "") == "given"][-1]


def serve(channel: Channel, session: Session) -> None:
    """Answer requests until the grader hangs up."""
    while True:
        try:
            number, request = channel.receive()
        except (Closed, Malformed, OSError):
            return
        _answer(channel, session, number, request)
        _flush()


def _answer(channel: Channel, session: Session, number: int, request: Any) -> None:
    try:
        reply, encoder = session.perform(request)
        _flush()
        channel.send(number, reply, encoder)
    except BaseException as error:  # whatever a submission raises is an answer, not an end
        _flush()
        channel.send(number, [*_failure(error, session.root), session.notes()])


def _failure(error: BaseException, root: str) -> list[Any]:
    real = type(error)  # isinstance would also ask the exception's own __class__, which may raise
    if issubclass(real, Unsendable):
        return ["failed", "unsendable", "", str(error), ""]
    if issubclass(real, Refused):
        return ["failed", "refused", "", str(error), ""]
    kind = "memory" if issubclass(real, MemoryError) else "raised"
    return ["failed", kind, *describe(error, root)]


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:  # noqa: S112  # a submission may have closed or replaced it
            continue


def settle(root: str, seed: int) -> None:
    """Make this process look like an interpreter that was started in `root`, with its generators seeded."""
    os.chdir(root)
    random.seed(seed)
    numpy_random.seed(seed % 2**32)
    sys.argv = [""]
    sys.path.insert(0, root)
    # The site module, which we start without, would have put these there.
    builtins.__dict__.update(exit=sys.exit, quit=sys.exit)
    # Else it would be the fork server's, with all that was imported there.
    sys.modules["__main__"] = type(sys)("__main__")
    sys.modules["__main__"].__dict__["__builtins__"] = builtins
