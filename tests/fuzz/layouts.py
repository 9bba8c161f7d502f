"""What an assignment says of its layouts, how a submission's files are laid out, and how a download's are named."""

from __future__ import annotations

import tempfile
from pathlib import Path

from grader.course.assignment import ASSIGNMENT_FILE, AssignmentError, load_assignment
from grader.intake.arrivals import IntakeError
from grader.intake.contents import contents_of
from grader.intake.discover import packages_of, read_download
from grader.intake.lms.gradescope import METADATA
from grader.intake.names import UnsafeName, clean_id, decoded, is_too_long, safe_path
from tests.fuzz.made import ROOT, assignment, pairs, prepared

WORDS = (
    *(
        b"[[layouts]]\n",
        b"[[parts]]\n",
        b"answers = ",
        b"given = ",
        b"earlier = ",
        b"names = ",
        b"lacks = ",
        b"\xff",
    ),
    *(
        b"kind = ",
        b"points = ",
        b"cell = ",
        b"notebook = ",
        b"[policy]\n",
        b"due = 2026-11-29",
        b"inf",
        b"nan",
        b"'''",
    ),
    *(
        b"nndl/cnn.py",
        b"conv_forward_naive",
        b"__init__.py",
        b"from .cnn import *",
        b"import nndl.",
        b"assignment2/",
    ),
    *(
        b"lovelaceada_12345_678901_hw5.zip",
        b"_LATE_",
        b"Ada Lovelace_1234567_assignsubmission_file_",
        b"submission_1",
    ),
    *(
        METADATA.encode(),
        b":submitters:\n",
        b"- :name: ",
        b"  :sid: ",
        b"!ruby/object:X",
        b"&a ",
        b"*a",
        b".ipynb",
        b"-2",
    ),
)


def run(data: bytes) -> None:
    """Read bytes as the first one says: as assignment.toml, as a submission's files, or as a download."""
    way, rest = data[:1], data[1:]
    if way == b"a":
        _describes(rest)
    elif way == b"s":
        files = {name: content for name, content in _named(rest).items() if name.endswith((".py", ".ipynb"))}
        prepared(contents_of("x", files))
    else:
        _download(_named(rest))


def _describes(text: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, ASSIGNMENT_FILE).write_bytes(text)
        try:
            found = load_assignment(Path(folder))
        except AssignmentError:
            return
        assert found == load_assignment(Path(folder))
        assert all(found.part(each.id) is each for each in found.parts)
        packages_of(found)


def _named(data: bytes) -> dict[str, bytes]:
    """Return files by names that a file system takes; none is another's folder."""
    files: dict[str, bytes] = {}
    for name, content in pairs(data):
        try:
            path = decoded(safe_path(name.decode("utf-8", "surrogateescape")))
        except UnsafeName:
            continue
        folders = {path[:at] for at, letter in enumerate(path) if letter == "/"}
        clash = folders & files.keys() or any(each.startswith(f"{path}/") for each in files)
        if path and not is_too_long(path) and not clash:
            files[path] = content
    return files


def _download(files: dict[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        work, workspace = Path(folder, "download"), Path(folder, "workspace")
        work.mkdir()
        for name, content in files.items():
            Path(work, name).parent.mkdir(parents=True, exist_ok=True)
            Path(work, name).write_bytes(content)
        try:
            found = read_download(
                work, workspace=workspace, packages=packages_of(assignment()), assignment="cnn"
            )
        except IntakeError:
            return
        ids = [each.candidate.id for each in found.arrivals]
        assert len({each.casefold() for each in ids}) == len(ids), ids
        for each in found.arrivals:
            assert clean_id((each.candidate.id,)) == each.candidate.id
            path = each.candidate.path
            assert path == work or work in path.parents or workspace in path.parents
            assert path.exists()
        assert {each.name for each in Path(folder).iterdir()} <= {"download", "workspace"}


_LAYOUT = b"""title = "A"
libraries = ["numpy"]
answers = ["nndl/cnn.py"]
[[parts]]
id = "conv_forward_naive"
points = 5
[[layouts]]
name = "other"
answers = { conv = "a/b.py" }
lacks = ["conv_forward_naive"]
names = { conv_forward_naive = { keys = { a = "b" } } }
[policy]
due = 2026-11-29T12:00:00
"""
_METADATA = b"""---
submission_1:
  :submitters:
  - :name: Ada
    :sid: '1'
    :email: ada@example.edu
  :created_at: 2026-11-29 12:00:00.5 Z
  :history: []
"""


def _joined(*pieces: bytes) -> bytes:
    return b"\xff".join(pieces)


SEEDS = (
    b"a" + _LAYOUT,
    *(b"a" + (ROOT / "assignments" / name / ASSIGNMENT_FILE).read_bytes()[:3000] for name in ("cnn", "fc")),
    b"s"
    + _joined(
        b"nndl/cnn.py", b"from nndl.layers import *\nclass ThreeLayerConvNet: pass\n", b"old/a.py", b"x = 1"
    ),
    b"s"
    + _joined(b"cs231n/layers.py", b"def conv_forward_naive(x): return x", b"CNN.ipynb", b'{"cells": []}'),
    b"d" + _joined(b"lovelaceada_12345_678901_hw5.zip", b"", b"pascal_LATE_2_3_hw5-1.zip", b""),
    b"d"
    + _joined(
        b"Ada Lovelace_1234567_assignsubmission_file_/cnn.py", b"", b"Ben_1_assignsubmission_file_/a.py", b""
    ),
    b"d" + _joined(METADATA.encode(), _METADATA, b"submission_1/nndl/cnn.py", b"", b"submission_2/a.py", b""),
    b"d"
    + _joined(b"ada/hw5/nndl/cnn.py", b"", b"ben/nndl/cnn.py", b"", b"carl/hw5.zip", b"", b"readme.txt", b""),
    b"d"
    + _joined(
        b"submitted/ada/cnn/CNN.ipynb", b"{}", b"submitted/ada/cnn/timestamp.txt", b"2026-11-29 12:00:00 UTC"
    ),
)
FOUND = (
    b"d" + _joined(METADATA.encode(), b"a" * 300 + b": {}"),  # no folder can have this name
    b"d" + _joined(METADATA.encode(), _METADATA.replace(b"'1'", b"!!bool 'x'"), b"submission_1/a.py", b""),
)
