"""What `%submit` does about a notebook whose file is older than what is on the screen."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from grader.student import live
from grader.student.live import SESSION, VSCODE, bring_up_to_date, notebook_name
from grader.student.submit import SLACK, note_run
from grader.student.workspace import Workspace
from tests.student.workspaces import make_workspace


def shown(workspace: Workspace, name: str, called: str) -> dict[str, Any]:
    """Return a notebook as Colab shows it: worked on, under a name of its own."""
    document: dict[str, Any] = json.loads((workspace.root / name).read_text(encoding="utf-8"))
    document["cells"].append({"cell_type": "code", "metadata": {}, "source": ["mine = 1"], "outputs": []})
    document["metadata"]["colab"] = {"name": called}
    return document


@pytest.mark.parametrize("called", ["CNN-Layers.ipynb", "Copy of CNN-Layers.ipynb", "hw4 final.ipynb"])
def test_colab_hands_over_what_it_shows(tmp_path: Path, called: str) -> None:
    """It is written down under the name that the assignment has for it, however it was renamed."""
    workspace = make_workspace(tmp_path)
    before = (tmp_path / "CNN-Layers.ipynb").read_bytes()
    document = shown(workspace, "CNN-Layers.ipynb", called)
    said = bring_up_to_date(workspace, {}, print, lambda: document, colab=True)
    written = "CNN-Layers.ipynb is written down as Colab has it now."
    assert said.startswith(f"{written} What was there is kept as CNN-Layers.ipynb.")
    assert json.loads((tmp_path / "CNN-Layers.ipynb").read_text(encoding="utf-8")) == document
    (backup,) = tmp_path.glob("CNN-Layers.ipynb.*.bak")
    assert backup.read_bytes() == before
    assert bring_up_to_date(workspace, {}, print, lambda: document, colab=True) == written
    document["cells"].pop()
    assert "is kept as" in bring_up_to_date(workspace, {}, print, lambda: document, colab=True)
    assert len(list(tmp_path.glob("CNN-Layers.ipynb.*.bak"))) == 2  # an earlier one is never written over


def test_what_colab_does_not_hand_over_is_told_with_what_to_do(tmp_path: Path) -> None:
    """No answer, or a notebook of something else: the files stay as they are."""
    workspace = make_workspace(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.glob("*.ipynb")}
    assert "Download it" in bring_up_to_date(workspace, {}, print, lambda: None, colab=True)
    other = {"cells": [{"cell_type": "code", "source": "1 + 1"}], "metadata": {}}
    assert "is none of" in bring_up_to_date(workspace, {}, print, lambda: other, colab=True)
    assert {path: path.read_bytes() for path in tmp_path.glob("*.ipynb")} == before


def test_a_scratch_notebook_is_none_of_the_assignments(tmp_path: Path) -> None:
    """It may begin as Colab's notebooks do, share what all notebooks have, and hold a cell that was pasted."""
    workspace = make_workspace(tmp_path)
    cells = {
        name: json.loads((tmp_path / name).read_text(encoding="utf-8"))["cells"]
        for name in workspace.notebooks
    }
    shared = {"cell_type": "code", "metadata": {}, "source": "import numpy as np", "outputs": []}
    setup = shared | {"source": "from google.colab import drive\ndrive.mount('/content/drive')"}
    for name, mine in cells.items():
        document = {"cells": [setup, shared, *mine], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        (tmp_path / name).write_text(json.dumps(document), encoding="utf-8")
    before = {path: path.read_bytes() for path in tmp_path.glob("*.ipynb*")}
    own = cells["CNN-Layers.ipynb"]
    for pasted in ([], own[:1], own[: len(own) // 3], [each for mine in cells.values() for each in mine]):
        scratch = {"cells": [setup, shared, *pasted], "metadata": {"colab": {"name": "Untitled0.ipynb"}}}
        assert "is none of" in bring_up_to_date(workspace, {}, print, lambda it=scratch: it, colab=True)
    assert {path: path.read_bytes() for path in tmp_path.glob("*.ipynb*")} == before


def test_jupyter_is_asked_to_save(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it does, the file is new; where it does not, or nobody can ask, one reads what to press."""
    workspace = make_workspace(tmp_path)
    path = tmp_path / "CNN.ipynb"
    monkeypatch.setattr(live, "SAVE_SECONDS", 0.3)
    monkeypatch.setenv(SESSION, str(path))
    note_run(workspace, path.name, time.time() + 10 * SLACK)

    def save(_script: str) -> None:
        os.utime(path, (time.time() + 20 * SLACK,) * 2)

    asked: list[str] = []
    assert "Save it (Ctrl-S" in bring_up_to_date(workspace, {}, asked.append, colab=False)
    assert "docmanager:save" in asked[0]
    asked.clear()
    assert "Save it" in bring_up_to_date(workspace, {VSCODE: str(path)}, asked.append, colab=False)
    assert asked == []
    assert bring_up_to_date(workspace, {}, save, colab=False) == ""
    assert bring_up_to_date(workspace, {}, asked.append, colab=False) == ""
    assert asked == []


def test_a_notebook_is_known_on_every_system(monkeypatch: pytest.MonkeyPatch) -> None:
    """By its file name, whichever way the slashes lean."""
    monkeypatch.setenv(SESSION, r"C:\Users\ada\hw\CNN.ipynb")
    assert notebook_name({}) == "CNN.ipynb"
    assert notebook_name({VSCODE: "/home/ada/CNN-Layers.ipynb"}) == "CNN-Layers.ipynb"
