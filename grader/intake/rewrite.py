"""Cut and join Python text: rename imported modules, keep some definitions, add them to a student's file."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Mapping, Sequence
from functools import lru_cache

from grader.intake.source import Node, look_at, parse

ADDED = "# From here on the file is the grader's: code that was handed out complete."


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
    joined = student + text.encode(encoding.removesuffix("-sig"), "backslashreplace")
    return student if look_at("", joined).error else joined
