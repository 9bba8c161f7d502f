"""Compile staged modules once for all workers: compiling is most of what importing a module costs."""

from __future__ import annotations

import ast
import importlib.util
import marshal
import os
import struct
import warnings
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.machinery import SOURCE_SUFFIXES
from pathlib import PurePosixPath

_UNCHECKED_HASH = 0b01
"""Flag of a file that is believed without a look at its source (PEP 552): both are staged together."""

_HASH = bytes(8)
_REMEMBERED = 64
_LONGEST_NAME = 255
"""Bytes that a file's name may have."""

_LONGEST_TEXT = 64 * 1024
"""Bytes; the compiler takes time by the square of some texts."""

_MOST_CODE = 20_000
"""Nodes of a module with a ``finally``, each counted as often as the compiler writes it."""


def with_bytecode(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return `files` and, beside each module that compiles, the file from which Python loads its code.

    Compiling runs nothing. What does not compile is left to the worker, whose error the student reads, and so is
    a module whose compiled file would have a longer name than files can have, or whose code may be far longer
    than its text.
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
    """Return the compiled file of the module `data`, empty if it does not compile or is left to the worker.

    The place that tracebacks show is corrected by the import system, so `name` need not be a path.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if _may_explode(data):
                return b""
            code = marshal.dumps(compile(data, name, "exec", dont_inherit=True))
    except (SyntaxError, ValueError, LookupError, RecursionError, MemoryError, OverflowError):
        return b""
    flags = struct.pack("<L", _UNCHECKED_HASH)
    return importlib.util.MAGIC_NUMBER + flags + _HASH + code


def _may_explode(data: bytes) -> bool:
    """Say whether the compiler may need more time and memory for `data` than there is; nothing here would end it.

    It writes the block of a ``finally`` once for each way out of its ``try``, so that blocks in blocks double with
    each level. Such a module is left to a worker, which has limits.
    """
    if len(data) > _LONGEST_TEXT:
        return True
    first, _, rest = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").partition(b"\n")
    encoded = b"coding" in first + rest.partition(b"\n")[0]  # the word may be written otherwise
    return (encoded or b"finally" in data) and _written(ast.parse(data))[0] > _MOST_CODE


def _written(node: ast.AST) -> tuple[int, int]:
    """Return how many nodes the compiler writes for `node`, and in how many places it leaves by a jump."""
    last = node.finalbody if isinstance(node, ast.Try | ast.TryStar) else []
    others = [each for each in ast.iter_child_nodes(node) if each not in last]
    nodes, jumps = _sum(others)
    again, more = _sum(last)
    copies = jumps + 2  # and at the end of the block, and where an exception passes
    own = isinstance(node, ast.Return | ast.Break | ast.Continue)
    return 1 + nodes + copies * again, own + jumps + copies * more


def _sum(nodes: Iterable[ast.AST]) -> tuple[int, int]:
    counts = [_written(each) for each in nodes]
    return sum(each for each, _ in counts), sum(each for _, each in counts)
