"""Packing a student package."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest

from grader.authoring.archive import archive_name, pack
from grader.course.assignment import Assignment
from tests.authoring.homework import make_homework

FILES = {"b.py": b"b = 1\n", "a/c.bin": b"\0\xff"}


@pytest.fixture
def assignment(tmp_path: Path) -> Assignment:
    """Return the small homework."""
    return make_homework(tmp_path)


def test_name(assignment: Assignment) -> None:
    """The archive is named after homework and version."""
    assert archive_name(assignment) == "tiny-2.1.0.zip"


def test_content(assignment: Assignment) -> None:
    """The archive holds every file in one folder, in order, and opens to the same bytes."""
    with zipfile.ZipFile(io.BytesIO(pack(assignment, FILES))) as archive:
        assert archive.namelist() == ["tiny-2.1.0/MANIFEST.json", "tiny-2.1.0/a/c.bin", "tiny-2.1.0/b.py"]
        assert archive.read("tiny-2.1.0/a/c.bin") == b"\0\xff"
        assert archive.testzip() is None


def test_manifest(assignment: Assignment) -> None:
    """The manifest names the release and the SHA-256 of each file."""
    with zipfile.ZipFile(io.BytesIO(pack(assignment, FILES))) as archive:
        manifest = json.loads(archive.read("tiny-2.1.0/MANIFEST.json"))
    assert manifest == {
        "schema": 1,
        "assignment": "tiny",
        "version": "2.1.0",
        "files": {path: hashlib.sha256(content).hexdigest() for path, content in FILES.items()},
    }


def test_members_carry_nothing_of_the_machine(assignment: Assignment) -> None:
    """Time, permissions, system and compression are the same on every machine."""
    with zipfile.ZipFile(io.BytesIO(pack(assignment, FILES))) as archive:
        traits = {
            (each.date_time, each.external_attr, each.create_system, each.compress_type)
            for each in archive.infolist()
        }
    assert traits == {((1980, 1, 1, 0, 0, 0), 0o100644 << 16, 3, zipfile.ZIP_STORED)}


def test_reproducible(assignment: Assignment) -> None:
    """The order in which files come makes no difference to the bytes."""
    assert pack(assignment, FILES) == pack(assignment, dict(reversed(FILES.items())))
