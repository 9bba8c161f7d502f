"""Make modules of the cells of a notebook: of what its answers use, or of all that it runs."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from grader.intake.mended import look_past_damage
from grader.intake.notebooks import MOST_CODE, Cell, CellPython, Notebook
from grader.intake.source import Node, SourceFile, read_source
from grader.sandbox.box.uses import bound, needed, used

PARSES = "does not parse"
TEXT = "cell {number} is text and not code"
CUT = "only the beginning of cell {number} could be read"
CAPPED = "cell {number} comes after more code than is looked at"
BROKEN = f"cell {{number}} {PARSES} ({{error}})"

PASSED_OVER = frozenset({"slow", "data"})
"""Tags of cells that take minutes, or need a data set: no value of a notebook is to depend on them."""

STOPPED = "_stopped"
"""In the module of a whole notebook: the numbers of the cells that did not come to their end."""

_HEAD = f"""{STOPPED} = []


def display(*values):
    pass
"""


@dataclass(frozen=True, slots=True)
class Code:
    """The code of one notebook, as far as it may be looked at.

    Attributes
    ----------
    module
        The answers that were looked for, after all that they use.
    size
        Characters that were parsed.
    unread
        The sources that are not in `module`, each with the reason.
    """

    module: SourceFile
    size: int
    unread: tuple[tuple[str, str], ...]


def answers_of(path: str, notebook: Notebook, most: int, python: CellPython, wanted: Collection[str]) -> Code:
    """Look at the code of a notebook for `wanted`; a cell that cannot be looked at costs itself alone."""
    texts: dict[ast.stmt, str] = {}
    unread: list[tuple[str, str]] = []
    size = lines = 0
    for number, cell in enumerate(notebook.cells, 1):
        reason = _unreadable(cell, most - size)
        if not reason:
            size += len(cell.source)
            code = python.of(cell.source)
            found, reason = _statements(code, wanted)
            for each, text in found.items():
                texts[ast.increment_lineno(each, lines)] = text
            lines += code.count("\n") + 1
        if reason:
            unread.append((cell.source, reason.format(number=number)))
    # A demonstration is not part of the answer. The answers come last: what a later cell imports must not win.
    kept = sorted(needed(texts, wanted), key=lambda each: not bound(each).isdisjoint(wanted))
    module = "\n\n".join(texts[each] for each in kept)
    return Code(read_source(path, module.encode("utf-8", "replace")), size, tuple(unread))


def lines_in(module: str, source: str, python: CellPython) -> dict[int, int]:
    """Return which lines of a module were made of which lines of a cell: comments and blank lines went on the way."""
    found: dict[int, int] = {}
    for statement, text in _statements(python.of(source), ())[0].items() if module else ():
        start = f"\n{module}\n".find(f"\n{text}\n")
        if start < 0:
            continue
        before = module.count("\n", 0, start)
        for made, own in zip(ast.walk(ast.parse(text)), ast.walk(ast.Module([statement], [])), strict=False):
            if type(made) is not type(own):
                break
            if isinstance(made, ast.stmt | ast.expr) and isinstance(own, ast.stmt | ast.expr):
                found.setdefault(before + made.lineno, own.lineno)
    return found


def whole(cells: Iterable[Cell], python: CellPython, *, strict: bool = False) -> str:
    """Return a module that does what running all cells does, but for what shows things.

    What it imports comes first, so that a missing library is found before anything is computed. Where a cell fails the
    next one goes on, as in a notebook, unless all of it must be right and no IPython is needed for it.
    """
    imports: list[ast.stmt] = []
    rest: list[ast.stmt] = []
    size = 0
    for number, cell in enumerate(cells, 1):
        if _unreadable(cell, MOST_CODE - size) or PASSED_OVER & set(cell.tags):
            continue
        size += len(cell.source)
        statements = [_WithoutShell().visit(each) for each in _statements(python.of(cell.source), ())[0]]
        imports += (each for each in statements if isinstance(each, ast.Import | ast.ImportFrom))
        others = [each for each in statements if not isinstance(each, ast.Import | ast.ImportFrom)]
        rest += others if strict and not asks_ipython(others) else _guarded(others, number)
    head = ast.parse(_HEAD).body
    module = ast.Module([*imports, *head, *rest], [])
    return ast.unparse(ast.fix_missing_locations(module)) + "\n"


def asks_ipython(statements: Iterable[ast.stmt]) -> bool:
    """Whether statements use what IPython answers, as ``t = %timeit -o f()``: a module cannot run them."""
    nodes = (node for each in statements for node in ast.walk(_WithoutShell().visit(each)))
    return any(isinstance(node, ast.Name) and node.id == "get_ipython" for node in nodes)


def _guarded(statements: Iterable[ast.stmt], number: int) -> Iterator[ast.stmt]:
    """Put what is no definition of a cell into a ``try``, so that what fails there ends the cell alone."""
    handler = ast.parse(f"try:\n    pass\nexcept Exception:\n    {STOPPED}.append({number})").body[0]
    assert isinstance(handler, ast.Try)  # noqa: S101  # it was just parsed
    group: list[ast.stmt] = []
    for each in (*statements, None):
        if each is not None and not isinstance(each, Node):
            group.append(each)
            continue
        if group:
            yield ast.Try(group, handler.handlers, [], [])
        group = []
        if each is not None:
            yield each


def _statements(code: str, wanted: Collection[str]) -> tuple[dict[ast.stmt, str], str]:
    """Return the statements of a cell with their texts, and why some of it could not be read."""
    source = read_source("", code.encode("utf-8", "replace"))
    if source.error and any(name in code for name in wanted):
        source = look_past_damage(source)
    broken = source.error or next(iter(source.lost.values()), "")
    found: dict[ast.stmt, str] = {}
    for each in source.body:
        if isinstance(each, Node) and each.name in source.lost:
            continue
        try:
            used(each)
            found[each] = ast.unparse(_WithoutShell().visit(each))
        except (
            SyntaxError,
            ValueError,
            RecursionError,
            MemoryError,
        ):  # Python cannot write all that it reads
            broken = broken or "it is nested too deeply"
    return found, BROKEN.replace("{error}", broken.replace("{", "{{").replace("}", "}}")) if broken else ""


def _unreadable(cell: Cell, left: int) -> str:
    """Return why a cell is not looked at, if so."""
    if cell.kind != "code":
        return TEXT
    if not cell.whole:
        return CUT
    return CAPPED if len(cell.source) > left else ""


class _WithoutShell(ast.NodeTransformer):
    """Takes out the magics and shell lines within functions: in a module there is no IPython."""

    def visit_Expr(self, node: ast.Expr) -> ast.stmt:  # ast names it
        match node.value:
            case ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="get_ipython")))):
                return ast.Pass()
        return node
