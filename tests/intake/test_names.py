"""Names from outside: safe paths and clean ids."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from grader.intake.names import (
    LONGEST_ID,
    UnsafeName,
    clean_id,
    decoded,
    folders_above,
    printable,
    safe_path,
)

RAW_NAMES = st.text(
    alphabet=st.one_of(st.sampled_from("ab./\\:\0-=\n"), st.characters()),
    max_size=40,
)


@pytest.mark.parametrize(
    "name",
    [
        "../x.py",
        "a/../../x.py",
        "a/..",
        "/etc/passwd",
        "C:/x.py",
        "c:x.py",
        "..\\x.py",
        "a\\..\\..\\x.py",
        "\\\\server\\x.py",
        "C:\\x.py",
        "a\0.py",
    ],
)
def test_a_name_that_could_leave_its_folder_is_refused(name: str) -> None:
    """Traversal, absolute paths, drives and null characters raise, with slashes of either kind."""
    with pytest.raises(UnsafeName):
        safe_path(name)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("./nndl/cnn.py", "nndl/cnn.py"),
        ("a//b.py", "a/b.py"),
        ("a/", "a"),
        ("./", ""),
        ("..x/y", "..x/y"),
        ("hw5\\nndl\\cnn.py", "hw5/nndl/cnn.py"),
    ],
)
def test_a_harmless_name_loses_its_empty_steps(name: str, path: str) -> None:
    """What tar puts before names, and doubled slashes, go away; a Windows tool's slashes are slashes."""
    assert safe_path(name) == path


@given(RAW_NAMES)
def test_a_safe_path_stays_inside(name: str) -> None:
    """Whatever is let through is relative, has no step upwards and no empty step."""
    try:
        path = safe_path(name)
    except UnsafeName:
        return
    steps = path.split("/") if path else []
    assert not {"", ".", ".."} & set(steps)
    assert not set("\\\0") & set(path)


@given(st.binary(max_size=30))
def test_any_bytes_become_text_that_can_be_encoded(raw: bytes) -> None:
    """A name in no known encoding still prints."""
    decoded(raw.decode("utf-8", "surrogateescape")).encode("utf-8")


@given(RAW_NAMES)
def test_a_printed_name_has_no_control_characters(name: str) -> None:
    """Terminal codes and line breaks do not reach a message, and no name fills a page."""
    shown = printable(name)
    assert len(shown) <= LONGEST_ID
    assert shown.isprintable() or not any(ord(letter) < 32 or 127 <= ord(letter) < 160 for letter in shown)


@given(st.lists(RAW_NAMES, min_size=1, max_size=4))
def test_an_id_is_a_harmless_file_name(parts: list[str]) -> None:
    """An id starts with a letter or digit, is not endless, and has no separator, blank or formula sign."""
    id_ = clean_id(parts)
    assert id_[0].isalnum() or id_[0] not in "._-"
    assert len(id_) <= LONGEST_ID
    assert all(letter.isalnum() or letter in "._-" for letter in id_)


@pytest.mark.parametrize(
    ("path", "folders"), [("a.py", []), ("a/b.py", ["a"]), ("a/b/c.d/e.py", ["a", "a/b", "a/b/c.d"])]
)
def test_folders_above_a_file(path: str, folders: list[str]) -> None:
    """Every folder on the way to a file is named, the outermost first."""
    assert list(folders_above(path)) == folders
