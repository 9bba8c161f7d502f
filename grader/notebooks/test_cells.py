"""Compile the tests of a part to byte code, and say which names they use and assign."""

from __future__ import annotations

import ast
import builtins
import marshal
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from grader.course.assignment import AssignmentError, Part
from grader.course.inside import FOLDER, InsideTest, weights
from grader.intake.notebooks import Cell, cell_python
from grader.notebooks.merge import is_answer
from grader.sandbox.box.inside import TEST

_LINE_CHARACTERS = 200

# What these say depends on where they are called.
_NOT_REPLACED = frozenset({"super", "locals", "globals", "vars", "dir", "eval", "exec"})


@dataclass(frozen=True)
class TestCell:
    """A test, compiled.

    Attributes
    ----------
    body, last
        Byte code of its statements and of its last expression; that is empty where it ends with a statement.
    used, bound
        Names of the notebook, and of no answer, that it uses, and names that it assigns.
    modules
        Modules that it uses.
    shown
        Numbers of its lines that students have in the released cell.
    answers
        Ids of the answer cells whose names it uses.
    """

    part: Part
    test: InsideTest
    weight: float
    body: bytes
    last: bytes
    used: tuple[str, ...]
    bound: tuple[str, ...]
    modules: tuple[str, ...] = ()
    shown: frozenset[int] = frozenset()
    answers: frozenset[str] = frozenset()

    @property
    def id(self) -> str:
        """The check's name."""
        return f"{self.part.id}:{self.test.name}"

    def line(self, number: object) -> str:
        """Return a line of this side's copy."""
        lines = self.test.source.splitlines()
        at = number if isinstance(number, int) and 0 < number <= len(lines) else 0
        return lines[at - 1].strip()[:_LINE_CHARACTERS] if at else ""


class _OwnBuiltins(ast.NodeTransformer):
    """Has what a test calls by a name of Python's be Python's."""

    def __init__(self, names: frozenset[str]) -> None:
        self._names = names

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Take the name from the module of builtins."""
        if node.id not in self._names or not isinstance(node.ctx, ast.Load):
            return node
        where = ast.copy_location(ast.Name("__builtins__", ast.Load()), node)
        return ast.copy_location(ast.Attribute(where, node.id, ast.Load()), node)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a test finds in its notebook.

    Attributes
    ----------
    assigned
        Names that the released or the solved notebook assigns: those are the notebook's also where Python has them.
    answers
        Names that answers assign, which are for each student to say, and the cell of each.
    imports
        Names that given cells import, and the module that each comes from or is.
    texts
        What students have of each released cell, by its id.
    """

    assigned: frozenset[str]
    answers: Mapping[str, str]
    imports: Mapping[str, str]
    texts: Mapping[str, str]

    @classmethod
    def of(cls, released: Sequence[Cell], solved: Sequence[Cell]) -> Self:
        """Look at the notebook as students receive it, and solved."""
        given = [each for each in released if not is_answer(each)]
        ids = {each.id for each in given}
        imports = {
            name: module for each in given if each.kind == "code" for name, module in _imports(_tree(each))
        }
        answers = {name: each.id for each in solved if each.id not in ids for name in names_of([each])}
        texts = {each.id: each.source for each in released}
        return cls(names_of([*released, *solved]), answers, imports, texts)


def test_cells(part: Part, tests: Sequence[InsideTest], surroundings: Surroundings) -> tuple[TestCell, ...]:
    """Compile the tests of a part.

    Raises
    ------
    AssignmentError
        A test is no Python.
    """
    try:
        return tuple(
            _compiled(part, test, weight, surroundings)
            for test, weight in zip(tests, weights(tests), strict=True)
        )
    except (SyntaxError, ValueError) as error:
        raise AssignmentError(f"{FOLDER}/{part.id}.py: a test is no Python: {error}") from error


def _compiled(part: Part, test: InsideTest, weight: float, around: Surroundings) -> TestCell:
    tree = ast.parse(cell_python(test.source), TEST)
    bound = assigned(tree)
    loaded = {each.id for each in ast.walk(tree) if isinstance(each, ast.Name)}
    own = frozenset(dir(builtins)) - around.assigned - _anywhere(tree) - _NOT_REPLACED
    modules = {
        *dict(_imports(tree)).values(),
        *(around.imports[name] for name in loaded & around.imports.keys()),
    }
    tree = ast.fix_missing_locations(_OwnBuiltins(own).visit(tree))
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    body = compile(tree, TEST, "exec", dont_inherit=True)
    ending = compile(ast.Expression(last.value), TEST, "eval", dont_inherit=True) if last else None
    return TestCell(
        part=part,
        test=test,
        weight=weight,
        body=marshal.dumps(body),
        last=marshal.dumps(ending) if ending else b"",
        used=tuple(sorted(loaded - own - bound - around.answers.keys())),
        bound=tuple(sorted(bound)),
        modules=tuple(sorted(modules)),
        shown=_shown(test.source, around.texts.get(part.cell, "")),
        answers=frozenset(around.answers[name] for name in loaded & around.answers.keys()),
    )


def _shown(source: str, released: str) -> frozenset[int]:
    """Return the numbers of the lines of a test that its released cell is made of; none where it has others."""
    left = [line.strip() for line in released.splitlines() if line.strip()]
    found = []
    for number, line in enumerate(source.splitlines(), 1):
        if left and line.strip() == left[0]:
            found.append(number)
            left.pop(0)
    return frozenset() if left else frozenset(found)


def _anywhere(tree: ast.AST) -> frozenset[str]:
    """Return every name that a test gives a meaning of its own, also within its functions and loops."""
    names = {
        each.id for each in ast.walk(tree) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
    }
    return assigned(tree) | names | {each.arg for each in ast.walk(tree) if isinstance(each, ast.arg)}


def _imports(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Give each name that is imported, and the module that it is or comes from."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from ((each.asname or each.name.partition(".")[0], each.name) for each in names)
            case ast.ImportFrom(module=str(module), names=names, level=0):
                yield from ((each.asname or each.name, module) for each in names)


def assigned(tree: ast.AST) -> frozenset[str]:
    """Return the names that a cell assigns, imports or defines for those after it."""
    return frozenset(_assigned(tree))


def _assigned(tree: ast.AST) -> Iterator[str]:
    for node in ast.iter_child_nodes(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name
                continue
            case ast.Lambda() | ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                continue
            case ast.alias():
                yield (node.asname or node.name).partition(".")[0]
            case ast.Name(ctx=ast.Store()):
                yield node.id
            case ast.ExceptHandler(name=str(name)):
                yield name
        yield from _assigned(node)


def names_of(cells: Sequence[Cell]) -> frozenset[str]:
    """Return the names that the code of some cells assigns; a cell that is no Python counts for nothing."""
    return frozenset[str]().union(*(assigned(_tree(cell)) for cell in cells if cell.kind == "code"))


def _tree(cell: Cell) -> ast.AST:
    try:
        return ast.parse(cell_python(cell.source))
    except (SyntaxError, ValueError, RecursionError):
        return ast.Module([], [])
