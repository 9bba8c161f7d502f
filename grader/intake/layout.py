"""Find out how a submission is laid out, and which of its files holds the answer to what.

Answers are found by the name of the function or class, never by a banner or by where they are expected:
students move, rename and copy files. Where there is a choice it is made by fixed rules and flagged.
"""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from pathlib import PurePosixPath

from grader.course.assignment import Assignment, Layout, Names, whole_module
from grader.intake.contents import Contents
from grader.intake.names import printable
from grader.intake.release import ReleaseSource
from grader.intake.source import SourceFile, is_stub, module_name
from grader.results import NOT_WHOLE, Flag

_COPY = re.compile(r"(^|[^a-z])(old|backup|bak|copy|archive|draft|starter|original)([^a-z]|$)")
"""Folder names that say: not this one."""

_MOST_TOLD = 5
"""Oddities of one file that are told."""


class State(IntEnum):
    """How far an answer is in one file; more is better."""

    ABSENT = 0
    STUB = 1
    BROKEN = 2
    REAL = 3


@dataclass(frozen=True, slots=True)
class ResolvedLayout:
    """Where everything is in one submission.

    Attributes
    ----------
    layout
        Which of the assignment's layouts the submission keeps to, or comes nearest.
    prefix
        The folder that the layout's paths start from, with a slash at its end; empty at the top.
    sources
        Every Python file of the submission, as far as it can be seen without running it.
    holders
        Symbol to the file that holds it. A symbol found nowhere is absent. A file that does not parse holds
        the symbols that are expected in it, so that its import fails with the reason.
    flags
        What was found in unexpected places, or more than once.
    """

    layout: Layout
    prefix: str
    sources: Mapping[str, SourceFile]
    holders: Mapping[str, str]
    flags: tuple[Flag, ...] = ()


def resolve_layout(contents: Contents, assignment: Assignment, release: ReleaseSource) -> ResolvedLayout:
    """Decide which layout `contents` have, below which folder, and which file holds each symbol."""
    python = ((path, data) for path, data in contents.files.items() if path.lower().endswith(".py"))
    sources = {path: contents.sources.get(path) or release.read_source(path, data) for path, data in python}
    states = {
        (path, symbol): state_of(source, symbol, release)
        for path, source in sources.items()
        for symbol in release.homes
    }
    search = _Search(sources, states, assignment, release)
    layout, prefix = search.best_fit()
    found = {symbol: search.files_with(symbol, layout, prefix) for symbol in release.homes}
    holders = {symbol: files[0] for symbol, files in found.items() if files}
    flags = (
        *_flag_copies(search, layout, prefix),
        *(() if _is_loose(search, layout) else _flag_elsewhere(holders, layout, prefix, release)),
        *_flag_twice(found, search, prefix),
        *_flag_broken(holders, sources),
        *_flag_absent(holders, layout),
    )
    return ResolvedLayout(layout, prefix, sources, holders, flags)


def state_of(source: SourceFile, symbol: str, release: ReleaseSource) -> State:
    """Return how far the answer to `symbol` is in `source`."""
    if source.error is not None or symbol in source.lost:
        return State.BROKEN
    node = source.definitions.get(symbol)
    if node is not None:
        return State.STUB if is_stub(node, release.released.get(symbol)) else State.REAL
    return State.REAL if symbol in source.names else State.ABSENT


def renamed(resolved: ResolvedLayout) -> dict[str, tuple[str, ...]]:
    """Return by function or class what it calls as its layout says, under the release's names; told by its text.

    A layout says where files are as well as what things are called, and students move files: names of the release in
    another layout's place stay those of the release.
    """
    found = {}
    for symbol, names in resolved.layout.names.items():
        if symbol in resolved.holders:
            found[symbol] = _renamed(names, symbol, resolved.sources[resolved.holders[symbol]])
    return {symbol: names for symbol, names in found.items() if names}


def _renamed(names: Names, symbol: str, source: SourceFile) -> tuple[str, ...]:
    node = source.definitions.get(symbol)
    words = frozenset(_words([node] if node else []))
    keys = (
        words if words & {*names.keys, *names.keys.values()} else frozenset(_words(source.body))
    )  # a helper's
    # Keys go together: what one layout calls v may be another thing in the other.
    own = tuple(names.keys) if {*names.keys.values()} <= keys and not {*names.keys} <= keys else ()
    theirs = {old: new if isinstance(new, str) else new.name for old, new in names.arguments.items()}
    return own + tuple(old for old, new in theirs.items() if new in words and old not in words)


def _words(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Yield the texts in some code, and the names of what its functions take."""
    for each in (inner for node in nodes for inner in ast.walk(node)):
        match each:
            case ast.Constant(value=str() as text):
                yield text
            case ast.arg(arg=name):
                yield name


def places(layout: Layout) -> dict[str, str]:
    """Return every module of the release and where `layout` keeps it."""
    return {**layout.given, **layout.earlier, **layout.answers}


@dataclass(frozen=True)
class _Search:
    sources: Mapping[str, SourceFile]
    known: Mapping[tuple[str, str], State]
    assignment: Assignment
    release: ReleaseSource

    def best_fit(self) -> tuple[Layout, str]:
        """Return the layout and folder that most of the finished answers agree with."""
        flat = self._flat_prefix()
        fits = {
            (number, prefix)
            for number, layout in enumerate(self.assignment.layouts)
            for prefix in (flat, *self.prefixes(layout))
        }
        number, prefix = max(fits, key=self._rank)
        return self.assignment.layouts[number], prefix

    def prefixes(self, layout: Layout) -> Iterator[str]:
        """Yield each folder below which a file lies where `layout` keeps one."""
        for place in places(layout).values():
            for path in self.sources:
                if path == place or path.endswith(f"/{place}"):
                    yield path[: len(path) - len(place)]

    def states(self, layout: Layout, prefix: str) -> list[State]:
        """Return the state of each symbol in the file that the layout keeps it in."""
        return [
            self.state(prefix + layout.answers[home], symbol) for symbol, home in self.release.homes.items()
        ]

    def state(self, path: str, symbol: str) -> State:
        return self.known.get((path, symbol), State.ABSENT)

    def _rank(self, fit: tuple[int, str]) -> tuple[object, ...]:
        """Order what fits: finished answers first, then everything that tells layouts and copies apart."""
        number, prefix = fit
        layout = self.assignment.layouts[number]
        states = self.states(layout, prefix)
        return (
            states.count(State.REAL),
            not _COPY.search(prefix.lower()),
            len(states) - states.count(State.ABSENT),
            sum(prefix + place in self.sources for place in places(layout).values()),
            self._has_support(layout, prefix),
            *self._familiarity[number],
            -prefix.count("/"),
            prefix,
            -number,
        )

    @cached_property
    def _familiarity(self) -> list[tuple[int, int]]:
        """How many names and imports speak for each layout, wherever its folders are."""
        files = self.sources.items()
        defined = {(PurePosixPath(path).name, name) for path, each in files for name in each.definitions}
        imports = Counter(each.module for _, file in files for each in file.imports if not each.level)
        found = []
        for layout in self.assignment.layouts:
            names = {
                (PurePosixPath(layout.answers[home]).name, name) for name, home in self.release.homes.items()
            }
            support = (f"{layout.support}/{name}" for name in self.release.support)
            modules = {module_name(place) for place in (*places(layout).values(), *support)}
            found.append((len(names & defined), sum(imports[module] for module in modules)))
        return found

    def _has_support(self, layout: Layout, prefix: str) -> bool:
        return any(f"{prefix}{layout.support}/{name}" in self.sources for name in self.release.support)

    def _flat_prefix(self) -> str:
        """Return where a submission without the layout's folders starts: where most symbols are defined."""
        symbols = Counter[str]()
        for path, source in self.sources.items():
            folder = path.rpartition("/")[0]
            symbols[folder] += sum(symbol in source.definitions for symbol in self.release.homes)
        if not symbols:
            return ""
        most = max(symbols, key=lambda folder: (symbols[folder], -folder.count("/"), folder))
        below = {
            place.rpartition("/")[0] for each in self.assignment.layouts for place in places(each).values()
        }
        for package in sorted(below, key=len, reverse=True):
            if most == package or most.endswith(f"/{package}"):
                most = most[: len(most) - len(package)].rstrip("/")
                break
        return f"{most}/" if most else ""

    def files_with(self, symbol: str, layout: Layout, prefix: str) -> list[str]:
        """Return the files that hold `symbol`, the one that counts first.

        The layout's own file counts if the symbol is there and finished, or if the file does not parse. Then
        comes any file that defines it finished, then one in which it does not parse, then the layout's own with a
        stub, then a stub anywhere, then a broken file of the right name, last the layout's own where that makes
        names as it runs.
        """
        own = prefix + layout.answers[self.release.homes[symbol]]
        at_home = self.state(own, symbol)
        elsewhere = {path: self.state(path, symbol) for path in self._others(symbol, own)}
        better = self._ordered(
            (path for path, state in elsewhere.items() if state is State.REAL), own, prefix
        )
        rest = self._ordered((path for path, state in elsewhere.items() if state is State.STUB), own, prefix)
        if at_home >= State.BROKEN:
            return [own, *better]
        home = [own] if at_home is State.STUB else []
        lost = self._ordered(
            (path for path in self.sources if symbol in self.sources[path].lost), own, prefix
        )
        name = PurePosixPath(own).name
        broken = (
            path for path, each in self.sources.items() if each.error and PurePosixPath(path).name == name
        )
        found = [*better, *lost, *home, *rest] or self._ordered(broken, own, prefix)
        return found or self._made(symbol, own, layout)

    def _made(self, symbol: str, own: str, layout: Layout) -> list[str]:
        """Return the layout's own file where it may come to have `symbol` only as it runs."""
        source = self.sources.get(own)
        made = source is not None and source.makes_names and symbol not in layout.lacks
        return [own] if made else []

    def _others(self, symbol: str, own: str) -> Iterator[str]:
        """Yield the other files that define `symbol`; support files are restored, so they cannot hold one.

        A value that is assigned counts where the file that it belongs in is not there by its name.
        """
        support = {layout.support for layout in self.assignment.layouts}
        repeated = {whole_module(name) for name in self.release.cells}
        for path, source in self.sources.items():
            elsewhere = path != own and PurePosixPath(path).name not in repeated
            there = symbol in source.definitions or (own not in self.sources and source.assigns(symbol))
            if elsewhere and there and not self._is_restored(path, support):
                yield path

    def _is_restored(self, path: str, packages: Iterable[str]) -> bool:
        places = (f"/{package}/{name}" for package in packages for name in self.release.support)
        return path in self.release.beside or f"/{path}".endswith(tuple(places))

    def _ordered(self, paths: Iterable[str], own: str, prefix: str) -> list[str]:
        """Order files by how near they are to where the symbol belongs."""
        home = PurePosixPath(own)

        def nearness(path: str) -> tuple[object, ...]:
            here = PurePosixPath(path)
            return (
                not path.startswith(prefix),
                bool(_COPY.search(path.lower())),
                here.parent != home.parent,
                not here.stem.lower().startswith(home.stem),
                path.count("/"),
                path,
            )

        return sorted(paths, key=nearness)


def _flag_copies(search: _Search, layout: Layout, prefix: str) -> Iterator[Flag]:
    finished = {
        each
        for known in search.assignment.layouts
        for each in search.prefixes(known)
        if State.REAL in search.states(known, each)
    }
    others = sorted(finished - {prefix})
    if others:
        listed = ", ".join(f"'{printable(each)}'" for each in others)
        chosen = f"'{printable(prefix)}'" if prefix else "the submission's own folder"
        yield Flag(
            "several_copies", f"answers also lie below {listed}; graded is {chosen} (layout {layout.name})"
        )


def _is_loose(search: _Search, layout: Layout) -> bool:
    """Whether a student handed in one file where one is asked for: whatever it is called, it is where it belongs."""
    return len(search.sources) == 1 == len(layout.answers) and not any(
        "/" in home for home in layout.answers.values()
    )


def _flag_elsewhere(
    holders: Mapping[str, str], layout: Layout, prefix: str, release: ReleaseSource
) -> Iterator[Flag]:
    moved = defaultdict(list)
    for symbol, path in holders.items():
        own = prefix + layout.answers[release.homes[symbol]]
        if path != own:
            moved[path, own].append(symbol)
    for (path, own), symbols in moved.items():
        yield Flag(
            "answer_elsewhere",
            f"{', '.join(symbols)}: taken from {printable(path)} instead of {printable(own)}",
        )


def _flag_twice(found: Mapping[str, list[str]], search: _Search, prefix: str) -> Iterator[Flag]:
    again = defaultdict(list)
    for symbol, (first, *others) in ((symbol, files) for symbol, files in found.items() if files):
        for other in others:
            if other.startswith(prefix) and search.state(other, symbol) is State.REAL:
                again[other, first].append(symbol)
    for (other, first), symbols in again.items():
        yield Flag(
            "defined_twice",
            f"{', '.join(symbols)}: {printable(first)} is graded, {printable(other)} defines it too",
        )


def _flag_absent(holders: Mapping[str, str], layout: Layout) -> Iterator[Flag]:
    absent = [symbol for symbol in layout.lacks if symbol not in holders]
    if absent:
        yield Flag(
            "not_in_layout",
            f"{', '.join(absent)}: not in the submission, nor in every {layout.name} release; left out of the total",
        )


def _flag_broken(holders: Mapping[str, str], sources: Mapping[str, SourceFile]) -> Iterator[Flag]:
    for path in dict.fromkeys(holders.values()):
        if (error := sources[path].error) is not None:
            yield Flag("does_not_parse", f"{printable(path)} does not parse: {error}")
    for path, source in sources.items():
        if source.oddities:
            yield Flag(NOT_WHOLE, f"{printable(path)}: {' '.join(source.oddities[:_MOST_TOLD])}")
