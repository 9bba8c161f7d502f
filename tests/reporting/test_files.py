"""Writing files whole, and naming pages."""

from __future__ import annotations

import errno
import re
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from grader.reporting.files import ReportError, page_name, write_atomically

from .samples import HOSTILE
from .strategies import anything


@given(st.lists(anything, unique=True, max_size=8))
def test_page_names_are_plain_and_distinct(ids: list[str]) -> None:
    """Any ids get short file names of plain letters that stay distinct where case is ignored."""
    names = [page_name(each) for each in ids]
    assert len({name.lower() for name in names}) == len(ids)
    assert all(re.fullmatch(r"[a-z0-9-]{1,80}\.html", name) for name in names)


@pytest.mark.parametrize("submission_id", [*HOSTILE.values(), "CON", ".", "", "a" * 300])
def test_page_names_never_leave_their_folder(submission_id: str) -> None:
    """An id that is a path, a device or nothing at all still names a file in the pages' folder."""
    assert Path(page_name(submission_id)).name == page_name(submission_id)


def test_ids_that_look_alike_have_their_own_pages() -> None:
    """Ids that differ in case or in what a file name cannot hold do not overwrite each other."""
    assert len({page_name(each) for each in ("Ada", "ada", "ada!", "ada ", "ada/")}) == 5


def test_a_written_file_is_whole_and_alone(tmp_path: Path) -> None:
    """The file holds the text as UTF-8, its folder is made, and no temporary file stays."""
    path = write_atomically(tmp_path / "deep" / "page.html", "é\n")
    assert path.read_bytes() == b"\xc3\xa9\n"
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    ("code", "step", "words"),
    [
        (errno.ENOSPC, "open", "disk is full; free some space"),
        (errno.ENOSPC, "replace", "disk is full; free some space"),
        (errno.EROFS, "mkdir", "read-only; choose a folder"),
        (errno.EACCES, "open", "change its permissions"),
        (errno.EIO, "open", "choose another folder"),
    ],
)
def test_a_refusing_disk_keeps_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, step: str, words: str
) -> None:
    """When the disk refuses, the error names the path and what to do, and the old file stands untouched."""
    path = write_atomically(tmp_path / "grades.json", "old")

    def refuse(*_: object, **__: object) -> None:
        raise OSError(code, "refused")

    monkeypatch.setattr(Path, step, refuse)
    with pytest.raises(ReportError, match=f"grades.json.*{words}"):
        write_atomically(path, "new")
    monkeypatch.undo()
    assert [each.read_text() for each in tmp_path.iterdir()] == ["old"]


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    """A file where a folder is needed is reported as that."""
    (tmp_path / "out").write_text("")
    with pytest.raises(ReportError, match="a file stands where a folder is needed"):
        write_atomically(tmp_path / "out" / "index.html", "")


def test_a_folder_in_the_way_is_named(tmp_path: Path) -> None:
    """A folder where the file should go is reported, and the temporary file is taken away."""
    (tmp_path / "index.html").mkdir()
    with pytest.raises(ReportError, match="a folder stands where the file should go"):
        write_atomically(tmp_path / "index.html", "")
    assert [each.name for each in tmp_path.iterdir()] == ["index.html"]


def test_a_link_in_the_way_is_replaced_not_followed(tmp_path: Path) -> None:
    """A symbolic link at the report's place does not lead the write elsewhere."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("mine")
    (tmp_path / "index.html").symlink_to(elsewhere)
    write_atomically(tmp_path / "index.html", "new")
    assert elsewhere.read_text() == "mine"
