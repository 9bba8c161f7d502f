"""The zip that is handed in, and its receipt."""

from __future__ import annotations

import hashlib
import json
import platform
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from grader.intake import find_submissions, read_contents
from grader.student.submit import RECEIPT, Packed, import_problems, own_modules, pack, renamed_notebooks
from grader.student.workspace import Workspace
from tests.student.workspaces import REPOSITORY, make_workspace

NOW = datetime(2026, 3, 14, 15, 9, 26, tzinfo=UTC)


def packed(folder: Path) -> Packed:
    """Return the packed workspace in `folder`, among files that nobody asked for."""
    workspace = make_workspace(folder, solved=True)
    for clutter in ("secrets.txt", "nndl/notes.py", "cifar.npz"):
        (folder / clutter).write_text("x", encoding="utf-8")
    (folder / "best_model.npz").write_bytes(b"weights")
    return pack(workspace, (), NOW)


def test_only_what_is_asked_for(tmp_path: Path) -> None:
    """The zip holds the student's modules, notebooks, weights and the receipt, and nothing else."""
    release = REPOSITORY.load("cnn").release
    asked = {
        *release.answers,
        *release.earlier,
        *release.given,
        *release.notebooks,
        "best_model.npz",
        RECEIPT,
    }
    with zipfile.ZipFile(packed(tmp_path).path) as archive:
        assert set(archive.namelist()) == asked


def test_receipt_inside(tmp_path: Path) -> None:
    """The receipt in the zip has the checksum of every other file."""
    with zipfile.ZipFile(packed(tmp_path).path) as archive:
        receipt = json.loads(archive.read(RECEIPT))
        files = [name for name in archive.namelist() if name != RECEIPT]
        assert receipt["made_with"] == {"python": platform.python_version(), "numpy": np.__version__}
        assert receipt["files"] == {name: hashlib.sha256(archive.read(name)).hexdigest() for name in files}


def test_receipt_beside(tmp_path: Path) -> None:
    """The receipt beside the zip has the zip's checksum and the time."""
    made = packed(tmp_path)
    assert hashlib.sha256(made.path.read_bytes()).hexdigest() == made.sha256
    text = made.receipt.read_text(encoding="utf-8")
    assert made.sha256 in text
    assert made.work in text
    assert "Packed 2026-03-1" in text


def test_reproducible(tmp_path: Path) -> None:
    """The same files make the same zip."""
    assert packed(tmp_path / "one").sha256 == packed(tmp_path / "two").sha256


def test_grader_reads_it(tmp_path: Path) -> None:
    """The grader finds the submission, keeps every file, and calls it by the checksum that the receipt names."""
    made = packed(tmp_path / "work")
    (tmp_path / "class").mkdir()
    made.path.rename(tmp_path / "class" / "ada.zip")
    (candidate,) = find_submissions(tmp_path / "class", ())
    submission = read_contents(candidate, REPOSITORY.load("cnn"))
    assert set(submission.files) == set(made.files)
    assert submission.sha256 == made.work
    assert submission.flags == ()


def add_line(path: Path, line: str) -> None:
    """Put a line behind the module's docstring."""
    head, quote, rest = path.read_text(encoding="utf-8").partition('"""\n')
    path.write_text(f"{head}{quote}\n{line}\n{rest}", encoding="utf-8")


HELPERS = {
    "my_helpers.py": "from tools import sums\n",
    "tools/__init__.py": "",
    "tools/sums.py": "from . import inner\n",
    "tools/inner.py": "from nndl.beside import one\n",
    "nndl/beside.py": "one = 1\n",
    "tools/unused.py": "",
}


def with_helpers(folder: Path, line: str = "import my_helpers") -> Workspace:
    """Return a solved workspace whose answers import helpers, which import others."""
    workspace = make_workspace(folder, solved=True)
    for path, text in HELPERS.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    add_line(folder / "nndl/conv_layers.py", line)
    return workspace


def test_what_the_answers_import_is_handed_in(tmp_path: Path) -> None:
    """Helpers and their helpers are packed, wherever they lie; what nobody imports is not, nor is what was given."""
    workspace = with_helpers(tmp_path)
    assert set(own_modules(workspace)) == HELPERS.keys() - {"tools/unused.py"}
    assert import_problems(workspace) == []
    with zipfile.ZipFile(pack(workspace, (), NOW).path) as archive:
        names = archive.namelist()
    assert {*names} >= HELPERS.keys() - {"tools/unused.py"}
    assert not any(name.startswith(("cs231n/", "nndl_check/")) for name in names)


def test_what_a_notebook_imports_is_handed_in(tmp_path: Path) -> None:
    """Also from a cell that is no Python as it stands."""
    workspace = with_helpers(tmp_path, "")
    path = tmp_path / "CNN.ipynb"
    document = json.loads(path.read_text(encoding="utf-8"))
    cell = next(each for each in document["cells"] if each["cell_type"] == "code")
    cell["source"] = ["%matplotlib inline\n", "import my_helpers as mine\n"]
    path.write_text(json.dumps(document), encoding="utf-8")
    assert "my_helpers.py" in own_modules(workspace)


def test_what_does_not_import_from_the_zip_alone_is_told(tmp_path: Path) -> None:
    """A name that only the student's folder has is named with what to do; what imports nowhere is no such thing."""
    line = "import importlib; importlib.import_module('my_' + 'helpers')"
    (problem,) = import_problems(with_helpers(tmp_path, line))
    assert problem.startswith(
        "nndl.conv_layers can be imported in this folder, and not from what is packed: ModuleNotFound"
    )
    add_line(tmp_path / "nndl/cnn.py", "import not_there_at_all")
    assert all(
        "not_there_at_all" not in each for each in import_problems(Workspace.load(tmp_path / "nndl_check"))
    )


@pytest.mark.parametrize(
    "name", ["CNN-Layers (1).ipynb", "CNN-Layers-Copy1.ipynb", "Copy of CNN-Layers.ipynb"]
)
def test_a_renamed_notebook_is_packed_under_its_name(tmp_path: Path, name: str) -> None:
    """A browser or Jupyter made a copy of another name; where the notebook itself is there, it counts."""
    workspace = make_workspace(tmp_path, solved=True)
    (tmp_path / name).write_bytes(b"the copy")
    assert renamed_notebooks(workspace) == {}
    (tmp_path / "CNN-Layers.ipynb").unlink()
    assert {key: path.name for key, path in renamed_notebooks(workspace).items()} == {
        "CNN-Layers.ipynb": name
    }
    with zipfile.ZipFile(pack(workspace, (), NOW).path) as archive:
        assert archive.read("CNN-Layers.ipynb") == b"the copy"


def test_another_notebook_is_no_copy(tmp_path: Path) -> None:
    """CNN-BatchNorm does not stand in for CNN."""
    workspace = make_workspace(tmp_path, solved=True)
    (tmp_path / "CNN.ipynb").unlink()
    assert renamed_notebooks(workspace) == {}
