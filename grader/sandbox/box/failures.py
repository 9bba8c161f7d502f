"""Describe an exception of the submission in plain strings, whatever its class tries to do."""

from __future__ import annotations

import builtins
import os
from collections.abc import Iterator
from types import TracebackType
from typing import NamedTuple

from .codec import type_name

_TEXT_CHARACTERS = 2000

_BROKEN_OFF = getattr(builtins, "_IncompleteInputError", SyntaxError)
"""What a cell that ends too early raises from Python 3.13 on; before, and to people, it is a SyntaxError."""

CALLED_FROM = ", called from "
"""Between the line that failed and the line of another file that led there."""


class Description(NamedTuple):
    """What crosses of an exception."""

    type_name: str
    text: str
    where: str


def describe(error: BaseException, root: str) -> Description:
    """Return class name, text and place of `error`: the innermost line within `root`, and what led there."""
    name = "SyntaxError" if type(error) is _BROKEN_OFF else type_name(error)
    return Description(name, _text(error), _where(error, root))


def _text(error: BaseException) -> str:
    try:
        if isinstance(error, SyntaxError):
            return f"{error.msg}: {(error.text or '').strip()}"[:_TEXT_CHARACTERS]
        return str.__str__(str(error))[:_TEXT_CHARACTERS]
    except BaseException:  # a submission's __str__ may raise anything
        return "(its text cannot be read)"


def _where(error: BaseException, root: str) -> str:
    try:
        if isinstance(error, SyntaxError) and inside(str(error.filename), root):
            return f"{os.path.relpath(str(error.filename), root)}:{int(error.lineno or 0)}"
        steps = list(_steps(error.__traceback__, root))
        if not steps:
            return ""
        # What was asked for may fail in a module that it calls; its own line tells why.
        first = [each for each in steps if _file(each) == _file(steps[0])]
        here = dict.fromkeys(
            f"{os.path.relpath(_file(each), root)}:{each.tb_lineno}"
            for each in (steps[-1], first[-1])
            if each is steps[-1] or _file(each) != _file(steps[-1])
        )
        return CALLED_FROM.join(here)
    except BaseException:
        return ""


def innermost(trace: TracebackType | None, root: str) -> TracebackType | None:
    """Return the last step of `trace` whose code lies within `root`."""
    steps = list(_steps(trace, root))
    return steps[-1] if steps else None


def _steps(trace: TracebackType | None, root: str) -> Iterator[TracebackType]:
    while trace is not None:
        if inside(_file(trace), root):
            yield trace
        trace = trace.tb_next


def _file(step: TracebackType) -> str:
    return step.tb_frame.f_code.co_filename


def inside(path: str, root: str) -> bool:
    """Say whether `path` lies beneath the folder `root`."""
    return path.startswith(root.rstrip(os.sep) + os.sep)
