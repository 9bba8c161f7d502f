"""The course key: from the environment, or made once and kept."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from grader.course.repository import KEY_FILE, KEY_VARIABLE, CourseKeyError, course_key


@pytest.fixture(autouse=True)
def no_key_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start without a key."""
    monkeypatch.delenv(KEY_VARIABLE, raising=False)


def test_the_environment_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that the environment names is used and nothing is written."""
    monkeypatch.setenv(KEY_VARIABLE, "given")
    assert course_key(tmp_path) == "given"
    assert not (tmp_path / KEY_FILE).exists()


def test_a_key_is_made_once_and_kept_private(tmp_path: Path) -> None:
    """The second call reads what the first made; only its owner can read the file."""
    first = course_key(tmp_path)
    assert len(first) == 64
    assert course_key(tmp_path) == first
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600


def test_two_courses_have_two_keys(tmp_path: Path) -> None:
    """Keys are random."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert course_key(tmp_path / "a") != course_key(tmp_path / "b")


def test_a_key_that_cannot_be_kept_is_an_error(tmp_path: Path) -> None:
    """A missing folder is named, with the way out."""
    with pytest.raises(CourseKeyError, match=KEY_VARIABLE):
        course_key(tmp_path / "missing")
