"""Only places that exist in the submission are shown to students."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.checking.verdicts import SourceLocations


@pytest.fixture
def places(tmp_path: Path) -> SourceLocations:
    """The places of a root with one module of three lines."""
    (tmp_path / "root" / "nndl").mkdir(parents=True)
    (tmp_path / "root" / "nndl" / "layers.py").write_text("a = 1\nb = 2\nc = 3", encoding="utf-8")
    (tmp_path / "outside.py").write_text("secret = 1\n", encoding="utf-8")
    return SourceLocations([tmp_path / "root"])


@pytest.mark.parametrize(
    "where", ["nndl/layers.py:1", "nndl/layers.py:3", "nndl/layers.py:3, called from nndl/layers.py:1"]
)
def test_lines_of_the_submission_are_known(places: SourceLocations, where: str) -> None:
    """A line of a file that was handed in is a place."""
    assert where in places


@pytest.mark.parametrize(
    "where",
    [
        "nndl/layers.py:4",
        "nndl/layers.py:0",
        "nndl/layers.py",
        "nndl/0.73127.py:1",
        "../outside.py:1",
        "nndl/layers.py:1 0.73",
        "nndl/layers.py:1, called from nndl/layers.py:4",
        "nndl/layers.py:1, called from nndl/layers.py:1, called from 0.73",
        "nndl/layers.py:99999999999999",
        "",
    ],
)
def test_made_up_places_are_not_known(places: SourceLocations, where: str) -> None:
    """Lines beyond the end, files that are not there and anything else are none."""
    assert where not in places
    assert 3 not in places
