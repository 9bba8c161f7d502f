"""The present text of the notebook that runs: asked of whoever shows it, where the file on disk is older."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections import Counter
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from grader.intake.notebooks import read_notebook
from grader.student.submit import place_of, ran_after_saving
from grader.student.workspace import Workspace

SESSION = "JPY_SESSION_NAME"
"""Environment variable in which Jupyter tells a kernel the path of its notebook."""

VSCODE = "__vsc_ipynb_file__"
"""Variable in which Visual Studio Code tells it."""

ANSWER_SECONDS = 20.0
"""What Colab may take to hand over a notebook."""

SAVE_SECONDS = 5.0
"""What Jupyter may take to save one."""

SAVE = """
if (window.jupyterapp) { window.jupyterapp.commands.execute("docmanager:save"); }
else if (window.Jupyter && window.Jupyter.notebook) { window.Jupyter.notebook.save_checkpoint(); }
"""
"""Asks JupyterLab, where it lets itself be asked, or the classic Notebook to save."""

HANDED_OVER = "{name} is written down as Colab has it now."
KEPT = " What was there is kept as {kept}."
NOT_HANDED_OVER = (
    "Colab did not hand over this notebook. Download it (File, Download .ipynb), put it into {root} as {names}, and "
    "run invoke submit there."
)
WHOSE = "Colab handed over a notebook that is none of {names}; open one of these and run %submit there."
SAVE_IT = "{name} was run after it was saved. Save it (Ctrl-S, on a Mac Cmd-S), then run %submit again."

_OF_COLAB = ("google.colab", "colab-badge.svg", "colab.research.google.com")

Ask = Callable[[], dict[str, Any] | None]


def colab_notebook() -> dict[str, Any] | None:
    """Return the document that Colab shows, or None where this is not Colab or it does not answer."""
    try:
        from google.colab import _message  # type: ignore[import-not-found]  # noqa: PLC0415  # there alone
    except ImportError:
        return None
    answer = _message.blocking_request("get_ipynb", request="", timeout_sec=ANSWER_SECONDS)
    document = answer.get("ipynb") if isinstance(answer, dict) else None
    return document if isinstance(document, dict) else None


def in_colab() -> bool:
    """Whether this kernel is one of Colab's."""
    return "COLAB_RELEASE_TAG" in os.environ or "COLAB_GPU" in os.environ


def notebook_name(namespace: dict[str, object]) -> str:
    """Return the file name of the notebook that this kernel belongs to, or nothing where nobody says."""
    path = namespace.get(VSCODE) or os.environ.get(SESSION, "")
    return str(path).replace("\\", "/").rpartition("/")[2]


def bring_up_to_date(
    workspace: Workspace,
    namespace: dict[str, object],
    ask_to_save: Callable[[str], object],
    ask_colab: Ask = colab_notebook,
    *,
    colab: bool | None = None,
) -> str:
    """Have the running notebook's present text on disk, if that can be had; return what to say, maybe nothing.

    Parameters
    ----------
    workspace
        Whose notebooks.
    namespace
        The kernel's variables.
    ask_to_save
        Shows a script to the page that shows the notebook.
    ask_colab
        Returns what Colab shows.
    colab
        Whether this is Colab, by default what the environment says.
    """
    if in_colab() if colab is None else colab:
        return _from_colab(workspace, ask_colab)
    shown = notebook_name(namespace)
    if shown not in workspace.notebooks or not ran_after_saving(workspace, shown):
        return ""
    if VSCODE not in namespace:
        ask_to_save(SAVE)
        until = time.monotonic() + SAVE_SECONDS
        while ran_after_saving(workspace, shown) and time.monotonic() < until:
            time.sleep(0.1)
    return SAVE_IT.format(name=shown) if ran_after_saving(workspace, shown) else ""


def _from_colab(workspace: Workspace, ask: Ask) -> str:
    names = " or ".join(workspace.notebooks)
    document = ask()
    if document is None:
        return NOT_HANDED_OVER.format(root=workspace.root, names=names)
    text = json.dumps(document, indent=1, ensure_ascii=False).encode()
    name = _whose(workspace, document, text)
    if not name:
        return WHOSE.format(names=names)
    place = workspace.root / name
    kept = _kept(place, text)
    new = place.with_name(f".{place.name}.new")
    new.write_bytes(text)
    new.replace(place)  # whole or not at all
    return HANDED_OVER.format(name=name) + (KEPT.format(kept=kept) if kept else "")


def _kept(place: Path, text: bytes) -> str:
    """Copy a file that is going to be another one to a name of its own beside it; return that name."""
    if not place.is_file() or place.read_bytes() == text:
        return ""
    saved = time.strftime("%Y%m%d-%H%M%S", time.localtime(place.stat().st_mtime))
    names = (f"{place.name}.{saved}-{at}.bak" for at in count(1))
    backup = next(path for name in names if not (path := place.with_name(name)).exists())
    shutil.copy2(place, backup)
    return backup.name


def _whose(workspace: Workspace, document: dict[str, Any], text: bytes) -> str:
    """Return which notebook a document is: by its name or, renamed, by most of the cells that only one notebook has."""
    metadata = document.get("metadata")
    colab = metadata.get("colab") if isinstance(metadata, dict) else None
    named = str(colab.get("name", "")) if isinstance(colab, dict) else ""
    if named in workspace.notebooks:
        return named
    cells = {
        name: _sources(place.read_bytes())
        for name in workspace.notebooks
        if (place := place_of(workspace, name)).is_file()
    }
    often = Counter(source for each in cells.values() for source in each)
    own = {name: {source for source in each if often[source] == 1} for name, each in cells.items()}
    there = _sources(text)
    found = [name for name, each in own.items() if 2 * len(each & there) > len(each)]
    return found[0] if len(found) == 1 else ""


def _sources(text: bytes) -> frozenset[str]:
    """Return the texts of a notebook's cells, but for those with which any notebook of Colab's may begin."""
    sources = (cell.source.strip() for cell in read_notebook(text).cells)
    return frozenset(each for each in sources if each and not any(word in each for word in _OF_COLAB))
