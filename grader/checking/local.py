"""A worker without a box, for code the author wrote: the reference, its mistakes and its variants.

It answers exactly like `grader.sandbox.Worker`, so the same checks run against trusted code in this process.
It must never be given a submission.
"""

from __future__ import annotations

import copy
import itertools
import time
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

import numpy as np

from grader.sandbox import Handle, StudentError

Plain = (type(None), bool, int, float, str, np.ndarray)


class LocalWorker:
    """Modules of trusted code behind the worker's interface.

    Parameters
    ----------
    modules
        Module name to imported module.
    """

    def __init__(self, modules: Mapping[str, ModuleType]) -> None:
        self._modules = modules
        self._objects: dict[int, object] = {}
        self._ids = itertools.count(1)
        self.flags: tuple[str, ...] = ()

    def load(self, module: str) -> None:
        """Check that `module` is one of ours."""
        self._modules[module]

    def resolve(self, module: str, name: str) -> Handle:
        """Return a handle of attribute `name` of `module`."""
        return self._keep(getattr(self._modules[module], name))

    def call(
        self, target: Handle, args: Sequence[object] = (), kwargs: Mapping[str, object] | None = None
    ) -> object:
        """Call `target` with its own copies of the arguments.

        Raises
        ------
        StudentError
            The called code raised; the original exception is its cause.
        """
        function = self._objects[target.id]
        given = [self._decode(each) for each in args]
        named = {name: self._decode(each) for name, each in (kwargs or {}).items()}
        try:
            result = function(*given, **named)  # type: ignore[operator]  # what the author asked to call
        except Exception as error:
            raise StudentError(type(error).__name__, str(error)) from error
        if isinstance(result, tuple):
            return tuple(self._encode(each) for each in result)
        return self._encode(result)

    def call_method(
        self,
        handle: Handle,
        name: str,
        args: Sequence[object] = (),
        kwargs: Mapping[str, object] | None = None,
    ) -> object:
        """Call attribute `name` with its own copies of the arguments."""
        return self.call(self._keep(getattr(self._objects[handle.id], name)), args, kwargs)

    def map(self, target: Handle, calls: Sequence[Sequence[object]]) -> list[object]:
        """Call `target` once for each argument list."""
        return [self.call(target, args) for args in calls]

    def put(self, value: object) -> Handle:
        """Keep a copy of `value` and return its handle."""
        return self._keep(self._decode(value))

    def fetch(self, handle: Handle) -> object:
        """Return a copy of the whole value behind `handle`."""
        return copy.deepcopy(self._objects[handle.id])

    def get_attribute(self, handle: Handle, name: str) -> object:
        """Return attribute `name`."""
        return self._encode(getattr(self._objects[handle.id], name))

    def set_attribute(self, handle: Handle, name: str, value: object) -> None:
        """Set attribute `name`."""
        setattr(self._objects[handle.id], name, self._decode(value))

    def get_item(self, handle: Handle, key: str | int) -> object:
        """Return item `key`.

        Raises
        ------
        StudentError
            There is no such item, as the box would say.
        """
        try:
            item = self._objects[handle.id][key]  # type: ignore[index]  # a container, or it raises
        except Exception as error:
            raise StudentError(type(error).__name__, str(error)) from error
        return self._encode(item)

    def get(self, handle: Handle, key: str | int) -> object:
        """Return a copy of item `key` of a mapping, None where there is none."""
        found: Any = self._objects[handle.id]
        item = copy.deepcopy(found[key]) if key in found else None
        return np.asarray(item) if isinstance(item, np.generic) else item

    def set_item(self, handle: Handle, key: str | int, value: object) -> None:
        """Set item `key`."""
        self._objects[handle.id][key] = self._decode(value)  # type: ignore[index]  # as above

    def keys(self, handle: Handle) -> list[object]:
        """Return the keys of a mapping."""
        return list(self._objects[handle.id])  # type: ignore[call-overload,no-any-return]  # a mapping, or it raises

    def release(self, *handles: Handle) -> None:
        """Forget the values behind `handles`."""
        for handle in handles:
            self._objects.pop(handle.id, None)

    def cpu_seconds(self) -> float:
        """Return this thread's CPU time."""
        return time.thread_time()

    def idle_seconds(self) -> float:
        """Return zero: trusted code does not sleep."""
        return 0.0

    def output(self) -> str:
        """Return nothing: trusted code prints to the terminal."""
        return ""

    def close(self) -> None:
        """Forget everything."""
        self._objects.clear()

    def _keep(self, value: object) -> Handle:
        handle = Handle(id(self), next(self._ids))
        self._objects[handle.id] = value
        return handle

    def _encode(self, value: object) -> object:
        if isinstance(value, np.generic):
            return np.asarray(value)
        return copy.copy(value) if isinstance(value, Plain) else self._keep(value)

    def _decode(self, value: object) -> object:
        if isinstance(value, Handle):
            return self._objects[value.id]
        if isinstance(value, dict):
            return {key: self._decode(each) for key, each in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(self._decode(each) for each in value)
        return copy.copy(value)
