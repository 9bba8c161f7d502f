"""Reading an assignment: what is valid, and how errors name the line to change."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.course.assignment import AssignmentError, Part, PartKind, load_assignment
from grader.course.inside import inside_tests
from grader.course.libraries import installed_versions


def test_the_homework_has_a_hundred_points(cnn) -> None:
    """The CNN assignment's parts add up, in families of one answer each."""
    assert sum(part.points for part in cnn.parts) == 100
    assert cnn.part("conv_backward_naive.dx").family == "conv_backward_naive"
    assert len(cnn.symbols) == 7


def test_the_earlier_homework_has_a_hundred_points_too(repository) -> None:
    """The fully connected networks assignment hands out its own modules, and the support package of the other."""
    fc = repository.load("fc")
    assert sum(part.points for part in fc.parts) == 100
    assert set(fc.release.answers) < set(repository.load("cnn").release.earlier)
    assert repository.support(fc) == repository.starter(repository.load("cnn"))


def test_an_unknown_part_lists_the_known_ones(cnn) -> None:
    """A typing error is answered with what there is; a family is as good as a part."""
    cnn.require_parts("conv_backward_naive")
    with pytest.raises(AssignmentError, match="max_pool_forward_naive"):
        cnn.require_parts("max_pool")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("points = 12", "points = -1"), "parts.0.points"),
        (("points = 12", "point = 12"), "parts.0.point: there is no such key; did you mean points"),
        (("points = 12", "hue = 12"), "parts.0.hue: there is no such key; there are id, kind, "),
        (("[release]", "[release]\ndraft = true"), "release.draft: .* it stands at the top of the file"),
        (('id = "max_pool_forward_naive"', 'id = "conv_forward_naive"'), "listed twice"),
        (('id = "max_pool_forward_naive"\n', ""), "parts.4.id: .*required"),
        (("points = 12", 'points = 12\nkind = "inside"'), "of kind inside needs a notebook and a cell"),
        (
            ("points = 12", 'points = 12\nkind = "inside"\nnotebook = "A.ipynb"\ncell = "a"'),
            "'A.ipynb' is not among the released notebooks",
        ),
        (
            ("points = 12", 'points = 12\nkind = "hand"\ncell = "a"'),
            "say in which notebook its cell is; there are CNN-Layers.ipynb",
        ),
        (("[release]", "[release"), "not TOML"),
        (
            ('name = "utils"', 'name = "utils"\nlacks = ["max_pool"]'),
            "utils names max_pool, which no part judges",
        ),
        (
            ('solution = "solutions"', 'solution = "../solutions"'),
            "folders.solution: '../solutions' must be a folder inside the repository",
        ),
        (
            ("points = 12", 'points = 12\nbuilds_on = ["pool"]'),
            r"assignment:\n  part \w+ builds on pool, which",
        ),
        (('starter = "starter"', 'starter = "/starter"'), "folders.starter: .*inside the repository"),
    ],
)
def test_a_wrong_file_names_the_entry(cnn, tmp_path: Path, change: tuple[str, str], complaint: str) -> None:
    """Each kind of mistake in assignment.toml ends in a message that says where."""
    text = (cnn.folder / "assignment.toml").read_text(encoding="utf-8")
    assert change[0] in text
    (tmp_path / "assignment.toml").write_text(text.replace(*change), encoding="utf-8")
    with pytest.raises(AssignmentError, match=complaint):
        load_assignment(tmp_path)


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    """TOML is in UTF-8; an editor that saves otherwise is told of, like any other file that is not TOML."""
    (tmp_path / "assignment.toml").write_bytes('title = "Übung"\n'.encode("latin-1"))
    with pytest.raises(AssignmentError, match=r"assignment\.toml is not TOML: .*utf-8"):
        load_assignment(tmp_path)


def test_a_folder_without_one_says_so(tmp_path: Path) -> None:
    """A folder that is no assignment is an error with its path."""
    with pytest.raises(AssignmentError, match="does not exist"):
        load_assignment(tmp_path)


def test_tests_that_run_inside_and_are_not_there_are_asked_for(cnn, tmp_path: Path) -> None:
    """The message names file and part."""
    part = Part(id="q", kind=PartKind.INSIDE, notebook="a.ipynb", cell="c", points=1)
    with pytest.raises(AssignmentError, match=r"q\.py, with the tests of part q, cannot be read"):
        inside_tests(cnn.model_copy(update={"parts": (part,), "folder": tmp_path}))


def test_what_is_not_installed_has_no_version() -> None:
    """So a verdict does not depend on it."""
    assert set(installed_versions(["numpy", "nowhere_at_all"])) == {"numpy"}
