"""A `Student` over the author's own code, without a box: the reference, its mistakes and its variants.

`LocalWorker` answers like `grader.sandbox.Worker`, so the same checks run against trusted code in this process.
It must never be given a submission.
"""

from __future__ import annotations

import copy
import itertools
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from grader.checking.student import Structure, Student
from grader.course.assignment import stands_for_cells
from grader.course.limits import Limits
from grader.sandbox import Handle, StudentError, frame_into_box
from grader.sandbox.box.codec import Ref
from grader.sandbox.box.rich import is_tensor
from grader.sandbox.box.structure import structure_of
from grader.sandbox.box.worker import defined, set_attribute

_LIMITS = Limits()

Plain = (type(None), bool, int, float, str, np.ndarray)


def trusted_student(symbols: Mapping[str, ModuleType], *, held: bool = True) -> Student:
    """Return a student whose `symbols` live in trusted modules of this process.

    With `held` its arguments are held to what can cross into a box, for those who write checks.
    """
    modules = {module.__name__: module for module in symbols.values()}
    names = {symbol: module.__name__ for symbol, module in symbols.items()}
    values = {symbol for symbol, module in symbols.items() if not callable(getattr(module, symbol, len))}
    return Student(lambda _root: LocalWorker(modules, held=held), names, variables=values)


def defining_modules(symbols: Iterable[str], modules: Iterable[ModuleType]) -> dict[str, ModuleType]:
    """Return for each symbol the module that defines it, rather than one that imports it.

    A value does not say where it is from: it is the first module's that has it.
    """
    found: dict[str, ModuleType] = {}
    every = sorted(modules, key=lambda each: not stands_for_cells(each.__name__))
    for symbol in symbols:
        having = [module for module in every if hasattr(module, symbol)]
        own = [each for each in having if getattr(getattr(each, symbol), "__module__", None) == each.__name__]
        if having:
            found[symbol] = own[-1] if own else having[0]
    return found


class LocalWorker:
    """Modules of trusted code behind the requests of a worker, which `grader.sandbox.Worker` documents.

    What it is given and what it answers are copies, as across the wire; what could not cross is refused here, too.

    Parameters
    ----------
    modules
        Module name to imported module.
    held
        Whether it is refused.
    """

    def __init__(self, modules: Mapping[str, ModuleType], *, held: bool = True) -> None:
        self._modules = modules
        self._held = held
        self._objects: dict[int, Any] = {}
        self._ids = itertools.count(1)
        self.flags: tuple[str, ...] = ()

    def load(self, module: str) -> None:
        """Check that `module` is one of ours."""
        self._modules[module]

    def load_in_parts(self, module: str, *, whole: bool = True) -> None:  # noqa: ARG002
        """Do as `load` does: the author's own modules import as a whole."""
        self.load(module)

    def resolve(self, module: str, name: str) -> Handle:
        """Return a handle of attribute `name` of `module`."""
        return self._keep(getattr(self._modules.get(module) or sys.modules[module], name))

    def call(
        self, target: Handle, args: Sequence[object] = (), kwargs: Mapping[str, object] | None = None
    ) -> object:
        """Call `target`; `StudentError` where it raises, with the original exception as its cause."""
        return self._call(self._objects[target.id], args, kwargs)

    def call_method(
        self,
        handle: Handle,
        name: str,
        args: Sequence[object] = (),
        kwargs: Mapping[str, object] | None = None,
    ) -> object:
        """Call attribute `name`."""
        return self._call(getattr(self._objects[handle.id], name), args, kwargs)

    def put(self, value: object) -> Handle:
        """Keep a copy of `value` and return its handle."""
        return self._keep(self._given(value))

    def fetch(self, handle: Handle) -> object:
        """Return a copy of the whole value behind `handle`."""
        return _without_tensors(self._objects[handle.id])

    def define(self, source: str, values: Mapping[str, object]) -> Handle:
        """Make a function of `source`, as the box does."""
        return self._keep(defined(source, self._given(dict(values))))

    def structure(
        self,
        module: str,
        name: str,
        method: str,
        given: Sequence[str],  # noqa: ARG002  # the author's code is all the author's
        wanted: Sequence[str],
    ) -> Structure:
        """Return the loops of an answer and how often it names what is wanted, as the box does."""
        with _told_as_in_the_box():
            loops, names = structure_of(self._source, module, name, method)
        return [(*each,) for each in loops], {each: names[each] for each in wanted}

    def _source(self, module: str) -> tuple[str, bytes] | None:
        found = self._modules.get(module)
        text = getattr(found and found.__loader__, "get_source", lambda _name: None)(module)
        return None if found is None or text is None else (Path(str(found.__file__)).name, str(text).encode())

    def get_attribute(self, handle: Handle, name: str) -> object:
        """Return attribute `name`."""
        return self._outward(getattr(self._objects[handle.id], name))

    def set_attribute(self, handle: Handle, name: str, value: object) -> None:
        """Set attribute `name`."""
        set_attribute(self._objects[handle.id], name, self._given(value))

    def get_item(self, handle: Handle, key: str | int) -> object:
        """Return item `key`; `StudentError` where there is none."""
        with _told_as_in_the_box():
            item = self._objects[handle.id][key]
        return self._outward(item)

    def get(self, handle: Handle, key: str | int) -> object:
        """Return a copy of item `key` of a mapping, None where there is none."""
        found = self._objects[handle.id]
        item = copy.deepcopy(found[key]) if key in found else None
        return np.asarray(item) if isinstance(item, np.generic) else item

    def set_item(self, handle: Handle, key: str | int, value: object) -> None:
        """Set item `key`."""
        self._objects[handle.id][key] = self._given(value)

    def keys(self, handle: Handle) -> list[object]:
        """Return the keys of a mapping."""
        return list(self._objects[handle.id])

    def cpu_seconds(self) -> float:
        """Return this thread's CPU time."""
        return time.thread_time()

    def idle_seconds(self) -> float:
        """Return zero: trusted code does not sleep."""
        return 0.0

    def close(self) -> None:
        """Forget everything."""
        self._objects.clear()

    def _call(
        self,
        function: Callable[..., object],
        args: Sequence[object],
        kwargs: Mapping[str, object] | None = None,
    ) -> object:
        given, named = self._given([[*args], {**(kwargs or {})}])
        with _told_as_in_the_box():
            result = function(*given, **named)
        return tuple(map(self._outward, result)) if isinstance(result, tuple) else self._outward(result)

    def _keep(self, value: object) -> Handle:
        handle = Handle(id(self), next(self._ids))
        self._objects[handle.id] = value
        return handle

    def _outward(self, value: object) -> object:
        if isinstance(value, np.generic):
            return np.asarray(value)
        return copy.copy(value) if isinstance(value, Plain) else self._keep(value)

    def _given(self, value: Any) -> Any:
        if self._held:
            frame_into_box(0, [value], _LIMITS, lambda handle: Ref(handle.id))
        return self._inward(value)

    def _inward(self, value: Any) -> Any:
        if isinstance(value, Handle):
            return self._objects[value.id]
        if isinstance(value, dict):
            return {key: self._inward(each) for key, each in value.items()}
        if isinstance(value, list | tuple):
            return (tuple if isinstance(value, tuple) else list)(map(self._inward, value))
        return copy.deepcopy(value)


def _without_tensors(value: Any) -> Any:
    """Return a copy of `value` with arrays in the place of tensors, as it would come out of the box."""
    if isinstance(value, dict):
        return {key: _without_tensors(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return (tuple if isinstance(value, tuple) else list)(map(_without_tensors, value))
    return value.detach().numpy().copy() if is_tensor(value) else copy.deepcopy(value)


@contextmanager
def _told_as_in_the_box() -> Iterator[None]:
    """Tell what trusted code raises as the box would; the original exception is the cause."""
    try:
        yield
    except Exception as error:
        raise StudentError(type(error).__name__, str(error)) from error
