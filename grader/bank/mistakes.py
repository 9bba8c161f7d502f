"""An assignment's bank, loaded and put in the solution's place: wrong solutions, and right but unusual ones.

An entry is one small module. Its first paragraph is a sentence; its functions and classes replace those of
the solution that have the same names. A mistake says in ``PARTS`` which parts must notice it, and in
``SCOPE`` whether it costs points (``"homework"``) or is right on the homework's own shapes (``"beyond"``).
A variant may name in ``FORM`` what is unusual about its files as files; see `grader.bank.forms`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import ModuleType

from grader.bank.entries import BankError, EntryFile, entry_files, read_entry
from grader.bank.forms import FORMS
from grader.bank.rebuild import module_of, path_of, rebuild
from grader.course.assignment import Assignment, load_assignment
from grader.results import Scope

MISTAKES = "mistakes"
VARIANTS = "variants"
ANSWER_MARK = b"YOUR CODE HERE"

_CONSTANTS = ("PARTS", "SCOPE", "FORM")
_REMEMBERED = 1024


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
    assignment = load_assignment(folder)
    return tuple(
        _mistake(read_entry(path, _CONSTANTS), assignment) for path in entry_files(folder / MISTAKES)
    )


def load_variants(folder: Path) -> tuple[Variant, ...]:
    """Load the variants of the assignment in `folder`, sorted by name.

    Raises
    ------
    BankError
        There are none, or one lacks its sentence, names an unknown form, or changes nothing.
    """
    return tuple(_variant(read_entry(path, _CONSTANTS)) for path in entry_files(folder / VARIANTS))


def as_files(entry: Entry, solution_files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the solution's files with `entry` in place of what it replaces.

    The entry's code goes behind the module that defines the names it replaces: there, later definitions win.

    Parameters
    ----------
    solution_files
        Path such as ``layers/dense.py`` to content; files other than Python's are passed on.

    Raises
    ------
    BankError
        The solution defines none of the entry's names, or in more than one module.
    """
    files = dict(solution_files)
    if entry.symbols:
        home = _home(entry, files)
        files[home] = files[home].rstrip() + f"\n\n\n{entry.code.strip()}\n".encode()
    if isinstance(entry, Variant) and entry.form:
        form = FORMS[entry.form]
        files = {path: form(text) if ANSWER_MARK in text else text for path, text in files.items()}
    return files


def as_modules(entry: Entry, solution_modules: Mapping[str, ModuleType]) -> dict[str, ModuleType]:
    """Return, for each public name of the solution, the module that defines it with `entry` built in.

    What `entry` changes, and every module that imports it, is a private copy: other layers of the same solution
    see the entry's names as well, and the solution itself stays as it is.

    Parameters
    ----------
    solution_modules
        Name to imported module, modules after those they import.

    Raises
    ------
    BankError
        As `as_files`; or the entry cannot be executed.
    """
    places = tuple((path_of(each), Path(str(each.__file__))) for each in solution_modules.values())
    try:
        rebuilt = rebuild(_changed_files(entry, places), solution_modules)
    except Exception as error:
        raise BankError(f"{entry.path} does not work in the solution's place: {error!r}") from error
    return {
        symbol: rebuilt.get(name, module)
        for name, module in solution_modules.items()
        for symbol, value in vars(module).items()
        if not symbol.startswith("_") and getattr(value, "__module__", None) == name
    }


def _mistake(source: EntryFile, assignment: Assignment) -> Mistake:
    parts = source.constants.get("PARTS")
    known = [part.id for part in assignment.parts]
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


def _home(entry: Entry, files: Mapping[str, bytes]) -> str:
    """Return the file that defines what `entry` replaces."""
    names = "|".join(map(re.escape, entry.symbols)).encode()
    defines = re.compile(rb"^(?:(?:def|class) (?:%b)\b|(?:%b) = )" % (names, names), re.MULTILINE)
    homes = [path for path, text in files.items() if path.endswith(".py") and defines.search(text)]
    if len(homes) != 1:
        found = f"are spread over {' and '.join(homes)}" if homes else "are not defined by the solution"
        raise BankError(
            f"{entry.path} cannot take the solution's place: its names {', '.join(entry.symbols)} {found}"
        )
    return homes[0]


@lru_cache(maxsize=_REMEMBERED)  # every wrong submission meets the mistakes of its parts
def _changed_files(entry: Entry, places: tuple[tuple[str, Path], ...]) -> Mapping[str, bytes]:
    """Return the modules that `entry` changes, and those that import them, out of the solution's files at `places`."""
    sources = {path: place.read_bytes() for path, place in places}
    files = as_files(entry, sources)
    affected = _affected(files, {path for path in files if files[path] != sources[path]})
    return {path: content for path, content in files.items() if path in affected}


def _affected(files: Mapping[str, bytes], changed: set[str]) -> set[str]:
    """Return the files of `changed` and all that come to import them, told by their names in the text."""
    affected = set(changed)
    while True:
        names = "|".join(re.escape(module_of(path)) for path in sorted(affected)).encode()
        mentions = re.compile(rb"\b(?:%b)\b|^\s*from \." % names, re.MULTILINE)
        more = {path for path, text in files.items() if path not in affected and mentions.search(text)}
        if not more:
            return affected
        affected |= more
