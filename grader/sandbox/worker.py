"""Use one process of a box: import modules of the submission, call them, look at what they give."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from grader.course.limits import Limits
from grader.sandbox.box.channel import Closed
from grader.sandbox.box.codec import Encoder, Malformed, Ref, Unsendable
from grader.sandbox.box.rich import Tensor
from grader.sandbox.box.structure import LOOPS
from grader.sandbox.error_hints import hint
from grader.sandbox.errors import (
    BoxFailed,
    NotTransportable,
    ProtocolViolation,
    StudentError,
    StudentImportError,
    SubmissionError,
    WorkerDied,
    WorkerOutOfMemory,
    WorkerTimeout,
)
from grader.sandbox.process import HostProcess
from grader.sandbox.wire import Deadline, Late, Wire, bounds_of, clean

_NAME_CHARACTERS, _TEXT_CHARACTERS = 100, 2000
_FLAGS = 32

# How long a worker that hung up may take to be gone before it counts as alive with a closed socket.
_DYING_SECONDS = 0.5

# Waiting for less than this in all is not looked into.
_WORTH_A_LOOK_SECONDS = 1.0

CELL_GRACE_SECONDS = 2.0
"""How long a cell may take to be interrupted."""

# Calls of one `map` frame; with up to 16 arrays each they stay within the limit on arrays.
_CALLS_IN_A_FRAME = 256


@dataclass(frozen=True, slots=True)
class Handle:
    """An object of one worker, which alone can use it.

    Attributes
    ----------
    worker
        Which worker keeps the object.
    id
        The object's number there.
    type_name
        Name of its class as the worker told it; for messages, never for decisions.
    """

    worker: int
    id: int
    type_name: str = ""


def frame_into_box(
    number: int, body: list[object], limits: Limits, reference: Callable[[Handle], Ref]
) -> list[bytes | memoryview]:
    """Return the frame that takes `body` into the box.

    Raises
    ------
    TypeError
        A value in it cannot cross: the check that passes it is at fault, and not the submission.
    """

    def refer(value: object) -> Ref:
        if isinstance(value, Handle):
            return reference(value)
        advice = '; make it there: student.define("lambda x: ...")' if callable(value) else ""
        raise TypeError(f"a value of type {type(value).__name__} cannot be passed into the box{advice}")

    try:
        return Encoder(bounds_of(limits), refer).frame(number, body)
    except Unsendable as error:
        raise TypeError(f"this cannot be passed into the box: {error}") from None


class Worker:
    """A locked-down process that holds one submission.

    Every method that asks the process something may raise any `SubmissionError`. After a time-out, a
    violation or a death the process is gone, and each further request raises `WorkerDied`.

    Attributes
    ----------
    flags
        What staff may want to know about how results came to be, such as ``"replaced the missing module
        'turtle' by a placeholder"``. Told by the worker, so never a reason for a verdict.
    """

    def __init__(
        self, number: int, process: HostProcess, wire: Wire, limits: Limits, reap: Callable[[], int]
    ) -> None:
        self.flags: tuple[str, ...] = ()
        self._number = number
        self._process = process
        self._wire = wire
        self._limits = limits
        self._reap = reap
        self._request = 0
        self._last_handle = 0
        self._live: set[int] = set()
        self._waited = 0.0
        self._end = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    @property
    def pid(self) -> int:
        """Process number on this side of the box."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it can be asked something."""
        return not self._end

    def load(self, module: str) -> None:
        """Import `module` of the submission.

        Raises
        ------
        StudentImportError
            It cannot be imported.
        """
        self._load("load", module)

    def load_in_parts(self, module: str, *, whole: bool = True) -> None:
        """Import a module of the submission as far as it goes: definitions, imports, and what those use.

        What is left out is noted in `flags`.

        Parameters
        ----------
        whole
            Whether the modules are tried as a whole first; not where that does not end.

        Raises
        ------
        StudentImportError
            It does not even parse.
        """
        self._load("load_in_parts", module, whole)

    def _load(self, operation: str, module: str, *how: bool) -> None:
        try:
            self._ask(operation, module, *how, seconds=self._limits.import_seconds)
        except StudentError as error:
            raise StudentImportError(error.type_name, error.text, error.where, error.hint) from None

    def resolve(self, module: str, name: str) -> Handle:
        """Return the attribute `name` of a loaded module.

        Raises
        ------
        StudentError
            Of type AttributeError when there is none.
        """
        return self._handle(self._ask("resolve", module, name))

    def call(
        self, target: Handle, args: Sequence[object] = (), kwargs: Mapping[str, object] | None = None
    ) -> Any:
        """Call `target`.

        Returns
        -------
        object
            A tuple comes as a tuple of its elements. An element, or a single result, that is None, bool,
            int, float, str or an array of numbers comes by value (a NumPy scalar as a 0-d array, keeping
            its dtype). Anything else stays in the box and comes as a `Handle`.
        """
        return self._ask("call", target, list(args), dict(kwargs or {}))

    def call_method(
        self,
        handle: Handle,
        name: str,
        args: Sequence[object] = (),
        kwargs: Mapping[str, object] | None = None,
    ) -> Any:
        """Call an attribute; the result as for `call`."""
        return self._ask("call_method", handle, name, list(args), dict(kwargs or {}))

    def map(self, target: Handle, calls: Sequence[Sequence[object]]) -> list[Any]:
        """Call `target` on each list of arguments, in few round trips; each result as for `call`."""
        results: list[Any] = []
        for start in range(0, len(calls), _CALLS_IN_A_FRAME):
            some = [list(arguments) for arguments in calls[start : start + _CALLS_IN_A_FRAME]]
            # Sleeping calls must not add up to minutes; working ones are bounded by the CPU limit.
            most = self._limits.cpu_seconds + self._limits.call_seconds
            seconds = min(len(some) * self._limits.call_seconds, most)
            answer = self._ask("map", target, some, seconds=seconds)
            if not isinstance(answer, list) or len(answer) != len(some):
                raise self._violation("another number of results than calls")
            results += answer
        return results

    def put(self, value: object) -> Handle:
        """Build `value` in the box and keep it there."""
        return self._handle(self._ask("put", value))

    def define(self, source: str, values: Mapping[str, object]) -> Handle:
        """Make a function in the box of the course's own `source`; see `grader.sandbox.box.worker.defined`."""
        return self._handle(self._ask("define", source, dict(values)))

    def structure(
        self, module: str, name: str, method: str, given: Sequence[str], wanted: Sequence[str]
    ) -> tuple[list[tuple[str, str, bool]], dict[str, int]]:
        """Return the loops of an answer, and how often it names what is `wanted`, by its syntax tree.

        To be asked of a worker that has loaded nothing: then nothing of the submission's can have a say in it.

        Parameters
        ----------
        name, method
            A function or class of the module; one method of the class, or all.
        given
            Modules whose code is not the submission's, and packages, each with a dot behind it.

        Returns
        -------
        tuple
            What each loop is, its place, and whether the answer is sure to come there; and a count for each name.
        """
        match self._ask("structure", module, name, method, list(given), list(wanted)):
            case ([*loops], dict(counts)) if all(map(_is_loop, loops)) and counts.keys() == {*wanted}:
                found = [(what, clean(where, _NAME_CHARACTERS), sure) for what, where, sure in loops]
                return found, {name: int(count) for name, count in counts.items()}
        raise self._violation("an answer that is none")

    def fetch(self, handle: Handle) -> Any:
        """Return the whole value: lists, tuples and dicts with all they hold."""
        return self._ask("fetch", handle)

    def get_attribute(self, handle: Handle, name: str) -> Any:
        """Read an attribute; the result as for `call`."""
        return self._ask("get_attribute", handle, name)

    def set_attribute(self, handle: Handle, name: str, value: object) -> None:
        """Set an attribute."""
        self._ask("set_attribute", handle, name, value)

    def get_item(self, handle: Handle, key: object) -> Any:
        """Read an item of a list, a dict or an array; the result as for `call`."""
        return self._ask("get_item", handle, key)

    def get(self, handle: Handle, key: object) -> Any:
        """Return an item of a mapping whole, as `fetch` does; None where there is none."""
        return self._ask("get", handle, key)

    def set_item(self, handle: Handle, key: object, value: object) -> None:
        """Set an item."""
        self._ask("set_item", handle, key, value)

    def keys(self, handle: Handle) -> list[Any]:
        """Return the keys of a mapping, each as an element of `call`."""
        keys = self._ask("keys", handle)
        if not isinstance(keys, list):
            raise self._violation("keys that are no list")
        return keys

    def release(self, *handles: Handle) -> None:
        """Forget objects in the box; their handles are invalid from here on."""
        numbers = [self._reference(handle).id for handle in handles]
        self._ask("release", numbers)
        self._live.difference_update(numbers)

    def run_cell(
        self, source: str, seconds: float, most: int, heard: Callable[[bytes], None] | None = None
    ) -> object:
        """Run a notebook cell in the worker's shell.

        Parameters
        ----------
        seconds
            After so long the cell is interrupted. One that does not let itself be interrupted costs the worker.
        most
            Characters of output to keep.
        heard
            Told what the cell prints, piece by piece as it comes, in this thread.

        Returns
        -------
        object
            What the worker says that it put out: to be checked like everything that a worker says.
        """
        self._wire.heard = heard
        try:
            return self._ask(
                "cell", source, seconds, most, heard is not None, seconds=seconds + CELL_GRACE_SECONDS
            )
        finally:
            self._wire.heard = None

    def watch(self, modules: Sequence[str] = ()) -> object:
        """Have the worker note what test cells judge with, before a notebook runs in it; return what it says.

        Parameters
        ----------
        modules
            What they use beside the modules that are always noted; of the submission's own nothing is loaded.
        """
        return self._ask("watch", list(modules), seconds=self._limits.import_seconds)

    def run_test(
        self,
        code: tuple[bytes, bytes],
        seconds: float,
        most: int,
        names: Sequence[str] = (),
        bound: Sequence[str] = (),
    ) -> object:
        """Run a test cell among the variables of the notebook that ran in this worker.

        Parameters
        ----------
        code
            Byte code of its statements and, if it ends with one, of its last expression.
        seconds, most
            As for `run_cell`.
        names
            Names that it uses and that the worker shall describe.
        bound
            Names that get back what they had when it is over.

        Returns
        -------
        object
            What the worker says of it, to be checked like everything that a worker says; see ``box/shell.py``.
        """
        body, last = (each.decode("latin-1") for each in code)
        grace = seconds + CELL_GRACE_SECONDS
        return self._ask("test", body, last, seconds, most, list(names), list(bound), seconds=grace)

    def cpu_seconds(self) -> float:
        """Return the CPU time the process has used, by the kernel's clock read from outside."""
        return self._process.cpu_seconds()

    def idle_seconds(self) -> float:
        """Return for how long it kept the grader waiting without computing, though the machine let it."""
        if self._waited < _WORTH_A_LOOK_SECONDS:
            return 0.0
        return max(0.0, self._waited - self.cpu_seconds() - self._process.stolen_seconds())

    def output(self) -> str:
        """Return what the submission printed so far, cut at the limit and cleaned of control characters."""
        return clean(self._wire.printed(), self._limits.output_bytes)

    def close(self) -> None:
        """Kill the process and wait until it is gone."""
        # Without its fork server the worker is dead already.
        with contextlib.suppress(BoxFailed):
            self._finish("it was closed")

    def _ask(self, operation: str, *arguments: object, seconds: float | None = None) -> Any:
        if self._end:
            raise WorkerDied(f"this worker is gone: {self._end}")
        frame = self._frame([operation, *arguments])
        most = self._limits.call_seconds if seconds is None else seconds
        asked = time.monotonic()
        try:
            number, reply = self._wire.exchange(frame, Deadline(most, self._process.stolen_seconds))
        except Late:
            self._finish(f"it did not answer within {most:g} s")
            raise WorkerTimeout(f"no answer within {most:g} s") from None
        except Closed:
            raise self._cause_of_death() from None
        except Malformed as error:
            raise self._violation(str(error)) from None
        finally:
            self._waited += time.monotonic() - asked
        if number != self._request:
            raise self._violation("an answer to another request")
        return self._read(reply)

    def _frame(self, body: list[object]) -> list[bytes | memoryview]:
        self._request += 1
        return frame_into_box(self._request, body, self._limits, self._reference)

    def _reference(self, handle: Handle) -> Ref:
        if handle.worker != self._number:
            raise ValueError("this handle belongs to another worker")
        if handle.id not in self._live:
            raise ValueError("this handle was released, or never given out")
        return Ref(handle.id)

    def _read(self, reply: object) -> Any:
        match reply:
            case ["done", result, [*notes]]:
                self._note(notes)
                return self._received(result)
            case ["failed", str(kind), str(type_name), str(text), str(where), [*notes]]:
                self._note(notes)
                raise self._failure(kind, type_name, clean(text, _TEXT_CHARACTERS), where)
        raise self._violation("an answer that is none")

    def _failure(self, kind: str, type_name: str, text: str, where: str) -> SubmissionError:
        if kind == "raised":
            name, place = clean(type_name, _NAME_CHARACTERS), clean(where, _NAME_CHARACTERS)
            return StudentError(name, text, place, hint(name, text))
        if kind == "memory":
            return WorkerOutOfMemory(f"more memory was asked for than a worker has: {text}")
        if kind == "unsendable":
            return NotTransportable(text)
        return self._violation(f"a refusal: {text}")

    def _note(self, notes: Sequence[object]) -> None:
        new = [clean(str(note), _TEXT_CHARACTERS) for note in notes]
        self.flags = tuple(dict.fromkeys((*self.flags, *new)))[:_FLAGS]

    def _received(self, value: Any) -> Any:
        """Turn references into handles.

        Their numbers must be new, so that no answer can pass one object off as another.
        """
        kind = type(value)
        if kind is Ref:
            if value.id <= self._last_handle:
                raise self._violation("a handle with a used number")
            self._last_handle = value.id
            self._live.add(value.id)
            return Handle(self._number, value.id, clean(value.type_name, _NAME_CHARACTERS))
        if kind is tuple or kind is list:
            return kind(self._received(each) for each in value)
        if kind is dict:
            return {key: self._received(each) for key, each in value.items()}
        if kind is Tensor:
            return value.array
        return np.asarray(value) if isinstance(value, np.generic) else value

    def _handle(self, value: Any) -> Handle:
        if not isinstance(value, Handle):
            raise self._violation("a value where a handle belongs")
        return value

    def _violation(self, what: str) -> ProtocolViolation:
        """End the worker and return the error to raise."""
        self._finish(f"it sent {what}")
        return ProtocolViolation(f"the worker sent {what}")

    def _cause_of_death(self) -> SubmissionError:
        if not self._process.ended(_DYING_SECONDS):
            self._finish("it closed its connection")
            return WorkerDied("the worker closed its connection")
        used = self.cpu_seconds()  # asked before it is reaped, when its clock goes with it
        status = self._finish("it died")
        if not os.WIFSIGNALED(status):
            return WorkerDied(f"the worker ended itself with exit status {os.waitstatus_to_exitcode(status)}")
        killer = os.WTERMSIG(status)
        if killer == signal.SIGXCPU or (killer == signal.SIGKILL and used >= self._limits.cpu_seconds):
            return WorkerTimeout(f"the {self._limits.cpu_seconds:g} s of CPU time of a worker are used up")
        if killer == signal.SIGKILL:
            return WorkerDied("the worker was killed by the kernel, most likely for want of memory")
        return WorkerDied(f"the worker crashed: {signal.strsignal(killer) or f'signal {killer}'}")

    def _finish(self, why: str) -> int:
        """Kill and reap, once; return the wait status, 0 when it is not known."""
        if self._end:
            return 0
        self._end = why
        self._process.kill()
        self.cpu_seconds()
        self._process.stolen_seconds()
        try:
            return self._reap()
        finally:
            self._wire.close()
            self._process.close()


def _is_loop(each: object) -> bool:
    match each:
        case [str(what), str(), bool()]:
            return what in LOOPS
    return False
