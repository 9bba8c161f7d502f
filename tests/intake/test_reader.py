"""What crosses from the reader's child: the submission as it is prepared in one process, or a reason."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median

import pytest

from grader.course.assignment import Assignment, load_assignment
from grader.course.repository import Course
from grader.intake import (
    Candidate,
    Reader,
    ReleaseSource,
    Submission,
    SubmissionUnreadable,
    decode_submission,
    prepare_contents,
    read_contents,
)
from grader.intake.frames import frame_of
from grader.sandbox.box.codec import Malformed
from grader.sandbox.errors import BoxFailed
from grader.sandbox.worker import HostProcess
from tests.intake.build import Files, folder_of, zip_of
from tests.intake.homework import CONV_LAYERS, IN_ONE_PACKAGE, NOTEBOOKS, SOLVED, notebook, write_release

ROOT = Path(__file__).parents[2]


RUN = json.dumps(
    {
        "cells": [
            {"cell_type": "markdown", "source": "é\r\n", "id": "a"},
            {
                "cell_type": "code",
                "source": ["x = '\U0001f642'\n", "x"],
                "metadata": {"tags": ["slow", "b"]},
                "execution_count": 1,
                "outputs": [
                    {"output_type": "stream", "name": "stdout", "text": "out é\n"},
                    {"output_type": "error", "ename": "E", "evalue": "", "traceback": []},
                ],
            },
            {"cell_type": "raw", "source": ""},
        ]
    }
)
"""A notebook with everything that is kept of one."""


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an assignment of few lines."""
    root = write_release(tmp_path_factory.mktemp("repository"))
    (root / "assignments").mkdir()
    (root / "assignments/cnn").symlink_to(ROOT / "assignments/cnn")
    return root


@pytest.fixture(scope="module")
def reader(repository: Path) -> Iterator[Reader]:
    """Return a reader of submissions to it."""
    with Reader.open(repository, "cnn") as opened:
        yield opened


@pytest.fixture(scope="module")
def given(repository: Path) -> tuple[Assignment, ReleaseSource]:
    """Return the same assignment in this process."""
    assignment = load_assignment(ROOT / "assignments/cnn")
    return assignment, ReleaseSource.of(Course(repository), assignment)


@pytest.mark.parametrize(
    "files",
    [
        SOLVED,
        IN_ONE_PACKAGE,
        {},
        {**SOLVED, **NOTEBOOKS, "best_model.npz": b"PK..", "nndl/é.py": "x = 1", "notes.zip": zip_of({})},
        {"nndl/conv_layers.py": "def f(:\n", "CNN.ipynb": notebook(CONV_LAYERS), "a.ipynb": "{"},
        {"CNN.ipynb": notebook("%matplotlib inline\nfiles = !ls\n" + CONV_LAYERS)},  # IPython translates it
        {**SOLVED, "CNN.ipynb": RUN, "CNN-Layers.ipynb": RUN.encode("utf-16")[:-40]},
    ],
)
def test_the_frame_holds_what_one_process_would_have_prepared(
    files: Files, reader: Reader, given: tuple[Assignment, ReleaseSource], tmp_path: Path
) -> None:
    """Nothing is lost and nothing is added on the way."""
    candidate = Candidate("alice", folder_of(tmp_path / "alice", {**files, "more.py": ""}))
    contents = read_contents(candidate, given[0])
    assert decode_submission(reader.read(candidate), "alice") == prepare_contents(contents, *given, code=True)


def test_answers_cross_when_they_are_asked_for(repository: Path, tmp_path: Path) -> None:
    """Their text is in one layout, with the helpers that an answer uses."""
    text = (
        CONV_LAYERS
        + "def helper():\n    # mine\n    return str(1)\n\n\nclass ThreeLayerConvNet:\n    x = helper( )\n"
    )
    candidate = Candidate("alice", folder_of(tmp_path / "alice", {**SOLVED, "nndl/cnn.py": text}))
    with Reader.open(repository, "cnn", answers=True) as reader:
        submission = decode_submission(reader.read(candidate), "alice")
    assert submission.answers_complete
    assert submission.answers["ThreeLayerConvNet"] == (
        "class ThreeLayerConvNet:\n    x = helper()\n\ndef helper():\n    return str(1)\n"
    )
    assert "conv_forward_naive" in submission.answers


def test_a_refusal_names_the_submission_and_the_reason(reader: Reader, tmp_path: Path) -> None:
    """The same sentence as where it is read in one process."""
    (tmp_path / "bob.zip").write_bytes(b"Rar!")
    with pytest.raises(SubmissionUnreadable, match=r"bob: is a RAR archive; hand in a \.zip or \.tar\.gz"):
        reader.read(Candidate("bob", tmp_path / "bob.zip"))


def test_any_path_is_read(reader: Reader, tmp_path: Path) -> None:
    """Names of folders need not be text."""
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\n"))
    folder_of(folder, SOLVED)
    assert decode_submission(reader.read(Candidate("x", folder)), "x").layout == "nndl"


def test_a_homework_that_is_broken_is_nobodys_fault(tmp_path: Path) -> None:
    """The reader says so, rather than refusing submissions."""
    with Reader.open(tmp_path, "cnn") as reader, pytest.raises(BoxFailed, match="does not start"):
        reader.read(Candidate("x", tmp_path))


def test_reading_costs_a_fraction_of_starting_python_with_numpy(tmp_path: Path) -> None:
    """The child, and handing over what it read, in processor time: a ratio, since machines and their phases differ."""
    ratios = []
    with Reader.open(ROOT, "cnn") as reader:
        for number in range(6):
            candidate = Candidate("ada", tmp_path / str(number))
            shutil.copytree(
                ROOT / "solutions/nndl", candidate.path / "nndl", ignore=shutil.ignore_patterns("__*")
            )
            with (candidate.path / "nndl/cnn.py").open("a") as file:
                file.write(f"# {number}\n")
            if not number:
                reader.read(candidate)  # starts it
            child = HostProcess(reader.pid)
            before = child.cpu_seconds() + time.process_time()
            decode_submission(reader.read(candidate), candidate.id)
            ratios.append((child.cpu_seconds() + time.process_time() - before) / numpy_seconds())
            child.close()
    assert median(ratios) < 0.6


def numpy_seconds() -> float:
    """Return the processor time of a Python that imports NumPy."""
    before = os.times()
    subprocess.run([sys.executable, "-c", "import numpy"], check=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


@pytest.fixture
def prepared(given: tuple[Assignment, ReleaseSource], tmp_path: Path) -> Submission:
    """Return a submission."""
    candidate = Candidate("alice", folder_of(tmp_path / "alice", SOLVED))
    return prepare_contents(read_contents(candidate, given[0]), *given)


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../cnn.py", "a/../../b.py", "", ".", "a//b.py", "a\0.py", "a\\b"]
)
def test_a_frame_cannot_name_a_place_outside_the_stage(path: str, prepared: Submission) -> None:
    """Whatever became of the process that parsed a stranger's bytes, nothing is written elsewhere."""
    for changed in (
        replace(prepared, roots={**prepared.roots, "full": {path: b""}}),
        replace(prepared, extensions=(path,)),
    ):
        frame = b"".join(frame_of(changed, 0))
        with pytest.raises(Malformed, match="leaves its folder"):
            decode_submission(frame, "alice")


def test_a_frame_cut_short_is_refused(prepared: Submission) -> None:
    """At any place."""
    frame = b"".join(frame_of(prepared, 0))
    for end in range(20, len(frame), 97):
        with pytest.raises(Malformed):
            decode_submission(frame[:end], "alice")
    with pytest.raises(Malformed):
        decode_submission(frame + b"x", "alice")
