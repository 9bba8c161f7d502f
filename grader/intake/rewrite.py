"""Make the Python text of a stage: imports renamed, definitions cut out and added, stand-ins, and what is compiled."""

from __future__ import annotations

import ast
import importlib.util
import io
import marshal
import os
import re
import struct
import tokenize
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.machinery import SOURCE_SUFFIXES
from pathlib import PurePosixPath

from grader.intake.names import LONGEST_NAME
from grader.intake.source import Node, parse, read_source

ADDED = "# From here on the file is the grader's: code that was handed out complete."

REFUSAL = "this part must be solved without the given fast layers"
"""What a stand-in's functions say when they are called."""

_MODULE = '''"""Stands in for the given fast layers, which the part under test must do without."""

import numpy as np  # star imports of the real module may give this away, too


def _refuse(*args, **kwargs):
    raise RuntimeError({refusal!r})


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return _refuse


{bindings}
'''

_UNCHECKED_HASH = 0b01
"""Flag of a file that is believed without a look at its source (PEP 552): both are staged together."""

_HASH = bytes(8)
_REMEMBERED = 64
_LONGEST_TEXT = 64 * 1024
"""Bytes; the compiler takes time by the square of some texts."""

_MOST_CODE = 20_000
"""Nodes of a module with a ``finally``, each counted as often as the compiler writes it."""


@lru_cache(maxsize=256)  # a release has few texts and few layouts, and a class has many submissions
def rewired(text: str, modules: frozenset[tuple[str, str]], here: str) -> str:
    """Return `text` with imports of renamed modules following them.

    Parameters
    ----------
    modules
        Pairs of an old dotted name and its new one. A package's name stands for all its modules.
    here
        New name of the module that `text` is, or becomes part of; it does not import itself. Empty where it may.
    """
    lines = text.splitlines(keepends=True)
    for node in ast.walk(parse(text)):
        if isinstance(node, ast.ImportFrom) and not node.level and node.module is not None:
            target = _renamed(node.module, dict(modules))
            if target == here:
                _replace_statement(lines, node, "pass")
            elif target != node.module:
                _rename_module(lines, node, target)
    return "".join(lines)


def _rename_module(lines: list[str], node: ast.ImportFrom, target: str) -> None:
    """Let an import have another module's name; all else of it stays as it is written."""
    old = re.compile(rf"(\bfrom\s+){re.escape(node.module or '')}(?=\s)")
    number = node.lineno - 1
    lines[number], found = old.subn(rf"\g<1>{target}", lines[number], count=1)
    if not found:  # the name is on another line, behind a backslash, or written with blanks
        moved = ast.ImportFrom(target, node.names, 0)
        _replace_statement(lines, node, ast.unparse(moved))


def _renamed(module: str, modules: Mapping[str, str]) -> str:
    known = (old for old in modules if module == old or module.startswith(f"{old}."))
    old = max(known, key=len, default=None)
    return module if old is None else modules[old] + module[len(old) :]


@lru_cache(maxsize=256)
def selected(text: str, wanted: frozenset[str]) -> str:
    """Return `text` without the definitions that are not `wanted`.

    Imports, constants and helpers whose names start with ``_`` stay, as the wanted ones may need them. What
    may stand only at the top of a file goes.
    """
    lines = text.splitlines(keepends=True)
    for node in parse(text).body:
        dropped = isinstance(node, Node) and not node.name.startswith("_") and node.name not in wanted
        if dropped or _is_for_the_top(node):
            _replace_statement(lines, node, "pass")
    return "".join(lines)


def _is_for_the_top(node: ast.stmt) -> bool:
    if isinstance(node, ast.ImportFrom):
        return node.module == "__future__"
    targets = node.targets if isinstance(node, ast.Assign) else []
    return any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets)


def _replace_statement(lines: list[str], node: ast.stmt, statement: str) -> None:
    """Put one line in the place of a statement's lines, and blank ones in place of the rest: numbers keep."""
    decorators = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(each.lineno for each in decorators)]) - 1
    last = node.end_lineno or node.lineno
    lines[first:last] = [f"{' ' * node.col_offset}{statement}\n", *["\n"] * (last - first - 1)]


def extended(student: bytes, additions: Sequence[str]) -> bytes:
    """Return a student's file with `additions` at its end, where what they define wins.

    The student's bytes stay as they are, whatever their encoding; letters that it cannot express become
    escapes. Where the result would not parse the student's file is returned alone.
    """
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(student).readline)
    except SyntaxError:
        return student
    text = "\n\n".join(["", ADDED, *additions])
    try:
        joined = student + text.encode(encoding.removesuffix("-sig"), "backslashreplace")
    except UnicodeError:  # as of idna, which is no encoding for texts
        return student
    return student if read_source("", joined).error else joined


@lru_cache(maxsize=64)  # every submission gets the same few
def stand_in(text: bytes | None) -> bytes:
    """Return a module with the public names of `text`, each a function that raises RuntimeError when called.

    Any other name asked of it is such a function too, so the import of a file never fails for a fast layer
    that it uses elsewhere.

    Parameters
    ----------
    text
        Source of the real module; None when there is only a compiled one.
    """
    listed = sorted(_listed(parse(text))) if text is not None else []
    names = listed or sorted(read_source("", text or b"").public)
    bindings = [*(f"{name} = _refuse" for name in names), *([f"__all__ = {listed!r}"] if listed else [])]
    return _MODULE.format(refusal=REFUSAL, bindings="\n".join(bindings)).encode()


def _listed(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets
        ):
            yield from ast.literal_eval(node.value)


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
    return len(os.fsencode(PurePosixPath(path).name)) <= LONGEST_NAME


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
    copied = set(map(id, last))
    nodes, jumps = _sum(each for each in ast.iter_child_nodes(node) if id(each) not in copied)
    again, more = _sum(last)
    copies = jumps + 2  # and at the end of the block, and where an exception passes
    own = isinstance(node, ast.Return | ast.Break | ast.Continue)
    return 1 + nodes + copies * again, own + jumps + copies * more


def _sum(nodes: Iterable[ast.AST]) -> tuple[int, int]:
    counts = [_written(each) for each in nodes]
    return sum(each for each, _ in counts), sum(each for _, each in counts)
