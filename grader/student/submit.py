"""Hand in: what still stands in the way of it, and the zip with its receipt.

Stubs left untouched, notebooks that were not saved and missing files stand in the way. The zip holds what the
assignment asks for, and nothing else.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import io
import json
import platform
import re
import tokenize
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from grader.course.regions import RegionError, answers
from grader.intake.names import content_hash
from grader.intake.notebooks import read_notebook
from grader.sandbox.box.former_names import FORMER
from grader.student.results import PublicResult, tally
from grader.student.workspace import Workspace

NOTED = ".numgrade-check.json"
"""In the assignment's folder; hidden, and not handed in."""

SLACK = 2.0
"""Seconds by which clocks of files may differ from the clock of this machine; FAT keeps even seconds only."""

OLDEST_PYTHON = (3, 11)
"""What may grade: the oldest Python that a student's package asks for."""

_FORMER_NAME = re.compile(rf"\b(?:np|numpy)\.({'|'.join(FORMER)})\b")
_PREFIXES = "fFrRbBuU"

RECEIPT = "receipt.json"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_READABLE_FILE = 0o100644 << 16
_SILENT = frozenset(
    {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
)


def problems(workspace: Workspace) -> list[str]:
    """Return why the assignment should not be handed in as it is, a sentence each."""
    return [
        *(problem for path in workspace.answers for problem in _module_problems(workspace, path)),
        *(problem for path in workspace.notebooks for problem in _notebook_problems(workspace, path)),
        *_weights_problems(workspace),
    ]


def version_notes(workspace: Workspace) -> list[str]:
    """Return what of the modules the versions of Python and NumPy that grade may not know, a sentence each."""
    paths = [workspace.root / path for path in (*workspace.answers, *workspace.earlier)]
    texts = {path: path.read_text(encoding="utf-8", errors="replace") for path in paths if path.is_file()}
    return [f"{path.name}: {note}" for path, text in texts.items() for note in _version_notes(text)]


def _version_notes(source: str) -> Iterator[str]:
    for name in dict.fromkeys(_FORMER_NAME.findall(source)):
        yield f"newer versions of NumPy have no np.{name}; write {FORMER[name]}."
    try:
        ast.parse(source)
        ast.parse(source, feature_version=OLDEST_PYTHON)
    except SyntaxError as error:
        yield f"line {error.lineno} does not parse in every Python that may grade it ({error.msg})."
    if number := _newer_f_string(source):
        yield f"line {number} has an f-string within which its own quotes stand; Python 3.11 does not read that."


def _newer_f_string(source: str) -> int:
    """Return the first line on which an f-string holds its own quotes, 0 where there is none."""
    quotes: list[str] = []
    with contextlib.suppress(tokenize.TokenError, SyntaxError):
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            kind, quote = tokenize.tok_name[token.type], token.string.lstrip(_PREFIXES)
            if kind in {"STRING", "FSTRING_START"} and any(quote.startswith(each) for each in quotes):
                return token.start[0]
            if kind == "FSTRING_START":
                quotes.append(quote)
            elif kind == "FSTRING_END":
                quotes.pop()
    return 0


@dataclass(frozen=True, slots=True)
class Packed:
    """A submission as it was written.

    Attributes
    ----------
    path, receipt
        The zip, and the text file beside it that says what was packed.
    sha256
        Checksum of the zip.
    work
        Checksum of the files in it, whatever they are packed in; the course's grader shows it with the grade.
    files
        What is in it.
    """

    path: Path
    receipt: Path
    sha256: str
    work: str
    files: tuple[str, ...]


def pack(workspace: Workspace, results: tuple[PublicResult, ...], now: datetime) -> Packed:
    """Write the submission and its receipt into the assignment's folder.

    The same files give the same zip, whenever and wherever the same versions make it.
    """
    content = {path: (workspace.root / path).read_bytes() for path in wanted(workspace)}
    sums = {path: hashlib.sha256(data).hexdigest() for path, data in content.items()}
    inside = json.dumps(_receipt(workspace, results, sums), indent=2, ensure_ascii=False) + "\n"
    archive = _zip({**content, RECEIPT: inside.encode()})
    name = f"{workspace.id}-{workspace.version}-submission"
    path, receipt = workspace.root / f"{name}.zip", workspace.root / f"{name}-receipt.txt"
    packed = Packed(path, receipt, hashlib.sha256(archive).hexdigest(), content_hash(content), tuple(content))
    path.write_bytes(archive)
    receipt.write_text(_text(workspace, results, packed, sums, now), encoding="utf-8")
    return packed


def wanted(workspace: Workspace) -> tuple[str, ...]:
    """Return what is handed in: modules, notebooks and weights, as far as they are there."""
    weights = (workspace.weights,) if workspace.weights else ()
    asked = (*workspace.answers, *workspace.earlier, *workspace.given, *workspace.notebooks, *weights)
    return tuple(path for path in asked if (workspace.root / path).is_file())


def note_run(workspace: Workspace, notebook: str, moment: float) -> None:
    """Note that a cell of `notebook` ran at `moment`, in seconds since 1970."""
    # A folder that cannot be written to only costs a warning later on.
    with contextlib.suppress(OSError):
        text = json.dumps({**_noted(workspace), notebook: moment})
        (workspace.root / NOTED).write_text(text, encoding="utf-8")


def ran_after_saving(workspace: Workspace, notebook: str) -> bool:
    """Whether a cell of `notebook` is known to have run after the file was last saved."""
    moment = _noted(workspace).get(notebook)
    path = workspace.root / notebook
    return isinstance(moment, float | int) and path.is_file() and path.stat().st_mtime + SLACK < moment


def _noted(workspace: Workspace) -> dict[str, object]:
    try:
        noted = json.loads((workspace.root / NOTED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return noted if isinstance(noted, dict) else {}


def _module_problems(workspace: Workspace, path: str) -> Iterator[str]:
    try:
        source = (workspace.root / path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        yield f"{path} is missing."
        return
    lines = untouched(source)
    if lines:
        where = "line" if len(lines) == 1 else "lines"
        yield f"{path} has nothing between the banners at {where} {', '.join(map(str, lines))}."


def _notebook_problems(workspace: Workspace, path: str) -> Iterator[str]:
    try:
        notebook = read_notebook((workspace.root / path).read_bytes())
    except OSError:
        yield f"{path} is missing."
        return
    if not notebook.cells:
        yield f"{path} cannot be read: open it in Jupyter and save it."
        return
    if notebook.lost:
        yield f"{path} is damaged: open it in Jupyter and save it. {notebook.complaints[0]}"
    code = [cell for cell in notebook.cells if cell.kind == "code"]
    empty = sum(bool(untouched(cell.source)) for cell in code)
    if empty:
        yield f"{path} has {empty} cell{'s' if empty > 1 else ''} with nothing between the banners."
    if not any(cell.ran for cell in code):
        yield f"{path} was not saved after running: it holds no results. Run its cells and save it."
    elif ran_after_saving(workspace, path):
        yield f"{path} was not saved after its last cell was run. Save it."


def _weights_problems(workspace: Workspace) -> Iterator[str]:
    if workspace.weights and not (workspace.root / workspace.weights).is_file():
        yield f"{workspace.weights} is missing: the last notebook writes it, and without it your network is not graded."


def untouched(source: str) -> list[int]:
    """Return the line of each answer region of `source` that holds nothing but comments and ``pass``.

    Where the banners were changed, nobody can tell, and nothing is returned.
    """
    try:
        regions = answers(source.replace("\r\n", "\n"))
    except RegionError:
        return []
    return [region.first for region in regions if _is_empty(region.text)]


def _is_empty(text: str) -> bool:
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError):
        return not text.strip()
    return all(token.type in _SILENT or token.string == "pass" for token in tokens)


def _receipt(
    workspace: Workspace, results: tuple[PublicResult, ...], sums: dict[str, str]
) -> dict[str, object]:
    return {
        "schema": 1,
        "assignment": workspace.id,
        "version": workspace.version,
        "made_with": {"python": platform.python_version(), "numpy": np.__version__},
        "checks": {each.id: each.outcome.value for each in results},
        "files": sums,
    }


def _zip(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            member = zipfile.ZipInfo(name, date_time=_EPOCH)
            member.create_system, member.external_attr = _UNIX, _READABLE_FILE
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, data)
    return buffer.getvalue()


def _text(
    workspace: Workspace,
    results: tuple[PublicResult, ...],
    packed: Packed,
    sums: dict[str, str],
    now: datetime,
) -> str:
    lines = (
        f"{workspace.title}, version {workspace.version}",
        f"Packed {now.astimezone().isoformat(timespec='seconds')}",
        f"Public checks: {tally(results)}, with Python {platform.python_version()} and NumPy {np.__version__}",
        "",
        f"sha256 of {packed.path.name}: {packed.sha256}",
        f"sha256 of the work in it, as your grade shows it: {packed.work}",
        "",
        "Files in it:",
        *(f"{each}  {path}" for path, each in sums.items()),
    )
    return "\n".join(lines) + "\n"
