"""Describe an exception of the submission in plain strings, whatever its class tries to do."""

from __future__ import annotations

import os
from types import TracebackType
from typing import NamedTuple

from .codec import type_name

_TEXT_CHARACTERS = 2000


class Description(NamedTuple):
    """What crosses of an exception."""

    type_name: str
    text: str
    where: str


def describe(error: BaseException, root: str) -> Description:
    """Return class name, text and innermost line within `root` of `error`."""
    return Description(type_name(error), _text(error), _where(error, root))


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
        step = innermost(error.__traceback__, root)
        return f"{os.path.relpath(step.tb_frame.f_code.co_filename, root)}:{step.tb_lineno}" if step else ""
    except BaseException:
        return ""


def innermost(trace: TracebackType | None, root: str) -> TracebackType | None:
    """Return the last step of `trace` whose code lies within `root`."""
    found = None
    while trace is not None:
        if inside(trace.tb_frame.f_code.co_filename, root):
            found = trace
        trace = trace.tb_next
    return found


def inside(path: str, root: str) -> bool:
    """Say whether `path` lies beneath the folder `root`."""
    return path.startswith(root.rstrip(os.sep) + os.sep)
