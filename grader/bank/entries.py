"""Read one entry of a bank, a small Python module with a sentence, constants and code, without running it."""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path


class BankError(Exception):
    """An entry of the bank that cannot be used; the message names its file and says what to change."""


@dataclass(frozen=True, slots=True)
class EntryFile:
    """An entry as it was read.

    Attributes
    ----------
    sentence, note
        First paragraph of its docstring, and the others.
    constants
        What it says of itself.
    symbols
        The public names it defines.
    code
        The rest of its text, on the same lines.
    """

    path: Path
    sentence: str
    note: str
    constants: Mapping[str, object]
    symbols: tuple[str, ...]
    code: str


def entry_files(folder: Path) -> list[Path]:
    """Return the entries in `folder`, sorted by name.

    Raises
    ------
    BankError
        There are none.
    """
    files = sorted(folder.glob("*.py"))
    if not files:
        raise BankError(f"{folder} holds no entries: a bank is a folder of small Python modules")
    return files


def read_entry(path: Path, known: Collection[str]) -> EntryFile:
    """Read the entry at `path`, whose constants are those of the `known` names.

    Raises
    ------
    BankError
        It does not parse, or does not open with a sentence.
    """
    text = path.read_text(encoding="utf-8")
    try:
        tree = ast.parse(text, filename=str(path))
    except SyntaxError as error:
        raise BankError(f"{path} does not parse: {error}") from error
    paragraphs = [" ".join(each.split()) for each in (ast.get_docstring(tree) or "").split("\n\n")]
    if not paragraphs[0].endswith("."):
        raise BankError(
            f"{path} must open with a docstring whose first paragraph is a sentence and ends with a full stop"
        )
    constants: dict[str, object] = {}
    lines = text.splitlines()
    for node in tree.body[1:]:
        name = _assigned(node)
        if isinstance(node, ast.Assign) and name in known:
            constants[name] = ast.literal_eval(node.value)
            lines[node.lineno - 1 : node.end_lineno] = [""] * ((node.end_lineno or 0) - node.lineno + 1)
    code = "\n".join(lines[tree.body[0].end_lineno :])
    symbols = tuple(name for name in public_names(tree) if name not in known)
    return EntryFile(path, paragraphs[0], "\n\n".join(paragraphs[1:]), constants, symbols, code)


def public_names(tree: ast.Module) -> tuple[str, ...]:
    """Return what a module itself defines for others: functions, classes and assigned names."""
    names: dict[str, None] = {}
    for node in tree.body:
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                names[name] = None
            case ast.Assign(targets=targets):
                names.update((each.id, None) for each in targets if isinstance(each, ast.Name))
    return tuple(name for name in names if not name.startswith("_"))


def _assigned(node: ast.stmt) -> str:
    """Return the only name that a statement assigns to, or an empty one."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name
        case _:
            return ""
