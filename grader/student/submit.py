"""Hand in: what still stands in the way of it, and the zip with its receipt.

Stubs left untouched, notebooks that were not saved, missing files, and what cannot be imported from the zip alone stand
in the way. The zip holds what the assignment asks for, the student's own modules that this imports, and nothing else.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import io
import json
import platform
import re
import shutil
import subprocess
import sys
import tokenize
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from grader.course.regions import RegionError, answers
from grader.intake.names import content_hash, is_too_long
from grader.intake.notebooks import MOST_CODE, Notebook, read_notebook
from grader.intake.source import parse
from grader.intake.written import TEXT_STUB
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

_SHOWING = frozenset({"matplotlib", "IPython", "otter"})
"""What cells of a notebook may show an answer with."""

LARGEST_NOTEBOOK = 64 * 2**20
"""Bytes of a notebook that grading reads; what is larger is not looked at here either."""

IMPORT_SECONDS = 60.0

_IMPORT = """
import contextlib, importlib, json, os, sys
sys.path.insert(0, os.getcwd())
sys.dont_write_bytecode = True
found = {}
for name in sys.argv[1:]:
    try:
        with contextlib.redirect_stdout(sys.stderr):
            importlib.import_module(name)
    except Exception as error:
        found[name] = f"{type(error).__name__}: {error}"
print()
print(json.dumps(found))
"""
"""Prints which modules do not import, and why."""

_COPIED = re.compile(r"( ?\(\d+\)|[ _-]?[Cc]opy ?\d*|[ _-]\d+)*")
"""What browsers, Jupyter and people put behind the name of a copy."""

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
        *import_problems(workspace),
    ]


def version_notes(workspace: Workspace) -> list[str]:
    """Return what of the modules the versions of Python and NumPy that grade may not know, a sentence each."""
    paths = [workspace.root / path for path in (*workspace.answers, *workspace.earlier)]
    texts = {path: path.read_text(encoding="utf-8", errors="replace") for path in paths if path.is_file()}
    texts = {path: text for path, text in texts.items() if len(text) <= MOST_CODE}
    return [f"{path.name}: {note}" for path, text in texts.items() for note in _version_notes(text)]


def package_notes(workspace: Workspace) -> list[str]:
    """Return which packages the answers use that are not there where they are graded, a sentence each."""
    if not workspace.libraries:
        return []
    own = {*workspace.support, workspace.package.name, *workspace.stand_ins}
    known = {*sys.stdlib_module_names, *workspace.libraries, *own}
    paths = [workspace.root / path for path in (*workspace.answers, *workspace.earlier)]
    sources = {path.name: path.read_bytes() for path in paths if path.is_file()}
    sources |= {path: _code(workspace.root / path) for path in workspace.cells}
    listed = ", ".join(workspace.libraries)
    return [
        f"{name} uses {package}, which is not there where it is graded: what needs it fails. Beside "
        f"Python's own modules there is {listed}."
        for name, source in sources.items()
        for package in _packages_used(source)
        if package not in (known | _SHOWING if name in workspace.cells else known)
        and not any(_files_of(workspace.root, package))
        and not (workspace.root / package).is_dir()
    ]


def _packages_used(source: bytes) -> tuple[str, ...]:
    """Return the packages that a file imports and does something with."""
    tree = _tree(source)
    if tree is None:
        return ()
    nodes = list(ast.walk(tree))
    used = {each.id for each in nodes if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)}
    found: dict[str, None] = {}
    for node in nodes:
        match node:
            case ast.Import(names=names):
                each_from = {alias.asname or alias.name.partition(".")[0]: alias.name for alias in names}
            case ast.ImportFrom(module=str(module), names=names, level=0):
                each_from = {alias.asname or alias.name: module for alias in names}
            case _:
                continue
        found |= {module.partition(".")[0]: None for name, module in each_from.items() if name in used}
    return tuple(found)


def _version_notes(source: str) -> Iterator[str]:
    for name in dict.fromkeys(_FORMER_NAME.findall(source)):
        yield f"newer versions of NumPy have no np.{name}; write {FORMER[name]}."
    try:
        parse(source)
        ast.parse(source, feature_version=OLDEST_PYTHON)
    except SyntaxError as error:
        yield f"line {error.lineno} does not parse in every Python that may grade it ({error.msg})."
    except (ValueError, RecursionError, MemoryError):
        yield "it holds null characters or is nested too deeply, which no Python that may grade it reads."
    if number := _newer_f_string(source):
        yield (
            f"line {number} has an f-string with its own kind of quotes inside, which Python 3.11 cannot read: write "
            "the other kind inside."
        )


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
    content = {path: place.read_bytes() for path, place in wanted(workspace).items()}
    sums = {path: hashlib.sha256(data).hexdigest() for path, data in content.items()}
    inside = json.dumps(_receipt(workspace, results, sums), indent=2, ensure_ascii=False) + "\n"
    archive = _zip({**content, RECEIPT: inside.encode()})
    name = f"{workspace.id}-{workspace.version}-submission"
    path, receipt = workspace.root / f"{name}.zip", workspace.root / f"{name}-receipt.txt"
    packed = Packed(path, receipt, hashlib.sha256(archive).hexdigest(), content_hash(content), tuple(content))
    path.write_bytes(archive)
    receipt.write_text(_text(workspace, results, packed, sums, now), encoding="utf-8")
    return packed


def wanted(workspace: Workspace) -> dict[str, Path]:
    """Return what is handed in, by its name in the zip: modules, what they import, notebooks and weights."""
    weights = (workspace.weights,) if workspace.weights else ()
    modules = (*workspace.answers, *workspace.earlier, *workspace.given)
    asked = (*modules, *own_modules(workspace), *workspace.notebooks, *weights)
    found = {path: workspace.root / path for path in asked}
    return {path: place for path, place in (found | renamed_notebooks(workspace)).items() if place.is_file()}


def renamed_notebooks(workspace: Workspace) -> dict[str, Path]:
    """Return the newest copy of each notebook that is not there under its own name: browsers and Jupyter rename."""
    found = {}
    for name in workspace.notebooks:
        path = workspace.root / name
        copies = [each for each in path.parent.glob("*.ipynb") if _is_copy(each.stem, path.stem)]
        if copies and not path.is_file():
            found[name] = max(copies, key=lambda each: each.stat().st_mtime)
    return found


def place_of(workspace: Workspace, notebook: str) -> Path:
    """Return the file of a notebook, or of its newest copy."""
    return renamed_notebooks(workspace).get(notebook, workspace.root / notebook)


def _is_copy(stem: str, of: str) -> bool:
    """Whether a name is what becomes of another: ``CNN (1)``, ``CNN-Copy1``, ``Copy of CNN``."""
    rest = stem.removeprefix("Copy of ").removeprefix(of)
    return rest != stem and _COPIED.fullmatch(rest) is not None


def own_modules(workspace: Workspace) -> tuple[str, ...]:
    """Return the student's further modules that answers and notebooks import, directly or by others, in any package."""
    root, known = workspace.root, {*workspace.answers, *workspace.earlier, *workspace.given}
    given = {*workspace.support, workspace.package.name}
    waiting = [_names_imported(path, (root / path).read_bytes()) for path in known if (root / path).is_file()]
    notebooks = [place_of(workspace, name) for name in workspace.notebooks]
    waiting += [_names_imported("", _code(path)) for path in notebooks if path.is_file()]
    found: dict[str, None] = {}
    while waiting:
        for name in waiting.pop():
            for path in _files_of(root, name):
                if path.split("/")[0].removesuffix(".py") in given or path in known or path in found:
                    continue
                found[path] = None
                waiting.append(_names_imported(path, (root / path).read_bytes()))
    return tuple(sorted(found))


def _code(notebook: Path) -> bytes:
    """Return the cells of a notebook that are Python, and of the others the lines that import something."""
    cells, left = list[str](), MOST_CODE
    for cell in _notebook(notebook).cells:
        if cell.kind == "code" and len(cell.source) <= left:
            cells.append(cell.source)
            left -= len(cell.source)
    whole = [cell for cell in cells if _parses(cell)]
    lines = (line.strip() for cell in cells if cell not in whole for line in cell.splitlines())
    imports = (line for line in lines if line.startswith(("import ", "from ")) and _parses(line))
    return "\n".join([*whole, *imports]).encode()


def _notebook(path: Path) -> Notebook:
    """Read a notebook; one that is none, or too large for grading, has no cells."""
    if not path.is_file() or path.stat().st_size > LARGEST_NOTEBOOK:
        return Notebook(())
    return read_notebook(path.read_bytes())


def _parses(source: str) -> bool:
    return _tree(source) is not None


def _tree(source: str | bytes) -> ast.Module | None:
    """Parse Python as far as grading does; None where it would not."""
    if len(source) > MOST_CODE:
        return None
    try:
        return parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _names_imported(path: str, source: bytes) -> tuple[str, ...]:
    """Return the dotted names that a file imports, also those that may be a module or something in one."""
    tree = _tree(source)
    if tree is None:
        return ()
    names: list[str] = []
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=aliases):
                names += [alias.name for alias in aliases]
            case ast.ImportFrom(module=module, names=aliases, level=level):
                above = path.split("/")[:-level] if level else []
                base = ".".join([*above, *([module] if module else [])])
                names += [base, *(f"{base}.{alias.name}".lstrip(".") for alias in aliases)]
    return tuple(filter(None, names))


def _files_of(root: Path, name: str) -> Iterator[str]:
    """Yield the files below `root` that an import of `name` reads: the packages above it, and itself."""
    steps = name.split(".")
    for depth in range(1, len(steps) + 1):
        path = "/".join(steps[:depth])
        if is_too_long(f"{path}.ipynb"):
            return
        for candidate in (f"{path}/__init__.py", f"{path}.py"):
            if (root / candidate).is_file():
                yield candidate
                break


def import_problems(workspace: Workspace) -> list[str]:
    """Return what of the answers does not import from what is packed alone, in an empty folder, a sentence each.

    What does not import in the student's own folder either is for the public checks to say.
    """
    with TemporaryDirectory(prefix="numgrade-") as folder:
        for name, place in wanted(workspace).items():
            if name.endswith(".ipynb"):
                continue  # nothing imports a notebook, and one may be as large as the disk
            (Path(folder) / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(place, Path(folder) / name)
        for package in workspace.support:
            shutil.copytree(workspace.root / package, Path(folder) / package, dirs_exist_ok=True)
        here, there = (_imports(workspace, root) for root in (workspace.root, Path(folder)))
    return [
        f"{name} can be imported in this folder, and not from what is packed: {error}. Write a plain "
        "`import NAME` for each file of yours that it uses, so that submit packs it."
        for name, error in there.items()
        if name not in here
    ]


def _imports(workspace: Workspace, root: Path) -> dict[str, str]:
    """Import each answer's module in a process that starts in `root`; return the errors by module."""
    names = [path.removesuffix(".py").replace("/", ".") for path in workspace.answers]
    try:
        done = subprocess.run(  # noqa: S603  # the student's own modules, on their own machine
            [sys.executable, "-c", _IMPORT, *names],
            cwd=root,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=IMPORT_SECONDS,
            check=False,
        )
        told: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    except (
        OSError,
        subprocess.SubprocessError,
        ValueError,
        IndexError,
    ):  # no processes here, or it ends by itself
        return {}
    return told


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
    if not (workspace.root / path).is_file():
        yield f"{path} is missing."
        return
    source = (workspace.root / path).read_text(encoding="utf-8", errors="replace")
    lines = untouched(source)
    if lines:
        where = "line" if len(lines) == 1 else "lines"
        yield f"{path} has nothing between the banners at {where} {', '.join(map(str, lines))}."


def _notebook_problems(workspace: Workspace, path: str) -> Iterator[str]:
    place = place_of(workspace, path)
    if not place.is_file():
        yield f"{path} is missing."
        return
    notebook = _notebook(place)
    if place.stat().st_size > LARGEST_NOTEBOOK:
        yield f"{path} is larger than grading reads ({LARGEST_NOTEBOOK >> 20} MiB): clear its outputs and save it."
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
    if words := sum(cell.source.strip() == TEXT_STUB for cell in notebook.cells):
        where = f"{words} text cells that still say" if words > 1 else "a text cell that still says"
        yield f"{path} has {where} {TEXT_STUB.strip('*')!r}: write over it, or hand in without that answer."
    if not any(cell.ran for cell in code):
        yield f"{path} was not saved after running: it holds no results. Run its cells and save it."
    elif ran_after_saving(workspace, path):
        yield f"{path} was not saved after its last cell was run. Save it."


def _weights_problems(workspace: Workspace) -> Iterator[str]:
    if workspace.weights and not (workspace.root / workspace.weights).is_file():
        yield (
            f"{workspace.weights} is missing: the last notebook writes it. Without it only the points of the trained "
            "network are lost; to hand in so, run: invoke submit --anyway"
        )


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
