"""Read a submission's notebooks once, and make modules of the answers that stand in a notebook and nowhere else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from grader.course.assignment import cells_module, whole_module
from grader.intake.cells import PARSES, Code, answers_of, whole
from grader.intake.contents import Contents
from grader.intake.layout import State, state_of
from grader.intake.names import printable
from grader.intake.notebook_names import match_notebooks
from grader.intake.notebooks import MOST_CODE, NO_CELLS, CellPython, Notebook, read_notebook
from grader.intake.release import ReleaseSource
from grader.intake.source import SourceFile
from grader.results import NOT_WHOLE, Flag

MOST_CODE_TOGETHER = 4 * MOST_CODE
"""Characters of code in all notebooks of a submission that are parsed: no assignment asks for as much."""

NOT_COUNTED = "what looks like an answer in {path} was not counted; {reason}"
IN_PART = "{path}: {reason}; what of it does was used"
NESTED = "it does not stand at the top level of a cell"
LEFT_OUT = "it stands in a part of the file that was left out"
MODULE = "an answer in a module comes first, and there is a module that does not parse"


def with_notebook_answers(contents: Contents, release: ReleaseSource) -> Contents:
    """Return `contents` with the notebooks read, and one more module for each that holds answers of its own.

    A function is found by its name. Who wrote it into the notebook and left the stub in the module has
    answered; staff are told, and also where something looks like such an answer and cannot be counted.
    """
    paths = [path for path in sorted(contents.files) if path.lower().endswith(".ipynb")]
    notebooks = {path: read_notebook(contents.files[path]) for path in paths}
    flags = [flag for path, notebook in notebooks.items() for flag in _oddities(path, notebook)]
    contents = replace(contents, files={**contents.files, **_homes(notebooks, release)})
    defined = {path: _defined(notebooks[path], contents.files[path], release) for path in paths}
    # In most submissions no notebook defines anything.
    sources = _looked_at(contents, release) if any(defined.values()) else {}
    states = _states(sources.values(), release)
    made, unread = dict[str, bytes](), dict[str, str]()
    left, python = MOST_CODE_TOGETHER, CellPython()
    for path, names in defined.items():
        unanswered = {name: hidden for name, hidden in names.items() if states[name] <= State.BROKEN}
        if not unanswered:
            continue
        code = answers_of(path, notebooks[path], min(MOST_CODE, left), python, unanswered)
        left -= code.size
        found = [name for name in unanswered if _state(code, name, release) is State.REAL]
        counted = [name for name in found if states[name] is not State.BROKEN]
        if counted:
            made[_free_name(path, contents.files)] = code.module.data
            flags += _counted(path, counted, code, release)
        for name, hidden in unanswered.items():
            reason = MODULE if name in found else _why_not(name, code, release, hidden=hidden)
            if reason and name not in counted:
                unread[name] = NOT_COUNTED.format(path=printable(path), reason=reason)
                flags.append(Flag("answer_not_counted", f"{name}: {unread[name]}"))
    files, told = {**contents.files, **made}, (*contents.flags, *flags)
    return replace(contents, files=files, flags=told, notebooks=notebooks, sources=sources, unread=unread)


def _homes(notebooks: Mapping[str, Notebook], release: ReleaseSource) -> dict[str, bytes]:
    """Return the modules of those notebooks that are the home of answers, each beside its notebook."""
    released = {name: release.notebooks[name] for name in release.cells}
    matched = dict(match_notebooks(notebooks, release.cells, released).notebooks)
    if not matched and len(notebooks) == len(release.cells) == 1:
        matched = {release.cells[0]: next(iter(notebooks.values()))}
    made = {}
    for name, notebook in matched.items():
        path = next(path for path, each in notebooks.items() if each is notebook)
        home, everything = cells_module(name), whole_module(name)
        wanted = [symbol for symbol, each in release.homes.items() if each == home]
        python, folder = CellPython(), PurePosixPath(path).parent
        made[str(folder / home)] = answers_of(path, notebook, MOST_CODE, python, wanted).module.data
        if everything in release.stubs:
            made[str(folder / everything)] = whole(notebook.cells, python).encode("utf-8", "replace")
    return made


def _oddities(path: str, notebook: Notebook) -> Iterator[Flag]:
    """Give what staff should know about how a notebook was read."""
    kind = "notebook" if notebook.cells or NO_CELLS in notebook.complaints else "notebook_not_json"
    return (Flag(kind, f"{printable(path)}: {complaint}") for complaint in notebook.complaints)


def _counted(path: str, names: Collection[str], code: Code, release: ReleaseSource) -> Iterator[Flag]:
    """Say which answers are a notebook's, and what of their cells was left out."""
    yield Flag("answer_in_notebook", f"{', '.join(names)}: only {printable(path)} has an answer")
    for text, reason in code.unread:
        if PARSES in reason and _defines(text, names, release):
            yield Flag(NOT_WHOLE, IN_PART.format(path=printable(path), reason=reason))


def _looked_at(contents: Contents, release: ReleaseSource) -> dict[str, SourceFile]:
    python = ((path, data) for path, data in contents.files.items() if path.lower().endswith(".py"))
    return {path: release.read_source(path, data) for path, data in python}


def _states(modules: Collection[SourceFile], release: ReleaseSource) -> dict[str, State]:
    """Return how far each answer is in the module that has most of it."""
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


def _defines(source: str, names: Collection[str], release: ReleaseSource) -> bool:
    return not set(names).isdisjoint(_names(source, release))


def _definition(pattern: bytes, release: ReleaseSource) -> re.Pattern[bytes]:
    names = ("|".join(map(re.escape, release.homes)) or r"(?!)").encode()
    return re.compile(pattern % names, re.MULTILINE)


def _state(code: Code, name: str, release: ReleaseSource) -> State:
    return state_of(code.module, name, release) if name in code.module.definitions else State.ABSENT


def _why_not(name: str, code: Code, release: ReleaseSource, *, hidden: bool) -> str:
    """Return why the definition of `name` that was seen is not in the module; nothing for a mere stub."""
    for source, reason in code.unread:
        if _defines(source, [name], release):
            return reason
    if hidden:
        return LEFT_OUT
    return NESTED if _state(code, name, release) is State.ABSENT else ""


def _free_name(path: str, files: Mapping[str, bytes]) -> str:
    """Return where to put the module: beside the notebook, under a name that can be imported."""
    folder = PurePosixPath(path).parent
    stem = re.sub(r"\W", "_", PurePosixPath(path).stem, flags=re.ASCII)
    stem = f"cells_of_{stem}"
    while str(folder / f"{stem}.py") in files:
        stem += "_"
    return str(folder / f"{stem}.py")
