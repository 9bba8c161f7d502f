"""What the assignment provides when a submission is staged."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.course.assignment import Assignment
from grader.course.repository import Course
from grader.intake.arrivals import ReleaseIncomplete
from grader.intake.release import ReleaseSource
from tests.intake.homework import COMPILED, NAIVE, write_release


def test_a_release_knows_where_each_symbol_belongs(release: ReleaseSource) -> None:
    """Which module an answer is in follows from the solution and is written nowhere else."""
    assert release.homes == {
        **dict.fromkeys(NAIVE, "nndl/conv_layers.py"),
        "ThreeLayerConvNet": "nndl/cnn.py",
    }


def test_answers_do_not_reach_a_stage_from_the_release(release: ReleaseSource) -> None:
    """Only stubs of answer modules are kept."""
    assert all("solved" not in text for text in (*release.stubs.values(), *release.complete.values()))


def test_what_came_back_as_it_was_is_not_parsed_again(release: ReleaseSource) -> None:
    """It is seen as what was handed out, at the place it came back to; what was changed is looked at anew."""
    name, known = next(iter(release.sources.items()))
    seen = release.read_source("hw5/copy.py", known.data)
    assert seen.path == "hw5/copy.py"
    assert seen.body is known.body, name
    assert "added" in release.read_source("hw5/copy.py", known.data + b"\nadded = 1\n").names


def test_only_the_extension_of_this_python_is_taken(release: ReleaseSource) -> None:
    """A build that another Python left behind would not be imported."""
    assert set(release.compiled) == {COMPILED}


@pytest.mark.parametrize("missing", ["solutions/nndl/optim.py", "starter/cs231n"])
def test_a_missing_file_is_the_authors_matter(missing: str, assignment: Assignment, tmp_path: Path) -> None:
    """The error names the path and is no submission's."""
    root = write_release(tmp_path)
    (root / missing).rename(tmp_path / "away")
    with pytest.raises(ReleaseIncomplete, match=missing):
        ReleaseSource.of(Course(root), assignment)


def test_a_symbol_that_no_module_defines_is_the_authors_matter(
    assignment: Assignment, tmp_path: Path
) -> None:
    """A part that judges a misspelt function is found before any submission is."""
    root = write_release(tmp_path)
    (root / "solutions/nndl/cnn.py").write_text("")
    with pytest.raises(ReleaseIncomplete, match="ThreeLayerConvNet"):
        ReleaseSource.of(Course(root), assignment)
