"""Writing the student package and its archive."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest

from grader.authoring.release import archive_name, pack, release
from grader.course.assignment import Assignment
from grader.course.regions import ReleaseError
from tests.authoring.homework import ANSWER, APART, FILES, make_homework, write


def contents(root: Path) -> dict[str, bytes]:
    """Return every file below `root`."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()
    }


def test_writes_starter_and_archive(tmp_path: Path) -> None:
    """A release writes the generated files into starter/ and all files into the archive."""
    summary = release(make_homework(tmp_path), tmp_path)
    starter = contents(tmp_path / "starter")
    with zipfile.ZipFile(summary.archive) as archive:
        packed = {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}
    packed.pop("MANIFEST.json")
    assert packed == starter
    assert summary.archive == tmp_path / "dist" / "tiny-2.1.0.zip"


def test_writes_into_the_homeworks_own_starter(tmp_path: Path) -> None:
    """A starter that stands apart gets all that is generated, and the support package's folder nothing."""
    assignment = make_homework(tmp_path, APART)
    before = contents(tmp_path / "starter")
    summary = release(assignment, tmp_path)
    assert contents(tmp_path / "starter") == before
    assert set(contents(tmp_path / "handout")) == set(summary.written)
    assert "Changed in handout/:" in str(summary)


def test_summary(tmp_path: Path) -> None:
    """The summary says what was released, which answers went, what changed and the archive's checksum."""
    summary = release(make_homework(tmp_path), tmp_path)
    assert (summary.files, summary.stubs) == (12, (("nndl/smooth.py", 2), ("Smoothing.ipynb", 1)))
    assert summary.sha256 == hashlib.sha256(summary.archive.read_bytes()).hexdigest()
    assert "nndl/smooth.py" in summary.written
    text = str(summary)
    assert "Released tiny 2.1.0: 12 files." in text
    assert "2 from nndl/smooth.py, 1 from Smoothing.ipynb" in text
    assert summary.sha256 in text


def test_reproducible(tmp_path: Path) -> None:
    """Two checkouts give the same bytes, archive and all."""
    for name in ("one", "other"):
        release(make_homework(tmp_path / name), tmp_path / name)
    assert contents(tmp_path / "one") == contents(tmp_path / "other")


def test_second_release_writes_nothing(tmp_path: Path) -> None:
    """Where nothing has changed, nothing is written."""
    assignment = make_homework(tmp_path)
    release(assignment, tmp_path)
    summary = release(assignment, tmp_path)
    assert summary.written == ()
    assert "it was up to date" in str(summary)


def test_support_package_is_never_written(tmp_path: Path) -> None:
    """The support package stays as its author left it, also where a release normalises it."""
    assignment = make_homework(tmp_path, {"starter/cs231n/setup.py": b"x = 1\r\n"})
    release(assignment, tmp_path)
    assert (tmp_path / "starter/cs231n/setup.py").read_bytes() == b"x = 1\r\n"


def test_a_release_that_leaks_is_not_written(tmp_path: Path) -> None:
    """Where students would see an answer, nothing is written and the error says where."""
    leaking = str(FILES["starter/cs231n/fast.pyx"]) + '"""\n' + ANSWER + '"""\n'
    assignment = make_homework(tmp_path, {"starter/cs231n/fast.pyx": leaking})
    with pytest.raises(
        ReleaseError, match=r"cs231n/fast\.pyx, line \d+ holds the answer nndl/smooth\.py:15-20"
    ):
        release(assignment, tmp_path)
    assert not (tmp_path / "dist").exists()
    assert not (tmp_path / "starter/nndl").exists()


def test_old_stubs_are_replaced(tmp_path: Path) -> None:
    """A change in the solution's given code reaches starter/."""
    assignment = make_homework(tmp_path)
    release(assignment, tmp_path)
    write(tmp_path / "solutions/nndl/mean.py", '"""New."""\n')
    assert release(assignment, tmp_path).written == ("nndl/mean.py",)
    assert (tmp_path / "starter/nndl/mean.py").read_bytes() == b'"""New."""\n'


PACKED = {"b.py": b"b = 1\n", "a/c.bin": b"\0\xff"}


@pytest.fixture
def assignment(tmp_path: Path) -> Assignment:
    """Return the small assignment."""
    return make_homework(tmp_path)


def test_name(assignment: Assignment) -> None:
    """The archive is named after assignment and version."""
    assert archive_name(assignment) == "tiny-2.1.0.zip"


def test_content(assignment: Assignment) -> None:
    """The archive holds every file in one folder, in order, and opens to the same bytes."""
    with zipfile.ZipFile(io.BytesIO(pack(assignment, PACKED))) as archive:
        assert archive.namelist() == ["tiny-2.1.0/MANIFEST.json", "tiny-2.1.0/a/c.bin", "tiny-2.1.0/b.py"]
        assert archive.read("tiny-2.1.0/a/c.bin") == b"\0\xff"
        assert archive.testzip() is None


def test_manifest(assignment: Assignment) -> None:
    """The manifest names the release and the SHA-256 of each file."""
    with zipfile.ZipFile(io.BytesIO(pack(assignment, PACKED))) as archive:
        manifest = json.loads(archive.read("tiny-2.1.0/MANIFEST.json"))
    assert manifest == {
        "schema": 1,
        "assignment": "tiny",
        "version": "2.1.0",
        "files": {path: hashlib.sha256(content).hexdigest() for path, content in PACKED.items()},
    }


def test_members_carry_nothing_of_the_machine(assignment: Assignment) -> None:
    """Time, permissions, system and compression are the same on every machine."""
    with zipfile.ZipFile(io.BytesIO(pack(assignment, PACKED))) as archive:
        traits = {
            (each.date_time, each.external_attr, each.create_system, each.compress_type)
            for each in archive.infolist()
        }
    assert traits == {((1980, 1, 1, 0, 0, 0), 0o100644 << 16, 3, zipfile.ZIP_STORED)}


def test_the_order_of_files_makes_no_difference(assignment: Assignment) -> None:
    """The order in which files come makes no difference to the bytes."""
    assert pack(assignment, PACKED) == pack(assignment, dict(reversed(PACKED.items())))
