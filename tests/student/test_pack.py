"""The zip that is handed in, and its receipt."""

from __future__ import annotations

import hashlib
import json
import platform
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from grader.intake import find_submissions, read_contents
from grader.student.submit import RECEIPT, Packed, pack
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
