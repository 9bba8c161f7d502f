"""Compile staged modules once for all workers: compiling is most of what importing a module costs."""

from __future__ import annotations

import importlib.util
import marshal
import os
import struct
import warnings
from collections.abc import Mapping
from functools import lru_cache
from importlib.machinery import SOURCE_SUFFIXES
from pathlib import PurePosixPath

_UNCHECKED_HASH = 0b01
"""Flag of a file that is believed without a look at its source (PEP 552): both are staged together."""

_HASH = bytes(8)
_REMEMBERED = 64
_LONGEST_NAME = 255
"""Bytes that a file's name may have."""


def with_bytecode(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return `files` and, beside each module that compiles, the file from which Python loads its code.

    Compiling runs nothing. What does not compile is left to the worker, whose error the student reads, and so is
    a module whose compiled file would have a longer name than files can have.
    """
    compiled = {
        importlib.util.cache_from_source(path): bytecode(PurePosixPath(path).name, data)
        for path, data in files.items()
        if path.endswith(tuple(SOURCE_SUFFIXES))
    }
    return {**files, **{path: data for path, data in compiled.items() if data and _fits(path)}}


def _fits(path: str) -> bool:
    return len(os.fsencode(PurePosixPath(path).name)) <= _LONGEST_NAME


@lru_cache(maxsize=_REMEMBERED)
def bytecode(name: str, data: bytes) -> bytes:
    """Return the compiled file of the module `data`, empty if it does not compile or nests too deep to be kept.

    The place that tracebacks show is corrected by the import system, so `name` need not be a path.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            code = marshal.dumps(compile(data, name, "exec", dont_inherit=True))
    except (SyntaxError, ValueError, LookupError, RecursionError, MemoryError, OverflowError):
        return b""
    flags = struct.pack("<L", _UNCHECKED_HASH)
    return importlib.util.MAGIC_NUMBER + flags + _HASH + code
