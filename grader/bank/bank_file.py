"""Read a file of the bank without running it: each entry, with those lines of its file that it needs.

What was found is kept beside the file, as Python keeps bytecode: a bank takes longer to read than the solution.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import re
import sys
import textwrap
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from grader.bank.decorators import EntryMark
from grader.results import Refusal

Decorator = Callable[..., EntryMark]
Definition = ast.FunctionDef | ast.ClassDef
Import = ast.Import | ast.ImportFrom

_EVERYTHING = "*"
"""What ``from module import *`` binds: any name, so that every entry of its file needs it."""


class BankError(Refusal):
    """Something in the bank that cannot be used; the message names its file and line and says what to change."""


@dataclass(frozen=True, slots=True)
class Source:
    """An entry as its author wrote it.

    Attributes
    ----------
    name
        That of its function or class.
    path, line
        Where it stands.
    sentence, note
        First paragraph of its docstring, and the others.
    mark
        What its decorator says.
    symbols
        The names in the solution that it replaces; none if it has no code.
    code
        The file's imports, helpers and constants that it uses, and its own code under the names that it replaces.
    """

    name: str
    path: Path
    line: int
    sentence: str
    note: str
    mark: EntryMark
    symbols: tuple[str, ...]
    code: str

    @property
    def place(self) -> str:
        """Say where it stands and what it is called."""
        return f"{self.path}:{self.line}: {self.name}"


def read_bank_file(path: Path, decorator: Decorator) -> tuple[Source, ...]:
    """Return the entries in the file at `path`: its functions and classes under `decorator`.

    A file that takes nothing from `grader.bank` is one entry of its own, as banks used to be written: the module's
    docstring is the sentence, and what the decorator says stands in ``PARTS``, ``SCOPE`` and ``FORM``.

    Raises
    ------
    BankError
        The file does not parse, has no entry, or holds a function that is none and that none uses; or an entry has no
        sentence, or a decorator that cannot be read.
    """
    text = path.read_text(encoding="utf-8")
    kept = path.with_name("__pycache__") / f"{path.stem}.{decorator.__name__}.json"
    stamp = hashlib.sha256("\0".join([_reading(), str(path), text]).encode()).hexdigest()
    with suppress(OSError, ValueError, TypeError, KeyError):  # none there, or none of ours
        found = json.loads(kept.read_bytes())
        if found["stamp"] == stamp:
            return tuple(_as_read(path, **each) for each in found["sources"])
    sources = _read(path, text, decorator)
    if not sys.dont_write_bytecode:
        with suppress(OSError):
            kept.parent.mkdir(exist_ok=True)
            whole = kept.with_suffix(f".{os.getpid()}")
            facts = [{**asdict(each), "path": None} for each in sources]
            whole.write_text(json.dumps({"stamp": stamp, "sources": facts}), encoding="utf-8")
            whole.replace(kept)
    return sources


@cache
def _reading() -> str:
    """Return what decides how a file is read, beside its text."""
    return sys.version + Path(__file__).read_text(encoding="utf-8")


def _as_read(there: Path, mark: dict[str, Any], symbols: list[str], **said: Any) -> Source:
    mark["parts"] = tuple(mark["parts"])
    return Source(**said | {"path": there, "mark": EntryMark(**mark), "symbols": tuple(symbols)})


def _read(path: Path, text: str, decorator: Decorator) -> tuple[Source, ...]:
    try:
        tree = ast.parse(text, filename=str(path))
    except SyntaxError as error:
        raise BankError(f"{path}:{error.lineno} does not parse: {error.msg}") from error
    marks = {
        node: found
        for node in tree.body
        if isinstance(node, Definition)
        for found in node.decorator_list
        if _called(found) == decorator.__name__
    }
    if not marks:
        if "grader.bank" not in {each.module for each in tree.body if isinstance(each, ast.ImportFrom)}:
            return (_whole_file(path, text.splitlines(), tree, decorator),)
        raise BankError(
            f"{path} has no entry: put @{decorator.__name__}(...) above each function that is one"
        )
    for node, found in marks.items():
        node.decorator_list.remove(found)  # what the bank's decorator uses is not what its entry needs
    file = _File(path, text.splitlines(), [node for node in tree.body if node not in marks], decorator)
    sources = tuple(file.source(node, found) for node, found in marks.items())
    file.refuse_strays(marks)
    return sources


def _whole_file(path: Path, lines: list[str], tree: ast.Module, decorator: Decorator) -> Source:
    """Return the entry that a file without decorators is."""
    place, said = f"{path}:1: {path.stem}", dict[str, Any]()
    sentence, note = _paragraphs(tree, place)
    try:
        for node in tree.body:
            match node:
                case ast.Assign(targets=[ast.Name(id="PARTS" | "SCOPE" | "FORM" as name)], value=value):
                    said[name.lower()] = ast.literal_eval(value)
                    lines[node.lineno - 1 : node.end_lineno] = [""] * len(
                        lines[node.lineno - 1 : node.end_lineno]
                    )
        mark = decorator(*said.pop("parts", ()), **said)
    except (TypeError, ValueError) as error:
        raise BankError(f"{place} sets what a {decorator.__name__} does not have ({error})") from error
    symbols = tuple(each for each in _public_names(tree.body) if each not in {"PARTS", "SCOPE", "FORM"})
    code = "\n".join(lines[tree.body[0].end_lineno :]).strip()
    return Source(path.stem, path, 1, sentence, note, mark, symbols, code)


def _paragraphs(node: Definition | ast.Module, place: str) -> tuple[str, str]:
    """Return the first paragraph of a docstring, and the others."""
    first, *others = [" ".join(each.split()) for each in (ast.get_docstring(node) or "").split("\n\n")]
    if not first.endswith((".", "?", "!")):
        raise BankError(
            f"{place} must open with a docstring whose first paragraph is a sentence, and ends like one"
        )
    return first, "\n\n".join(others)


@dataclass(frozen=True, slots=True)
class _File:
    """A file's lines, its statements that are no entries, and the decorator of its entries."""

    path: Path
    lines: Sequence[str]
    shared: Sequence[ast.stmt]
    decorator: Decorator

    def refuse_strays(self, entries: Iterable[Definition]) -> None:
        """Refuse a function that is neither an entry nor of use to one: its decorator was forgotten."""
        used = _all_names([*entries, *self.shared])
        for each in self.shared:
            if isinstance(each, Definition) and each.name not in used:
                raise self._error(
                    each, "is no entry, and none uses it: put @mark(...) above it, or delete it"
                )

    def source(self, node: Definition, found: ast.expr) -> Source:
        """Return the entry that `node` is."""
        sentence, note = _paragraphs(node, f"{self.path}:{node.lineno}: {node.name}")
        mark = self._mark(node, found)
        symbols, code = self._own_code(node, mark.replaces or self.path.name.partition(".")[0])
        return Source(
            name=node.name,
            path=self.path,
            line=node.lineno,
            sentence=sentence,
            note=note,
            mark=mark,
            symbols=symbols,
            code="\n\n\n".join([*self._shared_code(node), code]) if code else "",
        )

    def _mark(self, node: Definition, found: ast.expr) -> EntryMark:
        """Call the decorator with what its author wrote: texts, and tuples of texts that the file sets."""
        call = found if isinstance(found, ast.Call) else ast.Call(found, [], [])
        try:
            texts = [text for each in call.args for text in self._texts(each)]
            return self.decorator(
                *texts, **{str(each.arg): ast.literal_eval(each.value) for each in call.keywords}
            )
        except (TypeError, ValueError) as error:
            raise self._error(
                node,
                "has a @mark(...) that cannot be read: it takes texts in quotes, and *NAME for a tuple of texts "
                f"that the file sets ({error})",
            ) from error

    def _texts(self, argument: ast.expr) -> Sequence[str]:
        match argument:
            case ast.Starred(value=ast.Name(id=name)):
                set_by = [
                    each for each in self.shared if isinstance(each, ast.Assign) and name in bound(each)
                ]
                return tuple(ast.literal_eval(set_by[-1].value if set_by else argument))
            case _:
                return (ast.literal_eval(argument),)

    def _own_code(self, node: Definition, symbol: str) -> tuple[tuple[str, ...], str]:
        """Return what an entry replaces, and its code with each definition under its name in the solution."""
        body = node.body[1:]  # the docstring is no code
        if not body:
            return (), ""
        inside = self._lines_of(body[0], body[-1])
        if isinstance(node, ast.ClassDef) and not node.bases:
            return _public_names(body), textwrap.dedent("\n".join(inside))
        decorators = [line for each in node.decorator_list for line in self._lines_of(each, each)]
        head = self.lines[node.lineno - 1 : node.body[0].lineno - 1]
        text = "\n".join([*decorators, *head, *inside])
        return (symbol,), re.sub(rf"\b{node.name}\b", symbol, text)  # where it calls itself, too

    def _shared_code(self, node: Definition) -> tuple[str, ...]:
        """Return the imports, helpers and constants that an entry uses, and that these use in turn."""
        names, needed = {_EVERYTHING, *_names_in(node)}, set[ast.stmt]()
        while more := {each for each in self.shared if each not in needed and bound(each) & names}:
            needed |= more
            names |= _all_names(more)
        used = [each for each in self.shared if each in needed]
        imports = [_import_of(each, names) for each in used if isinstance(each, Import)]
        others = ["\n".join(self._lines_of(each, each)) for each in used if not isinstance(each, Import)]
        return ("\n".join(imports), *others) if imports else tuple(others)

    def _lines_of(self, first: ast.stmt | ast.expr, last: ast.stmt | ast.expr) -> Sequence[str]:
        """Return the lines from one node to another, decorators included."""
        start = min(each.lineno for each in (first, *getattr(first, "decorator_list", ())))
        return self.lines[start - 1 : last.end_lineno]

    def _error(self, node: Definition, complaint: str) -> BankError:
        said = complaint.replace("@mark", f"@{self.decorator.__name__}")
        return BankError(f"{self.path}:{node.lineno}: {node.name} {said}")


def _called(decorator: ast.expr) -> str:
    """Return the name of a decorator, whether it is called or not."""
    function = decorator.func if isinstance(decorator, ast.Call) else decorator
    return function.id if isinstance(function, ast.Name) else ""


@lru_cache(maxsize=256)
def _names_in(node: ast.AST) -> frozenset[str]:
    """Return the names that are used in a node; each entry asks for those of what its file shares."""
    return frozenset(each.id for each in ast.walk(node) if isinstance(each, ast.Name))


def _all_names(nodes: Iterable[ast.AST]) -> set[str]:
    return {name for node in nodes for name in _names_in(node)}


def bound(statement: ast.stmt) -> set[str]:
    """Return the names that a statement gives a meaning to."""
    match statement:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return {name}
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return set(map(_bound_by, names))
        case _:
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement]
            found = (each for target in targets for each in ast.walk(target) if isinstance(each, ast.Name))
            return {each.id for each in found if isinstance(each.ctx, ast.Store)}


def _bound_by(alias: ast.alias) -> str:
    return alias.asname or alias.name.partition(".")[0]


def _import_of(statement: Import, names: Collection[str]) -> str:
    """Return an import of nothing but these names."""
    wanted = [each for each in statement.names if _bound_by(each) in names]
    if isinstance(statement, ast.Import):
        return ast.unparse(ast.Import(wanted))
    return ast.unparse(ast.ImportFrom(statement.module, wanted, statement.level))


def _public_names(body: Iterable[ast.stmt]) -> tuple[str, ...]:
    """Return what a body itself defines for others: functions, classes and assigned names."""
    own = (each for each in body if not isinstance(each, Import))
    names = dict.fromkeys(name for each in own for name in sorted(bound(each)))
    return tuple(name for name in names if not name.startswith("_"))
