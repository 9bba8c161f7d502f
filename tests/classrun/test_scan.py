"""Looking at what lies there: only what changed is opened, and no submission costs another its look."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from grader.classrun.scan import Frames, fingerprint_of, scan
from grader.intake import Candidate, Reader, decode_submission, find_submissions
from grader.intake.arrivals import Arrival, plain_arrivals
from grader.results import GRADER_FAILED

B = "b" * 64


def handed_in(folder: Path, *names: str) -> Sequence[Arrival]:
    """Hand in a module for each of these students."""
    for name in names:
        module = folder / name / "nndl" / "conv_layers.py"
        module.parent.mkdir(parents=True)
        module.write_text("x = 1\n", encoding="utf-8")
    return plain_arrivals(find_submissions(folder, {"nndl"}))


@pytest.fixture
def frames(repository, cnn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Frames]]:
    """Make what reads for an engine of a given version."""
    with Reader.open(repository.root, cnn.id) as reader:
        yield lambda engine: Frames(reader, tmp_path_factory.mktemp("frames"), engine)


def test_a_file_is_read_again_only_when_it_changed(frames, tmp_path: Path) -> None:
    """An unchanged folder keeps its hash without being opened; a changed byte or another engine is seen."""
    arrivals = handed_in(tmp_path, "ada")
    seen: list[str] = []

    def hash_of(engine: str, known: dict) -> str | None:
        return scan(arrivals, known, frames(engine), seen.append)[0].content.sha256

    (first,) = scan(arrivals, {}, frames("engine-1"), seen.append)
    known = {"ada": replace(first.content, sha256=B)}  # a hash that only memory can give
    assert hash_of("engine-1", known) == B
    assert hash_of("engine-2", known) == first.content.sha256
    (tmp_path / "ada" / "nndl" / "conv_layers.py").write_text("x = 2\n", encoding="utf-8")
    assert hash_of("engine-1", known) not in {B, first.content.sha256}
    assert seen == ["ada"] * 4


def test_what_was_read_is_handed_on_as_it_is(frames, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The frame that is graded is the file that reading wrote; it is read again only if something has changed."""
    (arrival,) = handed_in(tmp_path, "ada")
    kept = frames("engine")
    (first,) = scan([arrival], {}, kept, str)
    sha256 = first.content.sha256
    read = []
    original = Reader.read
    monkeypatch.setattr(Reader, "read", lambda self, what: read.append(what) or original(self, what))
    path = kept.frame(sha256, arrival.candidate)
    assert decode_submission(path.read_bytes(), "ada").sha256 == sha256
    assert not read
    module = tmp_path / "ada" / "nndl" / "conv_layers.py"
    os.utime(module)
    assert decode_submission(kept.frame(sha256, arrival.candidate), "ada").sha256 == sha256
    module.write_text("x = 2\n", encoding="utf-8")
    assert kept.frame(sha256, arrival.candidate) is None
    assert len(read) == 2
    kept.drop(sha256)
    assert not path.exists()


def test_a_folder_of_any_depth_and_nothing_at_all_have_fingerprints(tmp_path: Path) -> None:
    """A folder deeper than Python recurses is looked at to its end; what is not there is not what was there."""
    folders = [Path(f"{tmp_path}{'/d' * depth}") for depth in range(1, 1050)]
    for folder in folders:
        folder.mkdir()
    empty = fingerprint_of(tmp_path, "engine")
    file = folders[-1] / "x.py"
    file.touch()
    assert fingerprint_of(tmp_path, "engine") != empty
    assert fingerprint_of(tmp_path / "missing", "engine") != empty
    file.unlink()
    for folder in reversed(folders):  # what removes the rest of this test's folder recurses
        folder.rmdir()


def test_one_submission_that_breaks_the_reader_costs_the_others_nothing(
    frames, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What nobody foresaw of a file is told to staff, with the reason; the class is read on, and it again next time."""
    original = Reader.read

    def read(reader: Reader, candidate: Candidate) -> bytes:
        if candidate.id == "ada":
            raise ZeroDivisionError("unforeseen")
        return original(reader, candidate)

    monkeypatch.setattr(Reader, "read", read)
    arrivals = handed_in(tmp_path, "ada", "bob")
    ada, bob = scan(arrivals, {}, frames("engine"), str)
    assert (ada.content.sha256, ada.content.error) == (None, GRADER_FAILED)
    assert "unforeseen" in ada.content.flags[0].message
    assert bob.content.sha256
    monkeypatch.undo()
    again = scan(arrivals, {"ada": ada.content, "bob": bob.content}, frames("engine"), str)
    assert again[0].content.sha256
