"""Find given code in answers that have to do without it, whatever it is called there.

A program is compared as the words of its syntax tree in their order, names left out and what is named only to be used
once put in its place. How much of a given function stands in an answer is the share of its runs of a few words that
the answer has too, with all that it calls in the submission.
"""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import islice
from typing import Self

from grader.course.assignment import Assignment
from grader.intake.layout import ResolvedLayout, State, state_of
from grader.intake.names import printable
from grader.intake.release import ReleaseSource
from grader.intake.source import SourceFile, read_source, same_module
from grader.results import Flag

ENOUGH = 0.8
"""Share of a given function from which on it stands in an answer; no answer of the bank comes to half of it."""

_RUN = 5
"""Words of a run: fewer are idioms that everybody writes."""

_SMALLEST = 30
"""Runs of a given function that tell anything: shorter ones have one way to be written."""

_MOST_FUNCTIONS = 500
"""Of those that an answer calls, directly or not."""

_TEXT = 6_000
"""Characters of a text that people are shown."""

_SKIPPED = frozenset({"ctx", "type_comment", "decorator_list", "returns", "args", "kind"})
"""Fields that say nothing of what is computed; `args` only of a function, whose parameters are names."""

Function = ast.FunctionDef | ast.AsyncFunctionDef
_Runs = Counter[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Copied:
    """A given function that stands in an answer.

    Attributes
    ----------
    symbol
        The answer.
    given
        The given function, and the file that it is from.
    share
        How much of it stands there.
    original, text
        The given function, and the function of the submission that has the most of it.
    """

    symbol: str
    given: str
    share: float
    original: str
    text: str


def copied_code(
    functions: OwnFunctions, answered: Collection[str], assignment: Assignment, release: ReleaseSource
) -> tuple[Copied, ...]:
    """Return, for each answer that has to do without the fast layers, the function of theirs that stands in it.

    Parameters
    ----------
    answered
        The symbols that the submission has.
    """
    naive = dict.fromkeys(part.symbol for part in assignment.parts if part.naive and part.symbol)
    modules = tuple(
        (name, release.support[name])
        for name in (f"{each}.py" for each in assignment.release.fast)
        if name in release.support
    )
    given = _given(modules)
    if not given:
        return ()
    found = (_copied(symbol, functions, given) for symbol in naive if symbol in answered)
    return tuple(each for each in found if each is not None)


def unread_code(resolved: ResolvedLayout, release: ReleaseSource) -> Iterator[Flag]:
    """Flag the files that do what does not stand in them: what is found by reading is not found there."""
    own = {path: each for path, each in resolved.sources.items() if not is_given(each, release)}
    for path, source in own.items():
        if place := source.runs_text():
            yield Flag("unread_code", f"{printable(path)} runs code that does not stand in it ({place})")
    made = [
        symbol
        for symbol, path in resolved.holders.items()
        if resolved.sources[path].error is None
        and state_of(resolved.sources[path], symbol, release) is State.ABSENT
    ]
    if made:
        yield Flag(
            "unread_code", f"{', '.join(made)}: not in the file that should define it, which may as it runs"
        )


@dataclass(frozen=True, slots=True)
class _Given:
    name: str
    text: str
    runs: _Runs


@cache
def _given(modules: tuple[tuple[str, bytes], ...]) -> tuple[_Given, ...]:
    """Return the given functions that are long enough to be recognised; made once in a process."""
    return tuple(
        _Given(f"{name} of {file}", ast.unparse(node), runs)
        for file, data in modules
        for name, node in read_source(file, data).definitions.items()
        if isinstance(node, Function) and (runs := runs_of(node)).total() >= _SMALLEST
    )


class OwnFunctions:
    """The functions of a submission by all names that they have, in whichever file."""

    def __init__(self, sources: Iterable[SourceFile]) -> None:
        self._functions: dict[str, list[ast.AST]] = defaultdict(list)
        self._others: dict[str, set[str]] = defaultdict(set)
        self._runs: dict[ast.AST, _Runs] = {}
        self._mentioned: dict[ast.AST, tuple[str, ...]] = {}
        for source in sources:
            for name, node in source.definitions.items():
                self._functions[name].append(node)
            for statement in source.body:
                for new, old in _renamings(statement):
                    self._others[new].add(old)
                for name in _of_lambdas(statement):
                    self._functions[name].append(statement)

    @classmethod
    def of(cls, resolved: ResolvedLayout, release: ReleaseSource) -> Self:
        """Look at a submission's files but for those that came back as they were handed out.

        Those are the release's, which answers cannot reach.
        """
        return cls(each for each in resolved.sources.values() if not is_given(each, release))

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of all functions, those in classes and other functions included."""
        tops = (node for nodes in self._functions.values() for node in nodes)
        return frozenset(node.name for top in tops for node in ast.walk(top) if isinstance(node, Function))

    def runs(self, node: ast.AST) -> _Runs:
        """Return the runs of a function; none of one that is nested deeper than anything given."""
        if node not in self._runs:
            try:
                self._runs[node] = runs_of(node)
            except RecursionError:
                self._runs[node] = Counter()
        return self._runs[node]

    def reached_from(self, symbol: str) -> Iterator[ast.AST]:
        """Give an answer and all that it names, and so on; names are followed wherever they are defined."""
        waiting, seen = [symbol], set[str]()
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            waiting.extend(self._others[name])
            for node in self._functions[name]:
                yield node
                waiting.extend(self._names_in(node))

    def _names_in(self, node: ast.AST) -> tuple[str, ...]:
        """Return what a function mentions; several answers reach the same."""
        if node not in self._mentioned:
            self._mentioned[node] = tuple(_names_in(node))
        return self._mentioned[node]


def is_given(source: SourceFile, release: ReleaseSource) -> bool:
    """Say whether a file came back as it was handed out."""
    return any(same_module(source, each) for each in release.sources.values())


def _renamings(statement: ast.stmt) -> Iterator[tuple[str, str]]:
    """Give each new name of something at the top of a file, and the name that it had."""
    match statement:
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            yield from ((each.asname, each.name) for each in names if each.asname)
        case ast.Assign(targets=targets, value=value):
            # Also what a class is given later, and what something is made of that an answer is called.
            owners = [
                each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)
            ]
            yield from ((owner, old) for owner in owners for old in _names_in(value))


def _of_lambdas(statement: ast.stmt) -> Iterator[str]:
    """Give the names at the top of a file for which an expression stands that holds a function."""
    match statement:
        case ast.Assign(targets=targets, value=value) if any(
            isinstance(n, ast.Lambda) for n in ast.walk(value)
        ):
            yield from (each.id for each in targets if isinstance(each, ast.Name))


def _names_in(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Name):
            yield each.id
        elif isinstance(each, ast.Attribute):
            yield each.attr


def _copied(symbol: str, functions: OwnFunctions, given: Iterable[_Given]) -> Copied | None:
    reached = list(islice(functions.reached_from(symbol), _MOST_FUNCTIONS))
    each_has = [(node, functions.runs(node)) for node in reached]
    together: _Runs = Counter()
    for _, runs in each_has:
        together.update(runs)
    share, most = max(((_share(each.runs, together), each) for each in given), key=lambda pair: pair[0])
    if share < ENOUGH:
        return None
    there, _ = max(each_has, key=lambda pair: _share(most.runs, pair[1]))
    return Copied(symbol, most.name, share, most.text[:_TEXT], ast.unparse(there)[:_TEXT])


def _share(given: _Runs, there: _Runs) -> float:
    return (given & there).total() / given.total()


def runs_of(node: ast.AST) -> _Runs:
    """Return how often each run of words occurs in what a function or class does."""
    words = list(_Words(node).words())
    return Counter(zip(*(words[start:] for start in range(_RUN)), strict=False))


class _Words:
    """The words of a definition, its temporaries in their places."""

    def __init__(self, node: ast.AST) -> None:
        self._node = node
        uses: Mapping[bool, Counter[str]] = {True: Counter(), False: Counter()}
        for each in ast.walk(node):
            if isinstance(each, ast.Name):
                uses[isinstance(each.ctx, ast.Load)][each.id] += 1
            elif isinstance(each, ast.arg):
                uses[False][each.arg] += 1
        self._once = {name for name, count in uses[True].items() if count == uses[False][name] == 1}
        self._kept: dict[str, ast.expr] = {}

    def words(self) -> Iterator[str]:
        body: list[ast.stmt] = getattr(self._node, "body", [])
        for statement in body[1:] if _is_docstring(body) else body:
            yield from self._of(statement)

    def _of(self, node: ast.AST) -> Iterator[str]:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in self._once:
                self._kept[name] = value
            case ast.Name(id=name) if name in self._kept:
                yield from self._of(self._kept.pop(name))
            case ast.Name():
                yield "name"
            case ast.Constant(value=value):
                yield "text" if isinstance(value, str) else repr(value)
            case ast.Attribute(value=value, attr=name):
                yield from self._of(value)
                yield name
            case _:
                yield type(node).__name__
                for each in _inner(node):
                    yield from self._of(each)


def _is_docstring(body: list[ast.stmt]) -> bool:
    return bool(body) and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)


def _inner(node: ast.AST) -> Iterator[ast.AST]:
    """Give what a node is made of, without what says nothing of what is computed."""
    is_call = isinstance(node, ast.Call)
    for field, value in ast.iter_fields(node):
        if field not in _SKIPPED or (field == "args" and is_call):
            yield from (
                each for each in (value if isinstance(value, list) else [value]) if isinstance(each, ast.AST)
            )
