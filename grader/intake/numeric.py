"""See in the text of an answer that it finds a derivative by trying: what no clock tells where many are tried at once.

Two ways are seen: a difference of two answers of one function of the submission, and answers of such a function to the
unit vectors. Either is a flag with the line, and takes no points: an honest program may have other reasons, and who
wants to hide it can. What shows in numbers and on clocks is for `grader.instruments` to tell.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from grader.course.assignment import Assignment
from grader.intake.given_code import OwnFunctions
from grader.results import Flag

LOOKS_NUMERIC = "looks_numeric"
"""Kind of the flags."""

_UNITS = frozenset({"eye", "identity"})
_MOST_FUNCTIONS = 200
_MOST_STEPS = 100_000
"""Nodes of a definition that are looked at, those of temporaries each time anew; of what is longer only a part is."""

_TEXT = 160


def numeric_answers(functions: OwnFunctions, assignment: Assignment) -> Iterator[Flag]:
    """Flag the answers that look as if they tried a derivative out."""
    seen = set[ast.AST]()  # one that several answers use is told of once
    for symbol in dict.fromkeys(part.symbol for part in assignment.parts if part.symbol):
        for node in islice(functions.reached_from(symbol), _MOST_FUNCTIONS):
            found = None if node in seen else _found(node, functions.names)
            seen.add(node)
            if found:
                yield Flag(LOOKS_NUMERIC, f"{symbol} looks as if it found a derivative by trying: {found}")


def _found(node: ast.AST, names: frozenset[str]) -> str:
    """Return the first place that looks like it; empty where none does."""
    try:
        return next(_Places(node, names).found(), "")
    except RecursionError:
        return ""


class _Places:
    """A definition, with what its temporaries stand for."""

    def __init__(self, node: ast.AST, names: frozenset[str]) -> None:
        self._node, self._names = node, names
        self._steps = 0
        stored = Counter(
            each.id
            for each in ast.walk(node)
            if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
        )
        self._stand_for = {
            target.id: each.value
            for each in ast.walk(node)
            if isinstance(each, ast.Assign)
            for target in _named_in(each.targets[0])
            if stored[target.id] == 1
        }

    def found(self) -> Iterator[str]:
        for each in ast.walk(self._node):
            match each:
                case ast.BinOp(left=left, op=ast.Sub(), right=right):
                    if name := self._asked_twice(left, right):
                        yield f"{ast.unparse(each)[:_TEXT]} (a difference of two answers of {name})"
                case ast.Call(func=function, args=arguments) if _name_of(function) in self._names:
                    called = {_name_of(call.func) for given in arguments for call in self._calls_in(given)}
                    if called & _UNITS:
                        yield f"{ast.unparse(each)[:_TEXT]} (its answers to unit vectors)"

    def _asked_twice(self, left: ast.expr, right: ast.expr) -> str:
        """Return a function of the submission with a call on either side; what both are made by is no difference."""
        sides = [self._calls_in(side) for side in (left, right)]
        for name in sorted(self._names & {_name_of(call.func) for call in sides[0]}):
            mine, theirs = ({call for call in side if _name_of(call.func) == name} for side in sides)
            if mine - theirs and theirs - mine:
                return name
        return ""

    def _calls_in(self, node: ast.AST) -> set[ast.Call]:
        """Return the calls that a value is made by, through temporaries; each of these is followed once."""
        found, seen, waiting = set[ast.Call](), set[str](), [node]
        while waiting and self._steps < _MOST_STEPS:
            for each in ast.walk(waiting.pop()):
                self._steps += 1
                if isinstance(each, ast.Call):
                    found.add(each)
                elif isinstance(each, ast.Name) and each.id in self._stand_for and each.id not in seen:
                    seen.add(each.id)
                    waiting.append(self._stand_for[each.id])
        return found


def _named_in(target: ast.expr) -> list[ast.Name]:
    """Return the names of an assignment: what a tuple is unpacked to stands for all that it is made of."""
    inner = target.elts if isinstance(target, ast.Tuple | ast.List) else [target]
    return [each for each in inner if isinstance(each, ast.Name)]


def _name_of(function: ast.expr) -> str:
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""
