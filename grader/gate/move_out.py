"""Write tests that are judged inside as checks that are judged outside, where their text says that this can be done.

A test's lines stay as they are. The names that it uses of the answers are bound to the student's, as plain values; what
the notebook gives, to the reference's. Whether it then judges as before is for the gate to find out.
"""

from __future__ import annotations

import ast
import builtins
import json
import re
import symtable
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from grader.course.assignment import Assignment, Part, PartKind
from grader.course.inside import InsideTest, weights
from grader.intake.cells import asks_ipython
from grader.intake.notebooks import Cell, cell_python
from grader.notebooks.test_cells import assigned

HIDDEN_FILE, SHOWN_FILE = "test_cells.py", "test_shown_cells.py"
"""Of the checks: tests that students do not see, and those that stand in their notebook."""

_OF_INSIDE = frozenset({"get_ipython", "globals", "locals", "vars", "exec", "eval", "input", "__file__"})
_SEEDS = re.compile(r"\bseed\s*\(|\brandom\b")
_DEFINITION = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_HEAD = {
    HIDDEN_FILE: '"""Test cells that students do not see, judged outside of the box."""\n',
    SHOWN_FILE: "# public: in the notebook\n"
    '"""Test cells that stand in the students\' notebook, judged outside of the box."""\n',
}
_IMPORTS = "\nfrom grader.checking import part\nfrom grader.checking.cells import judged, plain\n"


class Stays(Exception):
    """A test that cannot move; the message says why."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A part as it is when its tests are judged outside.

    Attributes
    ----------
    kind, symbol
        What the part asks for.
    checks
        The text of each of its checks, and whether students see the test.
    """

    part: str
    notebook: str
    kind: PartKind
    symbol: str
    checks: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class NotebookNames:
    """What a notebook's names are to a test.

    Attributes
    ----------
    answers
        NotebookNames that answers assign, and given cells that use these: the student's own.
    functions
        Those that are functions and classes of it, and nothing else.
    given
        NotebookNames that all other cells assign.
    used
        What each cell uses, by its id.
    shown
        What students see of a test's cell, by its id.
    magic
        The cell that assigns a name and needs IPython, by the name: outside there is none.
    """

    answers: frozenset[str]
    functions: frozenset[str]
    given: frozenset[str]
    used: Mapping[str, frozenset[str]]
    shown: Mapping[str, str]
    magic: Mapping[str, str]

    @classmethod
    def of(cls, cells: Sequence[Cell], answer_ids: frozenset[str], shown: Mapping[str, str]) -> NotebookNames:
        """Look at the solved notebook, of which some cells are answers and others stand for tests."""
        trees = {
            each.id: tree_of(each.source) for each in cells if each.kind == "code" and each.id not in shown
        }
        bound = {id: assigned(tree) for id, tree in trees.items()}
        used = {id: _free(tree) for id, tree in trees.items()}
        own = {name for id in answer_ids & trees.keys() for name in bound[id] - _imported(trees[id])}
        while (
            more := {name for id in trees if used[id] & own for name in bound[id] - _imported(trees[id])}
            - own
        ):
            own |= more
        defined = {name for tree in trees.values() for name in _defined(tree)}
        otherwise = {name for tree in trees.values() for name in assigned(_without_definitions(tree))}
        given = {name for names in bound.values() for name in names} - own
        magic = {
            name: id
            for id, tree in trees.items()
            if asks_ipython(tree.body)
            for name in bound[id] - _defined(tree)
        }
        return cls(frozenset(own), frozenset(own & defined - otherwise), frozenset(given), used, shown, magic)


def move_out(
    assignment: Assignment, tests: Mapping[str, Sequence[InsideTest]], names: Mapping[str, NotebookNames]
) -> tuple[tuple[Moved, ...], Mapping[str, str]]:
    """Return the parts whose tests can move as far as their texts say, and why the others stay.

    Parameters
    ----------
    tests, names
        By the part's id; by the notebook's name.
    """
    moved, stay = [], {}
    for part in assignment.inside:
        around = [each.source for other, every in tests.items() if other != part.id for each in every]
        try:
            moved.append(_moved(part, tests[part.id], names[part.notebook], around))
        except Stays as reason:
            stay[part.id] = str(reason)
        drawn = any(_SEEDS.search(each.source) for each in tests[part.id])
        if assignment.notebooks.seed and drawn and part.id not in stay:
            stay[part.id] = "it draws random numbers, which are seeded in the notebook"
    return tuple(each for each in moved if each.part not in stay), stay


def _moved(part: Part, tests: Sequence[InsideTest], names: NotebookNames, around: Sequence[str]) -> Moved:
    shown = names.shown.get(part.cell, "")
    bodies = [_marked(_body(test), shown) if test.hidden else _body(test) for test in tests]
    trees = [tree_of(cell_python(test.source)) for test in tests]
    wanted = [_wanted(tree, names) for tree in trees]
    if part.carries:
        bound = frozenset[str]().union(*(assigned(tree) - (_imported(tree) & names.given) for tree in trees))
        beside = frozenset[str]().union(*names.used.values(), *(_free(tree_of(each)) for each in around))
        if bound & beside:
            raise Stays(f"it assigns {', '.join(sorted(bound & beside))}, which others use")
    answers = list(dict.fromkeys(name for each in wanted for name in each[0]))
    if not answers:
        raise Stays("it asks for nothing that students write")
    one = len(answers) == 1 and answers[0] in names.functions
    symbol = answers[0]
    return Moved(
        part.id,
        part.notebook,
        PartKind.FUNCTION if one else PartKind.VARIABLE,
        symbol,
        tuple(
            (_check(part, test, weight, body, each, symbol, len(tests)), not test.hidden)
            for test, weight, body, each in zip(tests, weights(tests), bodies, wanted, strict=True)
        ),
    )


def _wanted(tree: ast.Module, names: NotebookNames) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return which names a test uses of the answers, in their order, and which of what is given."""
    free = _free(tree)
    order = [each.id for each in ast.walk(tree) if isinstance(each, ast.Name)]
    answers = tuple(dict.fromkeys(name for name in order if name in free & names.answers))
    given = tuple(sorted(name for name in free & names.given - names.answers))
    if lost := [name for name in (*answers, *given) if name in names.magic]:
        raise Stays(
            f"{lost[0]} comes from cell {names.magic[lost[0]]}, which uses a magic of IPython; outside there is none"
        )
    unknown = free - names.answers - names.given - vars(builtins).keys()
    outside = (unknown | free) & _OF_INSIDE | unknown
    hidden = {name for name in given if name.startswith("_")}
    if outside | hidden:
        raise Stays(f"it uses {', '.join(sorted(outside | hidden))}")
    return answers, given


def _body(test: InsideTest) -> str:
    """Return the lines of a check that stand for a test's."""
    source = cell_python(test.source)
    tree = tree_of(source)
    if any(isinstance(each, ast.ImportFrom) and each.names[0].name == "*" for each in ast.walk(tree)):
        raise Stays("it imports a module's every name")
    last = tree.body[-1] if tree.body else None
    if test.output is not None and isinstance(last, ast.Expr):
        shown = ast.parse(f"shows({ast.unparse(last.value)})").body
        return ast.unparse(ast.Module([*tree.body[:-1], *shown], []))
    if test.output is not None:
        pass
    elif isinstance(last, ast.Expr) and not _demands(last.value, tree):
        raise Stays("its last value may be points")
    long_texts = any(
        isinstance(each, ast.Constant | ast.JoinedStr) and each.end_lineno != each.lineno
        for each in ast.walk(ast.Module(tree.body[ast.get_docstring(tree) is not None :], []))
    )
    if ast.get_docstring(tree) is not None and len(tree.body) > 1:  # it is the check's
        source = "\n".join(source.splitlines()[tree.body[0].end_lineno :])
        tree.body.pop(0)
    return ast.unparse(tree) if long_texts else source


def _marked(body: str, shown: str) -> str:
    """Return the lines of a hidden test; of what students see of it, each statement says so."""
    public = {ast.dump(each) for each in tree_of(shown).body}
    lines = body.splitlines()
    for each in tree_of(body).body:
        if ast.dump(each) in public:
            lines[(each.end_lineno or each.lineno) - 1] += "  # public: in the notebook"
    return "\n".join(lines)


def _demands(last: ast.expr, tree: ast.Module) -> bool:
    """Say whether a last value is a text, or the call of what raises where something is wrong."""
    if isinstance(last, ast.Constant):
        return not isinstance(last.value, int | float)
    if not isinstance(last, ast.Call):
        return False
    name = last.func.attr if isinstance(last.func, ast.Attribute) else getattr(last.func, "id", "")
    silent = {
        each.name
        for each in tree.body
        if isinstance(each, ast.FunctionDef)
        and not any(isinstance(inner, ast.Return) and inner.value for inner in ast.walk(each))
    }
    return name in silent or name.startswith(("assert", "eq_", "ok_", "print", "display"))


def _check(
    part: Part,
    test: InsideTest,
    weight: float,
    body: str,
    wanted: tuple[tuple[str, ...], tuple[str, ...]],
    symbol: str,
    together: int,
) -> str:
    """Return the text of a check."""
    answers, given = wanted
    title = f"{part.title}: {test.name}" if together > 1 else part.title
    share = f", weight={weight:g}" if together > 1 and weight != 1 else ""
    told = [
        *(["hidden=True"] if test.hidden else []),
        *([f"failure={json.dumps(test.failure)}"] if test.failure else []),
        *([f"output={json.dumps(test.output)}"] if test.output is not None else []),
    ]
    bound = [
        f"    {name} = plain(student.{name})"
        if name == symbol
        else f"    {name} = plain(student.sibling({json.dumps(symbol)}, {json.dumps(name)}))"
        for name in answers
    ]
    bound += [f"    {name} = plain(reference.{name})" for name in given]
    doc = title.replace("\\", "\\\\").replace('"', "'").replace("{", "{{").replace("}", "}}")
    return "\n".join(
        (
            f"@part({json.dumps(part.id)}{share})",
            f"def test_{_identifier(part.id, test.name if together > 1 else '')}(student, reference):",
            f'    """{doc}"""',
            *bound,
            f"    with judged({', '.join(told)}){' as shows' if test.output is not None else ''}:",
            textwrap.indent(body.strip("\n") or "pass", " " * 8),
        )
    )


def _identifier(*words: str) -> str:
    return re.sub(r"\W+", "_", "_".join(filter(None, words))).strip("_").lower()


def checks_text(file: str, checks: Sequence[str], before: str = "") -> str:
    """Return the file of checks that holds these, behind what stood in it before."""
    return "\n\n".join(
        (before.rstrip("\n") + "\n" if before else _HEAD[file] + _IMPORTS, *(f"{each}\n" for each in checks))
    )


def described_anew(text: str, moved: Sequence[Moved]) -> str:
    """Return the text of assignment.toml with these parts moved, and their notebooks among the answers."""
    by_id = {each.part: each for each in moved}
    blocks = re.split(r"(?m)^(?=\[)", text)
    return "".join(_described(block, by_id) for block in blocks)


def _described(block: str, moved: Mapping[str, Moved]) -> str:
    if block.startswith("[release]"):
        return _with_answers(block, sorted({each.notebook for each in moved.values()}))
    name = re.search(r'(?m)^id\s*=\s*"([^"]*)"', block)
    part = moved.get(name[1]) if block.startswith("[[parts]]") and name else None
    if part is None:
        return block
    block = re.sub(r"(?m)^(?:carries|notebook|cell)\s*=.*\n", "", block)
    said = f'kind = "{part.kind.value}"\nsymbol = "{part.symbol}"'
    return re.sub(r"(?m)^kind\s*=.*$", said, block)


def _with_answers(block: str, notebooks: Sequence[str]) -> str:
    """Return the table of the release with more notebooks among the answers."""
    for name in notebooks:
        found = re.search(r"(?m)^answers\s*=\s*\[(.*?)\]", block, re.DOTALL)
        listed = ", ".join(filter(None, ((found[1].strip().rstrip(",") if found else ""), f'"{name}"')))
        line = f"answers = [{listed}]"
        if found and f'"{name}"' not in found[1]:
            block = block[: found.start()] + line + block[found.end() :]
        elif not found:
            block = block.replace("[release]\n", f"[release]\n{line}\n", 1)
    return block


def tree_of(source: str) -> ast.Module:
    """Return what a cell says; nothing where it does not parse."""
    try:
        return ast.parse(cell_python(source))
    except (SyntaxError, ValueError, RecursionError):
        return ast.Module([], [])


def _free(tree: ast.Module) -> frozenset[str]:
    """Return the names that a cell uses and does not assign."""
    if not tree.body:
        return frozenset()
    try:
        table = symtable.symtable(_in_function(tree), "cell", "exec").get_children()[0]
    except SyntaxError:  # what no function may hold
        return frozenset(each.id for each in ast.walk(tree) if isinstance(each, ast.Name))
    return frozenset(_globals(table))


def _in_function(tree: ast.Module) -> str:
    return f"def cell():\n{textwrap.indent(ast.unparse(tree), ' ')}"


def _globals(table: symtable.SymbolTable) -> Iterator[str]:
    yield from (each.get_name() for each in table.get_symbols() if each.is_global() and each.is_referenced())
    for child in table.get_children():
        yield from _globals(child)


def _imported(tree: ast.Module) -> frozenset[str]:
    return frozenset(
        (each.asname or each.name).partition(".")[0] for each in ast.walk(tree) if isinstance(each, ast.alias)
    )


def _defined(tree: ast.Module) -> frozenset[str]:
    return frozenset(each.name for each in tree.body if isinstance(each, _DEFINITION))


def _without_definitions(tree: ast.Module) -> ast.Module:
    return ast.Module([each for each in tree.body if not isinstance(each, _DEFINITION)], [])
