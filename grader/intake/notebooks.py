"""Read a notebook of any nbformat, whatever happened to the file, and say in plain words what was odd about it.

This is the only reader of notebooks: what is marked, what is run and shown, what is released and what a student's own
check looks at all come from here. It needs the standard library alone, and IPython only for a cell with magics.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from grader.intake.salvage import HOPELESS, NOTHING_LEFT, has_conflict, resolved, salvaged
from grader.intake.source import parse

OLD_FORMAT = "The notebook is of the old format nbformat {major}; it was read as if Jupyter had converted it."
NEW_FORMAT = (
    "The notebook is of nbformat {major}, which is newer than this grader; what it could read was read."
)

PYTHON_2 = (
    "The notebook was made with a Python 2 kernel and was read as Python 3; print statements were rewritten, "
    "other differences were not."
)
OTHER_LANGUAGE = "The notebook says that it is written in {language}; its cells were taken for Python 3."
CONFLICT_IN_CELL = (
    "Cell {number} holds the marks of an unresolved merge (<<<<<<< to >>>>>>>); the first side was used."
)
NO_CELLS = "The notebook has no cells."
TOO_MANY = "The notebook has {count} cells; only the first {most} were read."
TOO_LONG = "Cell {number} has {count} characters; only the first {most} were read."
TOO_LARGE = (
    "The notebook needs more memory than reading it may take. Clear its outputs in Jupyter and save it."
)
NOT_A_CELL = "Entry {number} of the list of cells is no cell and was left out."
NO_SOURCE = "Cell {number} has no text where its source should be; what is no text was left out."
UNKNOWN_KIND = "Cell {number} is neither code nor text but '{kind}'; it was read as text."

MOST_CELLS = 500
"""Cells that are read: many times what an assignment has, and a bound on the time a notebook can cost."""

MOST_CHARACTERS = 100_000
"""Characters of a cell's source that are read; a cell of an assignment has a few thousand."""

MOST_TEXT = 2_000_000
"""Characters of all sources together that are read, and handed over from the process that reads."""

MOST_CODE = 128 * 1024
"""Characters of a notebook's code that are parsed, the most that a module may have: parsing takes hundreds of times
the memory of the text."""

MOST_OUTPUT = 2_000_000
"""Characters of a notebook's stored outputs that are kept."""

_MOST_COMPLAINTS, _MOST_TAGS = 20, 20
_MOST_MAGIC = 400_000
"""Characters times magics that IPython is asked to translate; this many take most of a second."""

_FORMAT = 4
_DEEPEST = 6
_VALID_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_PYTHON_CELL_MAGIC = re.compile(
    r"\s*%%(?:(?:time|timeit|capture|prun)\b|(?:writefile|file)\s.*\.py[\s'\"]*$)"
)
_MAGIC = re.compile(r"^[ \t]*+[%!?,;/].*+$|=[ \t]*+[%!]|\?[ \t]*+$", re.MULTILINE)
_MAGIC_LINE = re.compile(r"^([ \t]*+)[%!?].*+$", re.MULTILINE)
_PROMPT = re.compile(r"\n*+(?:[ \t]+\S|>>>|In \[)")
"""What IPython takes from the beginning of a cell: indentation, and prompts that were copied with the code."""

_PRINT = re.compile(r"^(?P<indent>\s*)print(?:\s+(?!\()|\s*(?=\"|'))(?P<what>.+)$|^(?P<bare>\s*)print\s*$")
_KINDS = {
    "code": "code",
    "markdown": "markdown",
    "raw": "raw",
    # What follows was in nbformat 3 and before.
    "heading": "markdown",
    "html": "markdown",
    "text": "markdown",
}
_SOURCES = ("source", "input", "code", "text")
"""What a cell's source is called, from nbformat 4 down to 1."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What a file stores as the outputs of a cell, without its pictures.

    Attributes
    ----------
    text
        What the cell printed and the values it gave.
    there
        Whether there is any output at all.
    failed
        Whether one of the outputs is an error.
    """

    text: str = ""
    there: bool = False
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    Attributes
    ----------
    kind
        ``"code"``, ``"markdown"`` or ``"raw"``.
    source
        Its text, with line feeds alone.
    id
        The cell's own id; empty where it has none.
    stored
        What the file stores as the cell's outputs.
    ran
        Whether it was run before the notebook was saved.
    whole
        False where only a beginning of the source could be read: such code says what its author did not.
    attachments
        Pictures in a text cell, where they were asked for.
    """

    kind: str
    source: str
    id: str = ""
    tags: tuple[str, ...] = ()
    stored: Stored = Stored()
    ran: bool = False
    whole: bool = True
    attachments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Notebook:
    """The cells of a notebook, as far as they could be read; plain data, which costs little to hand over.

    Attributes
    ----------
    complaints
        What was odd about the file and what was done about it, one plain sentence each.
    lost
        Whether something of the file was left out: a cell, what follows the end, the other side of a merge.
    """

    cells: tuple[Cell, ...]
    complaints: tuple[str, ...] = ()
    lost: bool = False


def read_notebook(data: bytes, *, attachments: bool = False) -> Notebook:
    """Return as much of the notebook in `data` as there is; never raises, whatever the bytes are.

    Parameters
    ----------
    attachments
        Whether to keep the pictures in text cells; a release needs them, and nothing else does.
    """
    try:
        return _read(data, attachments=attachments)
    except MemoryError:
        return Notebook((), (TOO_LARGE,), lost=True)


def _read(data: bytes, *, attachments: bool) -> Notebook:
    found = salvaged(data)
    entries = _entries(found.document)
    complaints = [*found.complaints, *_about(found.document)]
    if len(entries) > MOST_CELLS:
        complaints.append(TOO_MANY.format(count=len(entries), most=MOST_CELLS))
    cells: list[Cell] = []
    left, text = MOST_OUTPUT, MOST_TEXT
    for number, entry in enumerate(entries[:MOST_CELLS], 1):
        if not isinstance(entry, dict):
            complaints.append(NOT_A_CELL.format(number=number))
            continue
        cell, odd = _cell(entry, number, min(MOST_CHARACTERS, text), left)
        left, text = left - len(cell.stored.text), text - len(cell.source)
        if number - 1 in found.cut:  # what it lacks is no oddity of its own
            cell, odd = replace(cell, whole=False), []
        if attachments:
            cell = replace(cell, attachments=_mapping(entry.get("attachments")))
        complaints += odd
        cells.append(cell)
    if not cells and not HOPELESS.intersection(complaints):
        empty = any(isinstance(found.document.get(key), list) for key in ("cells", "worksheets"))
        complaints.append(NO_CELLS if empty else NOTHING_LEFT)
    if PYTHON_2 in complaints:
        cells = list(_as_python_3(cells))
    lost = found.lost or len(entries) > len(cells)
    return Notebook(tuple(cells), tuple(dict.fromkeys(complaints))[:_MOST_COMPLAINTS], lost)


class CellPython:
    """Turns code cells into Python that parses if the cells do: magics and shell lines are translated.

    IPython does that exactly and slowly, since it reads a cell again for each of its magics. Where many cells or long
    ones have more of them than people write, a line of magic becomes ``pass``.
    """

    def __init__(self) -> None:
        self._left = _MOST_MAGIC

    def of(self, source: str) -> str:
        """Return the Python of one cell; a magic for another language (``%%bash``) leaves nothing to parse."""
        head, newline, body = source.lstrip().partition("\n")
        if head.startswith("%%"):
            source = newline + body if _PYTHON_CELL_MAGIC.match(head) else ""
        magics = len(_MAGIC.findall(source))
        if _parses(source) or not (magics or _PROMPT.match(source)):
            return source
        cost = max(magics, 1) * len(source)
        if cost > self._left:
            return _MAGIC_LINE.sub(r"\1pass", source)
        self._left -= cost
        from IPython.core.inputtransformer2 import TransformerManager  # noqa: PLC0415 - few cells need it

        manager = TransformerManager()  # type: ignore[no-untyped-call] # IPython types its methods only
        try:
            return manager.transform_cell(source)
        except (SyntaxError, ValueError, RuntimeError):  # what it cannot make sense of does not parse either
            return source


def cell_python(source: str) -> str:
    """Return the Python of a single cell; see `CellPython`."""
    return CellPython().of(source)


def python_3(source: str, python: CellPython) -> str:
    """Return `source` with print statements as calls, where that makes it Python 3; else as it is."""
    if _parses(python.of(source)):
        return source
    rewritten = "\n".join(_print_call(line) for line in source.split("\n"))
    return rewritten if _parses(python.of(rewritten)) else source


def _entries(document: Mapping[str, Any]) -> Sequence[Any]:
    """Return the cells of a notebook of any format; nbformat 2 and 3 keep them in worksheets."""
    cells = document.get("cells")
    if isinstance(cells, list):
        return cells
    sheets = map(_mapping, _listed(document.get("worksheets")))
    return [cell for sheet in sheets for cell in _listed(sheet.get("cells"))]


def _about(document: Mapping[str, Any]) -> Iterator[str]:
    """Give what is unusual about the notebook as a whole."""
    major = document.get("nbformat", _FORMAT)
    if isinstance(major, int) and major != _FORMAT:
        yield (OLD_FORMAT if major < _FORMAT else NEW_FORMAT).format(major=major)
    metadata = _mapping(document.get("metadata"))
    kernel, language = _mapping(metadata.get("kernelspec")), _mapping(metadata.get("language_info"))
    named = str(kernel.get("language") or language.get("name") or "python").lower()
    if kernel.get("name") == "python2" or str(language.get("version", "")).startswith("2."):
        yield PYTHON_2
    elif not named.startswith(("python", "ipython")):
        yield OTHER_LANGUAGE.format(language=_named(named))


def _cell(entry: Mapping[str, Any], number: int, text: int, output: int) -> tuple[Cell, list[str]]:
    """Return one cell, with at most `text` characters of source and `output` of outputs, and what was odd about it."""
    kind = _KINDS.get(str(entry.get("cell_type")), "")
    unknown = UNKNOWN_KIND.format(number=number, kind=_named(entry.get("cell_type")))
    source, whole, odd = _source(entry, number, text)
    metadata = _mapping(entry.get("metadata"))
    # What nbgrader calls a cell outlives the ids of nbformat, which older notebooks do not have.
    graded = _mapping(metadata.get("nbgrader")).get("grade_id")
    own = graded or entry.get("id", metadata.get("id"))
    count = entry.get("execution_count", entry.get("prompt_number"))
    stored = _stored(entry.get("outputs"), output) if kind == "code" else Stored()
    cell = Cell(
        kind=kind or "raw",
        source=source,
        id=own if isinstance(own, str) and _VALID_ID.fullmatch(own) else "",
        tags=tuple(map(_text, filter(_is_text, _listed(metadata.get("tags"))[:_MOST_TAGS]))),
        stored=stored,
        ran=count is not None or stored.there,
        whole=whole,
    )
    return cell, [*([] if kind else [unknown]), *odd]


def _source(entry: Mapping[str, Any], number: int, most: int) -> tuple[str, bool, list[str]]:
    """Return a cell's source, whether that is all of it, and what was odd about it."""
    odd: list[str] = []
    stored = next((entry[key] for key in _SOURCES if key in entry), None)
    if not _is_text(stored) and not (isinstance(stored, list) and all(map(_is_text, stored))):
        odd.append(NO_SOURCE.format(number=number))
    source = _text(stored).replace("\r\n", "\n").replace("\r", "\n")
    if entry.get("cell_type") == "heading":
        level = entry.get("level")
        source = "#" * (level if isinstance(level, int) and 0 < level <= _DEEPEST else 1) + f" {source}"
    whole = len(source) <= most
    if not whole:
        odd.append(TOO_LONG.format(number=number, count=len(source), most=most))
        source = source[:most]
    if has_conflict(source):
        odd.append(CONFLICT_IN_CELL.format(number=number))
        source = resolved(source)
    return source, whole, odd


def _stored(listed: object, left: int) -> Stored:
    """Return what is kept of the stored outputs, with at most `left` characters of text."""
    outputs = [each for each in _listed(listed) if isinstance(each, dict)]
    text = "\n".join(filter(None, map(_printed, outputs)))[:left]
    failed = any(each.get("output_type") in {"error", "pyerr"} for each in outputs)
    return Stored(text, bool(outputs), failed)


def _printed(output: Mapping[str, Any]) -> str:
    """Return what an output says as text: what was printed, or a value; nbformat 3 and before name them otherwise."""
    kind = output.get("output_type")
    if kind == "stream":
        text = output.get("text") if output.get("name", output.get("stream", "stdout")) == "stdout" else ""
    elif kind in {"execute_result", "pyout"}:
        text = _mapping(output.get("data")).get("text/plain", output.get("text"))
    else:
        text = ""
    return _text(text).removesuffix("\n")


def _as_python_3(cells: Iterable[Cell]) -> Iterator[Cell]:
    """Give the cells with print statements rewritten, as far as a notebook's code may be parsed."""
    left, python = MOST_CODE, CellPython()
    for cell in cells:
        left -= len(cell.source) if cell.kind == "code" else 0
        readable = cell.kind == "code" and left >= 0
        yield replace(cell, source=python_3(cell.source, python)) if readable else cell


def _print_call(line: str) -> str:
    found = _PRINT.match(line.rstrip())
    if found is None:
        return line
    if found["what"] is None:
        return f"{found['bare']}print()"
    what = found["what"]
    return (
        f"{found['indent']}print({what[:-1].rstrip()}, end=' ')"
        if what.endswith(",")
        else (f"{found['indent']}print({what})")
    )


def _parses(source: str) -> bool:
    try:
        parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _text(value: object) -> str:
    """Return a text, or the texts of a list of lines, without halves of letters, which no file can hold."""
    joined = value if isinstance(value, str) else "".join(filter(_is_text, _listed(value)))
    try:
        joined.encode()
    except UnicodeEncodeError:
        return joined.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return joined


def _named(value: object) -> str:
    """Return a stranger's word as it can stand in a sentence."""
    return re.sub(r"[^\w .+-]", "?", str(value)[:40])


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _listed(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else ()
