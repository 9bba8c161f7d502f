"""What a test cell that moved out of the box is written with: its names, bound to plain values, and its asserts.

    halves, TABLE = plain(student.halves), plain(reference.TABLE)
    with judged():
        assert halves(TABLE) == [0, 0.5, 1]

An answer is called in the box and its result brought out whole, so that the cell's own lines judge plain values here.
"""

from __future__ import annotations

import ast
import builtins
import copy
import inspect
import linecache
import textwrap
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from functools import cache
from io import StringIO
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

import numpy as np

from grader.checking.failures import CheckStopped, Failed
from grader.checking.student import Remote, home_of
from grader.sandbox import NotTransportable, StudentError, SubmissionError

HIDDEN_FAILED = "A hidden test failed."
_LINE_CHARACTERS = 200

Shows = Callable[[object], object]
"""Puts out the last value of a cell, as a notebook does."""


def plain(value: Any) -> Any:
    """Return an answer as a test cell uses it: data as a copy, a function or an object by way of the box."""
    if isinstance(value, Remote):
        return _whole(value)
    if isinstance(value, tuple):
        return tuple(map(plain, value))
    if callable(value) or isinstance(value, ModuleType):
        return value
    return copy.deepcopy(value)  # the reference's: a test may change what it is given


def _whole(remote: Remote) -> Any:
    try:
        return remote.value()
    except NotTransportable:
        return _Kept(remote)


class _Kept:
    """A function or an object that stays in the box, called and read as if it were here."""

    _remote: Remote

    def __init__(self, remote: Remote) -> None:
        object.__setattr__(self, "_remote", remote)

    def __call__(self, *args: object, **kwargs: object) -> Any:
        student = home_of(self._remote)
        with _raised_as_here():
            return plain(
                self._remote(
                    *(_inward(each, student) for each in args),
                    **{name: _inward(each, student) for name, each in kwargs.items()},
                )
            )

    def __len__(self) -> int:
        with _raised_as_here():
            return len(self._remote)

    def __iter__(self) -> Iterator[Any]:
        with _raised_as_here():
            return map(plain, iter(self._remote))

    def __setattr__(self, name: str, value: object) -> None:
        with _raised_as_here():
            setattr(self._remote, name, _inward(value, home_of(self._remote)))

    def __getitem__(self, key: Any) -> Any:
        with _raised_as_here():
            return plain(self._remote[key])

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        with _raised_as_here():
            return plain(getattr(self._remote, name))


def _inward(value: Any, student: Any) -> Any:
    """Return what a test passes in: a function of its own is made in the box."""
    if isinstance(value, _Kept):
        return value._remote
    if type(value) in {list, tuple}:
        return type(value)(_inward(each, student) for each in value)
    if isinstance(value, np.ufunc):
        return student.define(f"np.{value.__name__}")
    if isinstance(value, BuiltinFunctionType):
        module = getattr(value, "__module__", None) or "builtins"
        return student.define(f"__import__({module!r}).{value.__qualname__}")
    if isinstance(value, FunctionType):
        source, values = _text_of(value)
        return student.define(source, **{name: _inward(each, student) for name, each in values.items()})
    return value


def _text_of(function: FunctionType) -> tuple[str, Mapping[str, Any]]:
    """Return a function as text, and what names in it stand for; modules are imported by the text."""
    text = (
        _lambda(function) if function.__name__ == "<lambda>" else textwrap.dedent(inspect.getsource(function))
    )
    around = inspect.getclosurevars(function)
    named = {**around.globals, **around.nonlocals}
    modules = {name: each.__name__ for name, each in named.items() if isinstance(each, ModuleType)}
    imports = "".join(f"import {module} as {name}\n" for name, module in modules.items())
    return imports + text, {name: each for name, each in named.items() if name not in modules}


def _lambda(function: FunctionType) -> str:
    """Return a lambda as text: the one of its file whose body stands where its byte code says."""
    code = function.__code__
    tree = ast.parse("".join(linecache.getlines(code.co_filename)))
    places = set(code.co_positions())
    for node in ast.walk(tree):
        if isinstance(node, ast.Lambda):
            body = node.body
            if (body.lineno, body.end_lineno, body.col_offset, body.end_col_offset) in places:
                return f"_given = {ast.unparse(node)}"
    raise TypeError("a lambda whose text is not in a file cannot cross into the box")


@contextmanager
def _raised_as_here() -> Iterator[None]:
    """Raise what an answer raised as Python's exception of that name as well, so that the cell can expect it."""
    try:
        yield
    except StudentError as error:
        familiar = getattr(builtins, error.type_name, None)
        if not (isinstance(familiar, type) and issubclass(familiar, Exception)):
            raise
        raise _both(familiar.__name__)(error.type_name, error.text, error.where, error.hint) from None


@cache
def _both(name: str) -> type[StudentError]:
    return type(name, (StudentError, getattr(builtins, name)), {})


@contextmanager
def judged(*, hidden: bool = False, failure: str = "", output: str | None = None) -> Iterator[Shows]:
    """Around the lines of a test cell: what fails there is the answer's, and the student is told the line.

    Parameters
    ----------
    hidden
        Whether students see nothing of it.
    failure
        What they are told before that.
    output
        What the cell must put out, with the last value, which what is yielded shows; None where it may be anything.
    """
    put_out = StringIO()
    try:
        with redirect_stdout(put_out):
            yield lambda value: None if value is None else put_out.write(f"{value!r}\n")
    except (CheckStopped, SubmissionError):
        raise
    except Exception as error:
        line = _line_of(error, judged.__code__.co_filename)
        what = (
            "The test failed" if isinstance(error, AssertionError) else f"{type(error).__name__} was raised"
        )
        told = HIDDEN_FAILED if hidden else f"{what} at: {line}"
        note = f"{type(error).__name__}: {error} (at: {line})"
        raise Failed(" ".join(filter(None, (failure, told))), staff_note=note) from error
    found = put_out.getvalue()
    if output is not None and found.rstrip() != output.rstrip():
        told = HIDDEN_FAILED if hidden else "It put out something else."
        raise Failed(" ".join(filter(None, (failure, told))), staff_note=found[:500])


def _line_of(error: Exception, own: str) -> str:
    """Return the line of the test cell at which an exception passed."""
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename != own and frame.name.startswith("test_"):
            return linecache.getline(frame.filename, frame.lineno or 0).strip()[:_LINE_CHARACTERS]
    return ""
