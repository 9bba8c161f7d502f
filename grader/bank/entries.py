"""Load an assignment's bank: wrong solutions, and right but unusual ones, each without running it.

``mistakes/`` and ``variants/`` hold one file for each function of the solution, to be read beside it: its entries are
functions and classes under `mistake` and `variant`, see `grader.bank.decorators`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from grader.bank.bank_file import BankError, Decorator, Source, read_bank_file
from grader.bank.decorators import mistake, variant
from grader.bank.forms import FORMS
from grader.course.assignment import load_assignment
from grader.results import Scope

MISTAKES = "mistakes"
VARIANTS = "variants"


@dataclass(frozen=True)
class Mistake:
    """A named wrong solution.

    Attributes
    ----------
    name
        Unique in the bank.
    sentence
        For a student: symptom, place, idea; never the code.
    note
        For authors: why people write this. May be empty.
    parts
        Every part that loses points by it (scope homework), or whose checks beyond the assignment notice it.
    scope
        Whether it costs points.
    place
        File, line and name, for messages.
    symbols
        The names in the solution that it replaces.
    code
        What to execute after the solution's own module.
    """

    name: str
    sentence: str
    note: str
    parts: tuple[str, ...]
    scope: Scope
    place: str
    symbols: tuple[str, ...]
    code: str = field(repr=False)


@dataclass(frozen=True)
class Variant:
    """A right but unusual solution, which must get full marks; the attributes are those of `Mistake`.

    ``form`` is a key of `FORMS`, or empty. ``layout`` is where it must be handed in; empty for the release's own.
    """

    name: str
    sentence: str
    place: str
    symbols: tuple[str, ...]
    form: str
    layout: str
    code: str = field(repr=False)


Entry = Mistake | Variant


def load_mistakes(folder: Path) -> tuple[Mistake, ...]:
    """Load the mistakes of the assignment in `folder`, sorted by name; none where no bank has been written yet.

    Raises
    ------
    BankError
        Two have one name, or one lacks its sentence, its parts or its scope, or replaces nothing.
    """
    parts = [part.id for part in load_assignment(folder).parts]
    return tuple(_mistake(each, parts) for each in _sources(folder / MISTAKES, mistake))


def load_variants(folder: Path) -> tuple[Variant, ...]:
    """Load the variants of the assignment in `folder`, sorted by name; none where no bank has been written yet.

    Raises
    ------
    BankError
        Two have one name, or one lacks its sentence, names an unknown form or layout, or changes nothing.
    """
    layouts = [layout.name for layout in load_assignment(folder).layouts]
    return tuple(_variant(each, layouts) for each in _sources(folder / VARIANTS, variant))


def _sources(folder: Path, decorator: Decorator) -> Iterator[Source]:
    """Yield the entries of one kind by name: the only place that knows how they lie on the disk."""
    found: dict[str, Source] = {}
    files = sorted(folder.glob("*.py"))
    for source in (each for path in files for each in read_bank_file(path, decorator)):
        if source.name in found:
            raise BankError(
                f"{source.place} has the name of {found[source.name].place}: an entry is told by its name"
            )
        found[source.name] = source
    return (found[name] for name in sorted(found))


def _mistake(source: Source, known: Sequence[str]) -> Mistake:
    mark = source.mark
    if not mark.parts or not set(mark.parts) <= set(known):
        raise BankError(
            f"{source.place} must name the parts that catch it in @mistake(...); there are {', '.join(known)}"
        )
    if mark.scope not in set(Scope):
        raise BankError(f"{source.place} must have a scope of {' or '.join(map(repr, map(str, Scope)))}")
    if not source.symbols:
        raise BankError(f"{source.place} replaces nothing: it needs code behind its docstring")
    return Mistake(
        name=source.name,
        sentence=source.sentence,
        note=source.note,
        parts=mark.parts,
        scope=Scope(mark.scope),
        place=source.place,
        symbols=source.symbols,
        code=source.code,
    )


def _variant(source: Source, layouts: Sequence[str]) -> Variant:
    form, layout = source.mark.form, source.mark.layout
    if layout not in {"", *layouts}:
        raise BankError(f"{source.place} names the unknown layout {layout!r}; there are {', '.join(layouts)}")
    if form and form not in FORMS:
        raise BankError(f"{source.place} names the unknown form {form!r}; there are {', '.join(FORMS)}")
    if not source.symbols and not form:
        raise BankError(f"{source.place} changes nothing: it needs code behind its docstring, or a form")
    return Variant(
        name=source.name,
        sentence=source.sentence,
        place=source.place,
        symbols=source.symbols,
        form=form,
        layout=layout,
        code=source.code,
    )
