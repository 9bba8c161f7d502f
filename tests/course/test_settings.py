"""A course's table in pyproject.toml is read, and what is wrong with it is said with its file."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.course.repository import CourseError, CourseSettings, load_settings


def write(folder: Path, text: str) -> Path:
    """Write a pyproject.toml and return its folder."""
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_table_is_optional(tmp_path: Path) -> None:
    """A course without a file, or without a table in it, has the settings that courses have."""
    assert load_settings(tmp_path) == CourseSettings()
    assert load_settings(write(tmp_path, "[project]\nname = 'course'\n")) == CourseSettings()


def test_a_table_is_read(tmp_path: Path) -> None:
    """What the table says is what the settings are."""
    assert (
        load_settings(write(tmp_path, "[tool.numgrade]\ngate = 'tests.own:steps'\n")).gate
        == "tests.own:steps"
    )


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[tool.numgrade\n", "is not TOML"),
        ("[tool.numgrade]\ngates = 'tests.own:steps'\n", "gates: there is no such key; did you mean gate"),
        ("[tool.numgrade]\ngate = 'tests.own'\n", "gate: String should match"),
    ],
)
def test_an_unusable_table_is_named(tmp_path: Path, text: str, complaint: str) -> None:
    """The message names the file, the entry and what is wrong with it."""
    with pytest.raises(CourseError, match=complaint) as caught:
        load_settings(write(tmp_path, text))
    assert str(tmp_path / "pyproject.toml") in str(caught.value)
