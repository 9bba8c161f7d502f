"""Load an assignment's bank: wrong solutions, and right but unusual ones, each without running it.

An entry is one small module. Its first paragraph is a sentence; its functions and classes replace those of
the solution that have the same names. A mistake says in ``PARTS`` which parts must notice it, and in
``SCOPE`` whether it costs points (``"homework"``) or is right on the homework's own shapes (``"beyond"``).
A variant may name in ``FORM`` what is unusual about its files as files; see `grader.bank.forms`.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from grader.bank.forms import FORMS
from grader.course.assignment import load_assignment
from grader.results import Scope

MISTAKES = "mistakes"
VARIANTS = "variants"

_CONSTANTS = ("PARTS", "SCOPE", "FORM")


class BankError(Exception):
    """An entry of the bank that cannot be used; the message names its file and says what to change."""


@dataclass(frozen=True)
class Mistake:
    """A named wrong solution.

    Attributes
    ----------
    name
        Its file's stem, unique in the bank.
    sentence
        For a student: symptom, place, idea; never the code.
    note
        For authors: why people write this. May be empty.
    parts
        Every part that loses points by it (scope homework), or whose checks beyond the homework notice it.
    scope
        Whether it costs points.
    symbols
        The public names it defines; those that the solution has are replaced.
    code
        What to execute after the solution's own module.
    """

    name: str
    sentence: str
    note: str
    parts: tuple[str, ...]
    scope: Scope
    path: Path
    symbols: tuple[str, ...]
    code: str = field(repr=False)


@dataclass(frozen=True)
class Variant:
    """A right but unusual solution, which must get full marks; the attributes are those of `Mistake`.

    ``form`` is a key of `FORMS`, or empty.
    """

    name: str
    sentence: str
    path: Path
    symbols: tuple[str, ...]
    form: str
    code: str = field(repr=False)


Entry = Mistake | Variant


def load_mistakes(folder: Path) -> tuple[Mistake, ...]:
    """Load the mistakes of the assignment in `folder`, sorted by name.

    Raises
    ------
    BankError
        There are none, or one lacks its sentence, its parts or its scope, or replaces nothing.
    """
    parts = [part.id for part in load_assignment(folder).parts]
    return tuple(_mistake(entry, parts) for entry in _entries(folder / MISTAKES))


def load_variants(folder: Path) -> tuple[Variant, ...]:
    """Load the variants of the assignment in `folder`, sorted by name.

    Raises
    ------
    BankError
        There are none, or one lacks its sentence, names an unknown form, or changes nothing.
    """
    return tuple(map(_variant, _entries(folder / VARIANTS)))


def _entries(folder: Path) -> Iterator[EntryFile]:
    """Give the entries of one kind: the only place that knows how they lie on the disk."""
    return (read_entry(path, _CONSTANTS) for path in entry_files(folder))


def _mistake(source: EntryFile, known: Sequence[str]) -> Mistake:
    parts = source.constants.get("PARTS")
    if not isinstance(parts, tuple) or not parts or not set(parts) <= set(known):
        raise BankError(
            f"{source.path} must set PARTS to a tuple of parts that catch it; there are {', '.join(known)}"
        )
    scope = source.constants.get("SCOPE")
    if scope not in set(Scope):
        raise BankError(f"{source.path} must set SCOPE to {' or '.join(map(repr, map(str, Scope)))}")
    if not source.symbols:
        raise BankError(f"{source.path} replaces nothing: it must define a function or class of the solution")
    return Mistake(
        name=source.path.stem,
        sentence=source.sentence,
        note=source.note,
        parts=parts,
        scope=Scope(str(scope)),
        path=source.path,
        symbols=source.symbols,
        code=source.code,
    )


def _variant(source: EntryFile) -> Variant:
    form = str(source.constants.get("FORM", ""))
    if form and form not in FORMS:
        raise BankError(f"{source.path} names the unknown FORM {form!r}; there are {', '.join(FORMS)}")
    if not source.symbols and not form:
        raise BankError(
            f"{source.path} changes nothing: it must define a function or class of the solution, or a FORM"
        )
    return Variant(
        name=source.path.stem,
        sentence=source.sentence,
        path=source.path,
        symbols=source.symbols,
        form=form,
        code=source.code,
    )


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
