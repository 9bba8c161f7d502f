"""See in the text of an answer that it finds a derivative by trying: what no clock tells where many are tried at once.

What is seen: a difference of two answers of one function of the submission, answers of such a function to unit vectors,
a quotient by a small step that something was moved by, a copy of an input that is moved entry by entry and asked again,
and a step along the imaginary axis. Each is a flag with the line, and takes no points: an honest program may have other
reasons, and who wants to hide it can. What shows in numbers and on clocks is for `grader.instruments` to tell.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
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

_SMALL = 0.01
"""Constants of steps are smaller; what honest programs divide by is a count, a stride or a probability."""

_COPIES = frozenset({"copy", "array", "asarray", "deepcopy", "astype"})
_SHAPES = frozenset({"reshape", "ravel", "flatten", "transpose", "T", "astype", "copy"})
_OF_DICTS = frozenset({"get", "setdefault", "pop", "items", "keys", "values", "update", "copy"})
_ZEROS = frozenset({"zeros", "zeros_like"})
_CHECKS = "numerical_gradient"
"""In the names of what courses hand out for comparing gradients with."""

_Loop = ast.For | ast.While


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
    except (RecursionError, ValueError):  # nested too deeply to be looked at, or to be written
        return ""


class _Places:
    """A definition, with what its temporaries stand for."""

    def __init__(self, node: ast.AST, names: frozenset[str]) -> None:
        self._all = tuple(islice(ast.walk(node), _MOST_STEPS))
        self._names = names
        self._functions = names | frozenset(self._lambdas())
        self._steps = 0
        stored = Counter(
            each.id for each in self._all if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
        )
        self._given = {each.arg for each in self._all if isinstance(each, ast.arg)}
        self._stand_for: dict[str, ast.expr] = {}
        for each in self._all:
            match each:
                case ast.Assign(targets=[ast.Tuple(elts=several), *_], value=ast.Tuple(elts=values)):
                    pairs = [
                        (one.id, value)
                        for one, value in zip(several, values, strict=False)
                        if isinstance(one, ast.Name)
                    ]
                case ast.Assign(targets=[target, *_], value=value):
                    pairs = [(one.id, value) for one in _named_in(target)]
                case _:
                    continue
            self._stand_for |= {name: value for name, value in pairs if stored[name] == 1}

    def found(self) -> Iterator[str]:
        """Give the places that look like it, those first that say most."""
        yield from self._answers()
        yield from self._steps_and_moves()

    def _answers(self) -> Iterator[str]:
        for each in self._all:
            match each:
                case (
                    ast.BinOp(left=left, op=ast.Sub(), right=right)
                    | ast.Call(func=ast.Attribute(attr="subtract" | "sub"), args=[left, right, *_])
                ):
                    if name := self._asked_twice(left, right):
                        yield f"{_shown(each)} (a difference of two answers of {name})"
                case (
                    ast.Compare(left=left, comparators=[right])
                    | ast.Call(
                        func=ast.Attribute(attr="greater" | "less" | "not_equal" | "equal"),
                        args=[left, right, *_],
                    )
                ):
                    name = self._asked_twice(left, right)
                    if name and self._is_moved(name, left, right):
                        yield f"{_shown(each)} (two answers of {name} compared, one of them to something moved)"
                case ast.Call(func=function) if _CHECKS in _name_of(function):
                    yield f"{_shown(each)} (what gradients are compared with)"
                case ast.Call(func=function, args=arguments) if (
                    _name_of(function) in self._names | self._given
                ):
                    called = {_name_of(call.func) for given in arguments for call in self._calls_in(given)}
                    if called & _UNITS or any(map(self._is_written_unit, arguments)):
                        yield f"{_shown(each)} (its answers to unit vectors)"

    def _steps_and_moves(self) -> Iterator[str]:
        moved = frozenset(self._moved_by())
        for each in self._all:
            match each:
                case ast.BinOp(op=ast.Div(), right=step) | ast.AugAssign(op=ast.Div(), value=step):
                    if self._is_step(step, moved):
                        yield f"{_shown(each)} (a quotient by the step that something was moved by)"
                case ast.Constant(value=complex()):
                    yield f"{_shown(each)} (a step along the imaginary axis)"
                case ast.For() | ast.While():
                    if place := self._moved_in(each):
                        yield f"{place} (a copy of an input, moved at a place and asked again)"

    def _asked_twice(self, left: ast.expr, right: ast.expr) -> str:
        """Return a function of the submission with a call on either side; what both are made by is no difference."""
        sides = [self._calls_in(side) for side in (left, right)]
        for name in sorted(self._functions & {_name_of(call.func) for call in sides[0]}):
            mine, theirs = ({call for call in side if _name_of(call.func) == name} for side in sides)
            if mine - theirs and theirs - mine:
                return name
        return ""

    def _is_moved(self, name: str, *sides: ast.expr) -> bool:
        """Whether a function is asked for something and, elsewhere in these values, for it with something added."""
        calls = [call for side in sides for call in self._calls_in(side) if _name_of(call.func) == name]
        plain = {each.id for call in calls for each in call.args if isinstance(each, ast.Name)}
        added = {
            part.id
            for call in calls
            for each in call.args
            if isinstance(each, ast.BinOp) and isinstance(each.op, ast.Add | ast.Sub)
            for part in (each.left, each.right)
            if isinstance(part, ast.Name)
        }
        return not plain.isdisjoint(added)

    def _lambdas(self) -> Iterator[str]:
        """Yield what functions without a name of their own are called, and what others are called besides."""
        for each in self._all:
            match each:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda()):
                    yield name
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Name(id=old)) if old in self._names:
                    yield name

    def _calls_in(self, node: ast.AST) -> set[ast.Call]:
        """Return the calls that a value is made by, through temporaries; each of these is followed once."""
        return {each for each in self._made_by(node) if isinstance(each, ast.Call)}

    def _made_by(self, node: ast.AST) -> Iterator[ast.AST]:
        seen, waiting = set[str](), [node]
        while waiting and self._steps < _MOST_STEPS:
            for each in ast.walk(waiting.pop()):
                self._steps += 1
                yield each
                if isinstance(each, ast.Name) and each.id in self._stand_for and each.id not in seen:
                    seen.add(each.id)
                    waiting.append(self._stand_for[each.id])

    def _moved_by(self) -> Iterator[str]:
        """Yield what is added or subtracted somewhere, also as a multiple: names, and small numbers as texts."""
        for each in self._all:
            match each:
                case ast.BinOp(left=left, op=ast.Add() | ast.Sub(), right=right):
                    yield from (name for side in (left, right) if (name := _step(side)))
                case ast.AugAssign(op=ast.Add() | ast.Sub(), value=value) if name := _step(value):
                    yield name

    def _is_step(self, denominator: ast.expr, moved: Collection[str]) -> bool:
        """Whether something is divided by a small number that is added elsewhere: by itself, or by a multiple."""
        name = _step(denominator)
        if name not in moved:
            return False
        made = self._made_by(self._stand_for[name]) if name in self._stand_for else ast.walk(denominator)
        return any(isinstance(each, float) and 0 < abs(each) < _SMALL for each in map(_number, made))

    def _is_written_unit(self, argument: ast.expr) -> bool:
        """Whether zeros are handed over in which ones were written."""
        name = _bare(argument)
        made = self._stand_for.get(name)
        if not isinstance(made, ast.Call) or _name_of(_innermost(made)) not in _ZEROS:
            return False
        return any(
            isinstance(each, ast.Assign)
            and isinstance(each.value, ast.Constant)
            and each.value.value == 1
            and any(_bare(target) == name for target in each.targets if isinstance(target, ast.Subscript))
            for each in self._all
        )

    def _moved_in(self, loop: _Loop) -> str:
        """Return the first line in a loop that moves an input, or a copy of one, at a place, if it is asked again."""
        inside = tuple(ast.walk(loop))
        for each in inside:
            match each:
                case ast.AugAssign(
                    target=ast.Subscript(value=ast.Name(id=name)), op=ast.Add() | ast.Sub(), value=by
                ):
                    moves = not isinstance(by, ast.Constant) or isinstance(by.value, float)
                case ast.Assign(
                    targets=[ast.Subscript(value=ast.Name(id=name), slice=place)],
                    value=ast.BinOp(op=ast.Add() | ast.Sub()),
                ):
                    moves = not (isinstance(place, ast.Constant) and isinstance(place.value, str))
                case _:
                    continue
            if moves and self._is_input(name) and _is_asked(name, inside):
                return _shown(each)
        return ""

    def _is_input(self, name: str) -> bool:
        """Whether a name is a parameter, unpacked from one, or a copy of such."""
        for _ in range(len(self._stand_for) + 1):
            made = self._stand_for.get(name)
            if isinstance(made, ast.Call):
                if _name_of(made.func) not in _COPIES:
                    return False
                owner = made.func.value if isinstance(made.func, ast.Attribute) else made
                name = _bare(made.args[0] if made.args and _name_of(made.func) != "astype" else owner)
            elif made is not None:
                name = _bare(made)
            else:
                return name in self._given
        return False


def _is_asked(name: str, inside: Iterable[ast.AST]) -> bool:
    """Whether a function is called on the whole of `name`, or a method of what is no dictionary."""
    for each in inside:
        if isinstance(each, ast.Call) and _name_of(each.func) not in _OF_DICTS:
            asked = [*each.args, *([each.func.value] if isinstance(each.func, ast.Attribute) else [])]
            if any(isinstance(one, ast.Name) and one.id == name for one in asked):
                return True
    return False


def _step(node: ast.expr) -> str:
    """Return what a step is called, or its number as a text, behind factors and indices; empty for anything else."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Constant(value=float() as number):
            return f"{number:g}".partition("e")[2]  # 2e-5 and 1e-5 are steps of one size
        case ast.Subscript(value=inner) | ast.UnaryOp(operand=inner):
            return _step(inner)
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return _step(right) or _step(left)
    return ""


def _number(node: ast.AST) -> object:
    """Return the number that stands there, also as a power such as ``2.0 ** -20`` or as a quotient."""
    match node:
        case ast.Constant(value=value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            number = _number(inner)
            return -number if isinstance(number, int | float) else None
        case ast.BinOp(left=left, op=ast.Pow() | ast.Div() as op, right=right):
            first, second = _number(left), _number(right)
            if not (isinstance(first, int | float) and isinstance(second, int | float)):
                return None
            with suppress(ArithmeticError):
                return float(first) ** second if isinstance(op, ast.Pow) else first / second
    return None


def _bare(node: ast.expr) -> str:
    """Return the name of an array behind its shapes and indices."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Call(func=ast.Attribute(value=inner, attr=shape)) if shape in _SHAPES:
            return _bare(inner)
        case ast.Attribute(value=inner, attr=shape) if shape in _SHAPES:
            return _bare(inner)
        case ast.Subscript(value=inner):
            return _bare(inner)
    return ""


def _innermost(call: ast.Call) -> ast.expr:
    """Return the function whose result is only given another shape."""
    match call.func:
        case ast.Attribute(value=ast.Call() as inner, attr=shape) if shape in _SHAPES:
            return _innermost(inner)
    return call.func


def _shown(node: ast.AST) -> str:
    return ast.unparse(node)[:_TEXT]


def _named_in(target: ast.expr) -> list[ast.Name]:
    """Return the names of an assignment: what a tuple is unpacked to stands for all that it is made of."""
    inner = target.elts if isinstance(target, ast.Tuple | ast.List) else [target]
    return [each for each in inner if isinstance(each, ast.Name)]


def _name_of(function: ast.expr) -> str:
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""
