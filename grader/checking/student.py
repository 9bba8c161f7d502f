"""`student`: the submission as check authors see it, a proxy whose calls run in the box.

    out, cache = student.conv_forward_naive(x, w, b, {"stride": 1, "pad": 1})
    dx, dw, db = student.conv_backward_naive(dout, cache)

Arrays, numbers and strings come back as values. Everything else (a cache, a model, a dict of gradients)
stays in the box behind a `Remote`, which can be passed on, called, indexed, and fetched.
"""

from __future__ import annotations

import math
import reprlib
import sys
from collections import Counter
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, Protocol

import numpy as np

from grader.checking.expectations import Away
from grader.checking.failures import Blocked, Failed, NotGraded, NotImplementedYet
from grader.checking.same import difference
from grader.course.assignment import Names
from grader.results import Flag
from grader.sandbox import (
    Handle,
    NotTransportable,
    StudentError,
    StudentImportError,
    SubmissionError,
    WorkerDied,
    WorkerOutOfMemory,
    WorkerTimeout,
)
from grader.sandbox.error_hints import FORBIDDEN, forbidden_package
from grader.sandbox.errors import FATAL

Structure = tuple[list[tuple[str, str, bool]], dict[str, int]]
"""The loops of an answer, each with its place and whether it is sure to be reached, and how often it names what."""


class WorkerLike(Protocol):
    """What `Student` asks of a worker; `grader.sandbox.Worker` documents each request."""

    flags: tuple[str, ...]

    def load(self, module: str) -> None: ...
    def load_in_parts(self, module: str, *, whole: bool = True) -> None: ...
    def resolve(self, module: str, name: str) -> Handle: ...
    def call(
        self, target: Handle, args: Sequence[object] = (), kwargs: Mapping[str, object] | None = None
    ) -> object: ...
    def call_method(
        self,
        handle: Handle,
        name: str,
        args: Sequence[object] = (),
        kwargs: Mapping[str, object] | None = None,
    ) -> object: ...
    def put(self, value: object) -> Handle: ...
    def define(self, source: str, values: Mapping[str, object]) -> Handle: ...
    def structure(
        self, module: str, name: str, method: str, given: Sequence[str], wanted: Sequence[str]
    ) -> Structure: ...
    def fetch(self, handle: Handle) -> object: ...
    def get_attribute(self, handle: Handle, name: str) -> object: ...
    def set_attribute(self, handle: Handle, name: str, value: object) -> None: ...
    def get_item(self, handle: Handle, key: str | int) -> object: ...
    def get(self, handle: Handle, key: str | int) -> object: ...
    def set_item(self, handle: Handle, key: str | int, value: object) -> None: ...
    def keys(self, handle: Handle) -> list[object]: ...
    def cpu_seconds(self) -> float: ...
    def idle_seconds(self) -> float: ...
    def close(self) -> None: ...


Call = tuple[str, tuple[object, ...], Mapping[str, object]]
"""What was called, and with what."""

LONGEST_CALL = 400
"""Characters of a call in words."""

SAME = Names()
"""Nothing is called otherwise."""

MOST_ELEMENTS = 1000
"""Elements that a check may go through one by one; of a generator that never ends, one more is asked for."""

_ELEMENTS = "lambda each, most: tuple(one for _, one in zip(range(most), each))"
_LENGTH = "len"

AFTER_ANOTHER = (
    "Mend {names} first: its call failed in this check before this one, which may need what it gives"
)
"""What is said of an error that another function's may have caused; names are the checks' own."""

CRASHES = 2
"""How often a function may end its process; after that it is not called again, and the others go on."""

WorkerFactory = Callable[[str], WorkerLike]
"""Given the name of a root ("naive", "full", "carried"), start a fresh worker there."""


class Student:
    """A submission: functions and classes by name, wherever its layout keeps them.

    Parameters
    ----------
    start
        Starts a worker.
    modules
        Which module of the submission defines each symbol.
    strikes
        After how many calls that ran out of time the submission gets no further worker. Crashes cost no time.
    places
        Places of errors that are believed, such as ``"conv_layers.py:41"``, and imports, such as
        ``"import scipy"``; None believes all.
    patience
        For how many seconds the submission may keep the grader waiting without computing, over all calls. Each
        call has a limit of its own, but many calls that each sleep almost as long would take hours.
    names
        What a symbol calls otherwise than the checks: they use the release's names, the submission its layout's.
    lacks
        Symbols that the submission's layout may come without.
    variables
        Symbols that are asked for as values.
    given
        Modules whose code is not the submission's, and packages, each with a dot behind it.

    Attributes
    ----------
    flags
        What workers noted, as keys.
    remarks
        What checks saw that staff should know, as keys; takes no points.
    in_parts
        Modules that did not import as a whole, so that their parts were taken each by itself, and why.
    """

    def __init__(
        self,
        start: WorkerFactory,
        modules: Mapping[str, str],
        strikes: int = 3,
        places: Container[str] | None = None,
        patience: float = math.inf,
        names: Mapping[str, Names] = MappingProxyType({}),
        lacks: Container[str] = (),
        variables: Container[str] = (),
        given: Sequence[str] = (),
    ) -> None:
        self._start = start
        self._modules = modules
        self._strikes = strikes
        self._places = places
        self._patience = patience
        self._names = names
        self._lacks = lacks
        self._variables = variables
        self._given = given
        self._idle = self._spent = 0.0
        self._asked = False
        self._root = "full"
        self._worker: WorkerLike | None = None
        self._loaded: dict[str, Handle] = {}
        self._made: dict[str, Remote] = {}
        self._broken: dict[str, SubmissionError] = {}
        self._unimportable: dict[tuple[str, str], SubmissionError] = {}
        self._crashes: Counter[str] = Counter()
        self.timeouts = 0
        self.flags: dict[str, None] = {}
        self.remarks: dict[Flag, None] = {}
        self.in_parts: dict[str, SubmissionError] = {}
        self.last_call: Call | None = None
        self._failed: dict[str, None] = {}

    @property
    def called(self) -> str:
        """The last call in words, arrays by their shapes; empty where none was made."""
        if self.last_call is None:
            return ""
        name, args, kwargs = self.last_call
        named = (f"{key}={_in_short(each)}" for key, each in kwargs.items())
        return f"{name}({', '.join([*map(_in_short, args), *named])})"[:LONGEST_CALL]

    def __getattr__(self, symbol: str) -> Any:
        if symbol.startswith("__"):
            raise AttributeError(symbol)
        return self._value_of(symbol) if symbol in self._variables else self.sibling(symbol, symbol)

    def _value_of(self, symbol: str) -> Any:
        """Return the value of a variable; what is no plain data stays in the box."""
        try:
            found = self.sibling(symbol, symbol)
        except StudentError as error:
            if error.type_name != "AttributeError":
                raise
            raise NotImplementedYet(f"`{symbol}` has no value when all has run.") from None
        try:
            return found.value()
        except NotTransportable:
            return found

    def sibling(self, symbol: str, name: str) -> Remote:
        """Return `name` from the module that defines `symbol`, such as another network beside the asked one.

        Raises
        ------
        NotImplementedYet
            The submission does not define `symbol` anywhere.
        NotGraded
            The submission does not define `symbol`, and in its layout it need not.
        SubmissionError
            `symbol` hung or crashed before, and is not tried again.
        """
        if symbol not in self._modules and symbol in self._lacks:
            raise NotGraded(
                f"`{symbol}` is not in the submission. Not every release of this assignment has it: it does not count."
            )
        if symbol not in self._modules:
            raise NotImplementedYet(f"`{symbol}` was not found in the submission.")
        if symbol in self._broken:
            raise self._broken[symbol]
        if self._worker is None or name not in self._loaded:
            with self.watched(symbol):
                self._loaded[name] = self._imported(self._modules[symbol], name)
        return Remote(self, self._loaded[name], symbol)

    def _imported(self, module: str, name: str) -> Handle:
        """Return what a module defines as `name`; where it does not import as a whole, it is taken in parts."""
        if (self._root, module) in self._unimportable:
            raise self._unimportable[self._root, module]
        why = self.in_parts.get(module) or self._why_not_whole(module)
        if why is not None:
            self._take_in_parts(module, why)
        try:
            return self.worker().resolve(module, name)
        except StudentError:
            if why is None:
                raise
            raise why from None  # what is asked for does not work by itself either

    def _why_not_whole(self, module: str) -> SubmissionError | None:
        """Import a module; return why that is not possible, if so."""
        try:
            self.worker().load(module)
        except StudentImportError as error:
            # Import errors are quoted to the student, since nothing hidden exists yet. Here it may.
            if self._places is not None and error.where not in self._places:
                error.where = ""
            words = (error.type_name, error.text, error.where, error.hint)
            return StudentError(*words) if self._asked else error
        except (WorkerTimeout, WorkerOutOfMemory, WorkerDied) as error:
            self.close()
            return error
        return None

    def _take_in_parts(self, module: str, why: SubmissionError) -> None:
        try:
            # What did not end as a whole is not begun again as a whole.
            self.worker().load_in_parts(module, whole=not isinstance(why, FATAL))
        except StudentImportError:
            if not self._asked:
                self._unimportable[self._root, module] = why
            raise why from None
        except FATAL:
            self.close()
            self._broken |= {symbol: why for symbol, each in self._modules.items() if each == module}
            raise why from None
        self.in_parts[module] = why

    def names_of(self, symbol: str) -> Names:
        """Return what `symbol` calls otherwise than the checks."""
        return self._names.get(symbol, SAME)

    @property
    def stopped(self) -> bool:
        """Whether the submission gets no further worker."""
        return self.timeouts >= self._strikes or self.idle_seconds() > self._patience

    def idle_seconds(self) -> float:
        """Seconds that the submission kept the grader waiting without computing."""
        return self._idle + (self._worker.idle_seconds() if self._worker else 0.0)

    def why_stopped(self) -> str:
        """Return what the submission did until nothing more of it was run."""
        if self.timeouts >= self._strikes:
            return f"{self.timeouts} calls that did not end"
        return f"{self.idle_seconds():.0f} seconds in which its calls waited without computing"

    def seed(self, number: int) -> None:
        """Seed NumPy's random numbers in the box, so that a known mistake draws what the submission draws.

        Write ``f = student.f`` first, then ``student.seed(5)``, then ``f(x)``: the first imports the module, which may
        draw numbers itself.
        """
        worker = self.worker()
        with self.watched():
            worker.call(worker.resolve("numpy.random", "seed"), (number,))

    def remark(self, kind: str, message: str) -> None:
        """Tell staff of something that takes no points, as a flag of this kind."""
        self.remarks[Flag(kind, message)] = None

    def begin(self, root: str) -> None:
        """Forget everything so far: the next call starts a fresh worker in `root`."""
        self.close()
        self._root = root

    def next_check(self) -> None:
        """Forget whose calls failed: another check begins."""
        self._failed = {}

    def restart(self) -> None:
        """Forget everything so far: the next call starts a fresh worker, in the same root."""
        self.begin(self._root)

    def put(self, value: object) -> Remote:
        """Build `value` in the box and keep it there, to see later what a function did to it."""
        if "" in self._broken:
            raise self._broken[""]
        worker = self.worker_in_use()
        with self.watched():
            return Remote(self, worker.put(_lower(value)))

    def define(self, source: str, **values: object) -> Remote:
        """Make a function in the box, to be passed to the submission's own.

        ::

            f = student.define("lambda x: x * x - c", c=2.0)
            root = student.newton(f, student.define("lambda x: 2 * x"), 1.0)

        Parameters
        ----------
        source
            An expression, or statements of which the last function or class counts. ``np`` is NumPy. The submission
            can read it.
        values
            What further names in it stand for.
        """
        worker = self.worker_in_use()
        with self.watched():
            return Remote(self, worker.define(source, {name: _lower(each) for name, each in values.items()}))

    def structure(self, symbol: str, method: str = "", wanted: Sequence[str] = ()) -> Structure:
        """Return what an answer's code is made of, read in a worker of its own that never ran any of it."""
        self.sibling(symbol, symbol)
        worker = self._start(self._root)
        try:
            return worker.structure(self._modules[symbol], symbol, method, self._given, wanted)
        finally:
            worker.close()

    def remembered(self, name: str, make: Callable[[], Remote]) -> Remote:
        """Return what `make` made under `name` in the running worker; it is called once per worker."""
        if self._worker is None or name not in self._made:
            made = make()
            self._made[name] = made
        return self._made[name]

    def cpu_seconds(self) -> float:
        """CPU time of all workers so far, read from outside the box.

        Of all: a submission that ends its worker while its time is taken would else be read on another clock.
        """
        running = self.worker()
        return self._spent + running.cpu_seconds()

    def worker(self) -> WorkerLike:
        """Return the running worker, or start one.

        Raises
        ------
        Blocked
            Too many calls ran out of time already, or all together kept the grader waiting for too long.
        """
        if self._worker is not None and self.stopped:
            self.close()
        if self._worker is None:
            if self.stopped:
                raise Blocked(f"Grading stopped running this submission after {self.why_stopped()}.")
            self._worker = self._start(self._root)
            self._loaded, self._made = {}, {}
            self._asked = False
        return self._worker

    def close(self) -> None:
        """Stop the running worker, if any."""
        if self._worker is not None:
            self.flags.update(dict.fromkeys(self._worker.flags))
            self._idle += self._worker.idle_seconds()
            self._worker.close()
            self._spent += self._worker.cpu_seconds()
            self._worker = None
            self._loaded = {}

    @contextmanager
    def watched(self, symbol: str = "") -> Iterator[None]:
        """Around a request on behalf of `symbol`: drop the worker when the request killed it."""
        try:
            yield
        except FATAL as error:
            self._strike(symbol, error)
            self.close()
            raise
        except (StudentError, StudentImportError) as error:
            if self._places is not None and error.where not in self._places:
                error.where = ""
            package = forbidden_package(error.type_name, error.text)
            if package and (self._places is None or f"import {package}" in self._places):
                error.hint = f"{FORBIDDEN}: {package}"
            raise

    @contextmanager
    def calling(self, symbol: str) -> Iterator[None]:
        """Around a call of `symbol`: say of an error whose call failed in this check before."""
        try:
            yield
        except StudentError as error:
            forbidden = error.hint.startswith(FORBIDDEN)
            if self._failed and not forbidden and symbol not in {"", *self._failed}:
                error.hint = AFTER_ANOTHER.format(names=", ".join(self._failed))
            if symbol:
                self._failed[symbol] = None
            raise

    def _strike(self, symbol: str, error: SubmissionError) -> None:
        """Remember that a call on behalf of `symbol` ended its worker."""
        self._crashes[symbol] += 1
        self.timeouts += isinstance(error, WorkerTimeout)
        if isinstance(error, WorkerTimeout) or self._crashes[symbol] >= CRASHES:
            self._broken[symbol] = error

    def worker_in_use(self) -> WorkerLike:
        """Return the running worker, of which something is about to be asked."""
        worker = self.worker()
        self._asked = True
        return worker


def _in_short(value: object) -> str:
    """Return an argument in words: of an array its shape, of what stays in the box nothing."""
    if isinstance(value, np.ndarray):
        return f"array {'x'.join(map(str, value.shape)) or 'without axes'}"
    if isinstance(value, Remote):
        return "..."
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key!r}: {_in_short(each)}' for key, each in value.items())}}}"
    return reprlib.repr(value)


class Remote(Away):
    """Something that stays in the box: a function, a model, a cache, a dict of gradients, a generator.

    It can be gone through and has a length if what is in the box can and has, and ``==`` compares with what it is
    worth: lists, texts and the like, as `assert_same` does. It is true whatever it holds.
    """

    __slots__ = ("_handle", "_home", "_student", "_symbol")

    _student: Student
    _home: WorkerLike
    _handle: Handle
    _symbol: str

    def __init__(self, student: Student, handle: Handle, symbol: str = "") -> None:
        object.__setattr__(self, "_student", student)
        object.__setattr__(self, "_home", student.worker())
        object.__setattr__(self, "_handle", handle)
        object.__setattr__(self, "_symbol", symbol)

    def __call__(self, /, *args: object, **kwargs: object) -> object:
        self._student.last_call = self._symbol, args, kwargs
        with self._student.calling(self._symbol), self._request() as worker:
            result = worker.call(self._handle, *self._inward(args, kwargs))
        return self._lift_each(result)

    def method(self, name: str) -> Callable[..., Any]:
        """Return a method of an object, to be called: ``network.method("loss")(x, y)``."""

        def call(*args: object, **kwargs: object) -> object:
            self._student.last_call = f"{self._symbol}.{name}", args, kwargs
            with self._student.calling(self._symbol), self._request() as worker:
                result = worker.call_method(self._handle, name, *self._inward(args, kwargs))
            return self._lift_each(result)

        return call

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        with self._request() as worker:
            value = worker.get_attribute(self._handle, name)
        return self._lift(value)

    def __setattr__(self, name: str, value: object) -> None:
        with self._request() as worker:
            worker.set_attribute(self._handle, name, _lower(value))

    def __getitem__(self, key: str | int) -> Any:
        with self._request() as worker:
            value = worker.get_item(self._handle, self._key(key))
        return self._lift(value)

    def __setitem__(self, key: str | int, value: object) -> None:
        with self._request() as worker:
            worker.set_item(self._handle, self._key(key), _lower(value))

    def __iter__(self) -> Iterator[Any]:
        """Go through its elements: a list's, a generator's, or whatever Python goes through.

        Raises
        ------
        Failed
            There are more than `MOST_ELEMENTS`.
        """
        found = told_by(self, _ELEMENTS, MOST_ELEMENTS + 1)
        if not isinstance(found, tuple) or len(found) > MOST_ELEMENTS:
            raise Failed(f"There are more than {MOST_ELEMENTS} elements, or they cannot be told.")
        return iter(found)

    def __len__(self) -> int:
        """Return how many elements it says that it has.

        Raises
        ------
        TypeError
            It says that it has none: `list` asks for the length of a generator, too, and lives without.
        """
        try:
            found = told_by(self, _LENGTH)
        except StudentError as error:
            if error.type_name != "TypeError":
                raise
            raise TypeError("it has no length") from error
        if type(found) is not int or not 0 <= found < sys.maxsize:
            raise Failed("Its length is no number.")
        return found

    def __bool__(self) -> bool:
        """Return True: it is there."""
        return True

    def __eq__(self, other: object) -> bool:
        """Whether its value is this one; what is made of more than plain values is only itself."""
        if self is other or isinstance(other, Away):
            return self is other
        try:
            return not difference(self.value(), other)
        except NotTransportable:
            return False

    __hash__ = object.__hash__

    def keys(self) -> list[object]:
        """Return the keys of a mapping that stays in the box."""
        with self._request() as worker:
            keys = worker.keys(self._handle)
        released = {new: old for old, new in self._names.keys.items()}
        return [released.get(key, key) if isinstance(key, str) else key for key in keys]

    def get(self, key: str | int) -> Any:
        """Return item `key` of a mapping, or None where there is none; containers come whole."""
        with self._request() as worker:
            return worker.get(self._handle, self._key(key))

    def value(self) -> Any:
        """Bring the whole value out of the box, if it is made of plain values and arrays."""
        with self._request() as worker:
            return worker.fetch(self._handle)

    @property
    def _names(self) -> Names:
        return self._student.names_of(self._symbol)

    def _key(self, key: str | int) -> str | int:
        """Return a key as the submission's layout calls it."""
        return self._names.keys.get(key, key) if isinstance(key, str) else key

    def _inward(
        self, args: tuple[object, ...], kwargs: Mapping[str, object]
    ) -> tuple[tuple[object, ...], dict[str, object]]:
        """Return arguments as the worker takes them, and as the submission's layout calls them."""
        names = self._names
        if names is not SAME:
            args = tuple(names.renamed(each) if isinstance(each, dict) else each for each in args)
            kwargs = names.passed(kwargs)
        return _lower(args), _lower(kwargs)

    @contextmanager
    def _request(self) -> Iterator[WorkerLike]:
        worker = self._student.worker_in_use()
        if worker is not self._home:
            raise Blocked("An earlier call ended the process in which this was prepared.")
        with self._student.watched(self._symbol):
            yield worker

    def _lift_each(self, result: object) -> object:
        return tuple(map(self._lift, result)) if isinstance(result, tuple) else self._lift(result)

    def _lift(self, value: object) -> object:
        return Remote(self._student, value, self._symbol) if isinstance(value, Handle) else value


def home_of(remote: Remote) -> Student:
    """Return the submission that something in the box is of."""
    found: Student = object.__getattribute__(remote, "_student")
    return found


def told_by(remote: Remote, source: str, *further: object) -> object:
    """Return what a function of this source, made in the box, says of what is there."""
    with remote._request() as worker:
        result = worker.call(worker.define(source, {}), (_lower(remote), *_lower(further)))
    return remote._lift_each(result)


def name_of(function: Callable[..., object]) -> str:
    """Return what a function is called, in the box or here."""
    if isinstance(function, Remote):
        return str(object.__getattribute__(function, "_symbol"))
    return str(getattr(function, "__name__", "the other function"))


def _lower(value: Any) -> Any:
    """Replace every `Remote` inside `value` by its handle."""
    if isinstance(value, Remote):
        return object.__getattribute__(value, "_handle")
    if isinstance(value, dict):
        return {key: _lower(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return (tuple if isinstance(value, tuple) else list)(map(_lower, value))
    return value
