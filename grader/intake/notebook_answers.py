"""Read a submission's notebooks once, and make modules of the answers that stand in a notebook and nowhere else."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from grader.intake.contents import Contents
from grader.intake.layout import State, state_of
from grader.intake.names import printable
from grader.intake.notebooks import MOST_CODE, NO_CELLS, Cell, CellPython, Notebook, read_notebook
from grader.intake.release import ReleaseSource
from grader.intake.source import SourceFile, look_at, parse
from grader.results import Flag

MOST_CODE_TOGETHER = 4 * MOST_CODE
"""Characters of code in all notebooks of a submission that are parsed: no assignment asks for as much."""

_KEPT = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)

TEXT = "cell {number} is text and not code"
CUT = "only the beginning of cell {number} could be read"
CAPPED = "cell {number} comes after more code than is looked at"
BROKEN = "cell {number} does not parse ({error})"
NESTED = "it does not stand at the top level of a cell"
LEFT_OUT = "it stands in a part of the file that was left out"
MODULE = "an answer in a module comes first, and there is a module that does not parse"


@dataclass(frozen=True, slots=True)
class _Code:
    """The code of one notebook, as far as it may be looked at.

    Attributes
    ----------
    module
        The imports, constants, functions and classes of its cells, in their order.
    size
        Characters that were parsed.
    unread
        The sources that are not in `module`, each with the reason.
    """

    module: SourceFile
    size: int
    unread: tuple[tuple[str, str], ...]


def with_notebook_answers(contents: Contents, release: ReleaseSource) -> Contents:
    """Return `contents` with the notebooks read, and one more module for each that holds answers of its own.

    A function is found by its name. Who wrote it into the notebook and left the stub in the module has
    answered; staff are told, and also where something looks like such an answer and cannot be counted.
    """
    paths = [path for path in sorted(contents.files) if path.lower().endswith(".ipynb")]
    notebooks = {path: read_notebook(contents.files[path]) for path in paths}
    flags = [flag for path, notebook in notebooks.items() for flag in _oddities(path, notebook)]
    defined = {path: _defined(notebooks[path], contents.files[path], release) for path in paths}
    # In most submissions no notebook defines anything, and modules need not be looked at twice.
    states = _states(contents, release) if any(defined.values()) else {}
    made, left, python = dict[str, bytes](), MOST_CODE_TOGETHER, CellPython()
    for path, names in defined.items():
        unanswered = {name: hidden for name, hidden in names.items() if states[name] <= State.BROKEN}
        if not unanswered:
            continue
        code = _code(path, notebooks[path], min(MOST_CODE, left), python)
        left -= code.size
        found = [name for name in unanswered if _state(code, name, release) is State.REAL]
        counted = [name for name in found if states[name] is not State.BROKEN]
        if counted:
            made[_free_name(path, contents.files)] = code.module.data
            said = f"{', '.join(counted)}: only {printable(path)} has an answer"
            flags.append(Flag("answer_in_notebook", said))
        for name, hidden in unanswered.items():
            reason = MODULE if name in found else _why_not(name, code, release, hidden=hidden)
            if reason and name not in counted:
                said = f"{name}: what looks like an answer in {printable(path)} was not counted; {reason}"
                flags.append(Flag("answer_not_counted", said))
    return replace(
        contents, files={**contents.files, **made}, flags=(*contents.flags, *flags), notebooks=notebooks
    )


def _oddities(path: str, notebook: Notebook) -> Iterator[Flag]:
    """Give what staff should know about how a notebook was read."""
    kind = "notebook" if notebook.cells or NO_CELLS in notebook.complaints else "notebook_not_json"
    return (Flag(kind, f"{printable(path)}: {complaint}") for complaint in notebook.complaints)


def _states(contents: Contents, release: ReleaseSource) -> dict[str, State]:
    """Return how far each answer is in the module that has most of it."""
    python = ((path, data) for path, data in contents.files.items() if path.lower().endswith(".py"))
    modules = [release.look_at(path, data) for path, data in python]
    return {
        name: max((state_of(each, name, release) for each in modules), default=State.ABSENT)
        for name in release.homes
    }


def _defined(notebook: Notebook, data: bytes, release: ReleaseSource) -> dict[str, bool]:
    """Return the answers whose definitions a notebook seems to hold, and whether a part that was lost has more."""
    read = Counter(name for cell in notebook.cells for name in _names(cell.source, release))
    raw = Counter[str]()
    if notebook.lost:
        # In a notebook's JSON a tab is written \t, and the letter before a word may be that of \n. The zeros are
        # those of UTF-16 and UTF-32.
        pattern = _definition(rb"(?:def|class)(?: |\t|\\t)+(%b)\b", release)
        raw = Counter(found.decode() for found in pattern.findall(data.replace(b"\0", b"")))
    return {name: raw[name] > read[name] for name in sorted({*read, *raw})}


def _names(source: str, release: ReleaseSource) -> list[str]:
    """Return the answers that `source` has a definition of, which need not parse."""
    pattern = rb"^[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+(%b)\b"
    return [found.decode() for found in _definition(pattern, release).findall(source.encode())]


def _definition(pattern: bytes, release: ReleaseSource) -> re.Pattern[bytes]:
    names = ("|".join(map(re.escape, release.homes)) or r"(?!)").encode()
    return re.compile(pattern % names, re.MULTILINE)


def _code(path: str, notebook: Notebook, most: int, python: CellPython) -> _Code:
    """Look at the code of a notebook; a cell that cannot be looked at costs itself alone."""
    texts: list[str] = []
    unread: list[tuple[str, str]] = []
    size = 0
    for number, cell in enumerate(notebook.cells, 1):
        reason = _unreadable(cell, most - size)
        if not reason:
            size += len(cell.source)
            try:
                texts += _kept(python.of(cell.source))
            except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
                reason = BROKEN.format(number=number, error=_told(error))
        if reason:
            unread.append((cell.source, reason.format(number=number)))
    return _Code(look_at(path, "\n\n".join(texts).encode("utf-8", "replace")), size, tuple(unread))


def _unreadable(cell: Cell, left: int) -> str:
    """Return why a cell is not looked at, if so."""
    if cell.kind != "code":
        return TEXT
    if not cell.whole:
        return CUT
    return CAPPED if len(cell.source) > left else ""


def _kept(source: str) -> list[str]:
    """Return the statements of a cell that become part of a module: a demonstration does not.

    Raises
    ------
    SyntaxError, ValueError, RecursionError, MemoryError
        The cell does not parse.
    """
    kept = (each for each in parse(source).body if _is_kept(each))
    return [ast.unparse(_WithoutShell().visit(each)) for each in kept]


def _is_kept(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.Assign):
        return isinstance(statement, _KEPT)
    try:
        ast.literal_eval(statement.value)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return False
    return True


class _WithoutShell(ast.NodeTransformer):
    """Takes out the magics and shell lines within functions: in a module there is no IPython."""

    def visit_Expr(self, node: ast.Expr) -> ast.stmt:  # ast names it
        match node.value:
            case ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="get_ipython")))):
                return ast.Pass()
        return node


def _state(code: _Code, name: str, release: ReleaseSource) -> State:
    return state_of(code.module, name, release) if name in code.module.definitions else State.ABSENT


def _why_not(name: str, code: _Code, release: ReleaseSource, *, hidden: bool) -> str:
    """Return why the definition of `name` that was seen is not in the module; nothing for a mere stub."""
    for source, reason in code.unread:
        if name in _names(source, release):
            return reason
    if hidden:
        return LEFT_OUT
    return NESTED if _state(code, name, release) is State.ABSENT else ""


def _told(error: BaseException) -> str:
    if isinstance(error, SyntaxError):
        return f"line {error.lineno or 1}: {error.msg}"
    return str(error) or "it is nested too deeply"


def _free_name(path: str, files: Mapping[str, bytes]) -> str:
    """Return where to put the module: beside the notebook, under a name that can be imported."""
    folder = PurePosixPath(path).parent
    stem = re.sub(r"\W", "_", PurePosixPath(path).stem, flags=re.ASCII)
    stem = f"cells_of_{stem}"
    while str(folder / f"{stem}.py") in files:
        stem += "_"
    return str(folder / f"{stem}.py")
