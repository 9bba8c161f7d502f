"""Finding submissions in whatever a course downloads."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from grader.course.assignment import Assignment
from grader.intake.arrivals import IntakeError
from grader.intake.discover import find_submissions, packages_of, unique_ids
from tests.intake.build import folder_of

PACKAGES = frozenset({"nndl", "cs231n"})
"""Of the assignment that the submissions are to."""


def found(root: Path) -> dict[str, str]:
    """Return id to path below `root`."""
    return {each.id: each.path.relative_to(root).as_posix() for each in find_submissions(root, PACKAGES)}


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        pytest.param(
            ["alice.zip", "bob.tar.gz", "carol.tgz", "dave.tar", "erin/nndl/cnn.py"],
            {
                "alice": "alice.zip",
                "bob": "bob.tar.gz",
                "carol": "carol.tgz",
                "dave": "dave.tar",
                "erin": "erin",
            },
            id="archives and folders side by side",
        ),
        pytest.param(
            ["alice/assignment2/cs231n/layers.py", "bob/hw5/code/nndl/cnn.py", "bob/hw5/notebooks/CNN.ipynb"],
            {"alice": "alice", "bob": "bob"},
            id="the package lies deeper",
        ),
        pytest.param(
            ["Ann_12_assignsubmission_file/ann_hw.zip", "Ben_13_assignsubmission_file/work/nndl/cnn.py"],
            {
                "Ann_12_assignsubmission_file": "Ann_12_assignsubmission_file/ann_hw.zip",
                "Ben_13_assignsubmission_file": "Ben_13_assignsubmission_file",
            },
            id="Moodle's download",
        ),
        pytest.param(
            ["submission_1/nndl/cnn.py", "submission_2/code.zip"],
            {"submission_1": "submission_1", "submission_2": "submission_2/code.zip"},
            id="Gradescope's download",
        ),
        pytest.param(
            ["section1/alice.zip", "section1/bob/nndl/cnn.py", "section2/carl/cs231n/layers.py"],
            {
                "section1-alice": "section1/alice.zip",
                "section1-bob": "section1/bob",
                "section2-carl": "section2/carl",
            },
            id="sections of a class",
        ),
        pytest.param(
            ["alice/hw5.zip", "bob/first.zip", "bob/second.zip"],
            {"alice": "alice/hw5.zip", "bob-first": "bob/first.zip", "bob-second": "bob/second.zip"},
            id="several archives of one student",
        ),
        pytest.param(
            ["alice/old/nndl/cnn.py", "alice/final/nndl/cnn.py", "bob/CNN.ipynb"],
            {"alice": "alice", "bob": "bob"},
            id="attempts in folders",
        ),
        pytest.param(
            ["grade.py", "alice.zip", "bob/nndl/cnn.py"],
            {"alice": "alice.zip", "bob": "bob"},
            id="a script of the course beside the class",
        ),
        pytest.param(
            ["alice/conv_layers.py", "alice/hw4.zip"], {"alice": "alice"}, id="loose files and an archive"
        ),
        pytest.param(
            ["101/nndl/cnn.py", "102/nndl/cnn.py"], {"101": "101", "102": "102"}, id="numbers as names"
        ),
        pytest.param(
            ["alice.rar", "bob.7z"], {"alice": "alice.rar", "bob": "bob.7z"}, id="unsupported archives"
        ),
    ],
)
def test_every_submission_is_found_once(names: list[str], expected: dict[str, str], tmp_path: Path) -> None:
    """Folders and archives are found at any depth, and called after the student's folder."""
    folder_of(tmp_path, dict.fromkeys(names, ""))
    assert found(tmp_path) == expected


@pytest.mark.parametrize(
    "names",
    [
        ["nndl/cnn.py", "CNN.ipynb", "experiments/try.py", "more/try.py"],
        ["assignment2/cs231n/layers.py"],
        ["code/nndl/cnn.py", "notebooks/CNN.ipynb"],
        ["cnn.py", "conv_layers.py"],
    ],
)
def test_a_single_submission_may_be_given_directly(names: list[str], tmp_path: Path) -> None:
    """The folder itself is the submission when it holds one student's work."""
    folder_of(tmp_path / "alice", dict.fromkeys(names, ""))
    (only,) = find_submissions(tmp_path / "alice", PACKAGES)
    assert (only.id, only.path) == ("alice", tmp_path / "alice")


def test_a_single_archive_may_be_given_directly(tmp_path: Path) -> None:
    """The path of an archive is a class of one."""
    folder_of(tmp_path, {"alice.zip": b""})
    (only,) = find_submissions(tmp_path / "alice.zip", PACKAGES)
    assert only.id == "alice"


@pytest.mark.parametrize(
    "name", ["venv/lib/x.py", ".git/hooks/x.py", "__MACOSX/a.zip", "node_modules/a/x.py"]
)
def test_clutter_is_no_submission(name: str, tmp_path: Path) -> None:
    """Environments, repositories and what macOS adds are passed over."""
    folder_of(tmp_path, {name: "", "alice/nndl/cnn.py": ""})
    assert found(tmp_path) == {"alice": "alice"}


def test_a_folder_with_nothing_to_grade_is_not_lost(tmp_path: Path) -> None:
    """A student who handed in a PDF alone is listed beside the others."""
    folder_of(tmp_path, {"alice/nndl/cnn.py": "", "bob/report.pdf": ""})
    assert found(tmp_path) == {"alice": "alice", "bob": "bob"}


def test_a_link_is_listed_and_not_followed(tmp_path: Path) -> None:
    """A link in the place of a submission becomes a candidate that reading will refuse."""
    folder_of(tmp_path, {"outside/nndl/cnn.py": "", "class/alice.zip": ""})
    (tmp_path / "class/bob").symlink_to(tmp_path / "outside")
    (tmp_path / "class/carl.zip").symlink_to(tmp_path / "nowhere")
    assert set(found(tmp_path / "class")) == {"alice", "bob", "carl"}


@pytest.mark.parametrize("names", [[], ["readme.txt"], ["venv/x.py"]])
def test_nothing_found_says_what_was_looked_for(names: list[str], tmp_path: Path) -> None:
    """The error names the folder and what a submission looks like."""
    folder_of(tmp_path, dict.fromkeys(names, ""))
    with pytest.raises(IntakeError, match=r"no submission below .*\.zip.*nndl"):
        find_submissions(tmp_path, PACKAGES)


def test_a_folder_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    """A mistyped path is told from an empty class."""
    with pytest.raises(IntakeError, match="does not exist"):
        find_submissions(tmp_path / "class", PACKAGES)


def test_a_class_of_a_thousand_is_listed_without_opening_a_file(tmp_path: Path) -> None:
    """Archives that cannot be read are listed like any others."""
    for number in range(1000):
        (tmp_path / f"student{number:04}.zip").touch(mode=0)
    assert len(find_submissions(tmp_path, PACKAGES)) == 1000


@given(st.lists(st.tuples(st.sampled_from(["al", "AL", "a l", "al.zip", "al.tar"])), unique=True, max_size=5))
def test_ids_are_distinct_where_case_does_not_matter(names: list[tuple[str, ...]]) -> None:
    """No two submissions of a class share an id, also not on a disk that ignores case."""
    ids = list(unique_ids(names))
    assert len({each.casefold() for each in ids}) == len(names)


def test_an_id_tells_where_the_submission_was() -> None:
    """An archive is called after its folder and its name without the suffix."""
    assert list(unique_ids([("section 1", "alice.tar.gz"), ("Bob_Ümit",)])) == ["section_1-alice", "Bob_Ümit"]


def test_an_archive_beside_the_folder_it_was_unpacked_to_keeps_its_suffix() -> None:
    """Two things of one name are told apart in a way that a person can read."""
    assert list(unique_ids([("alice",), ("alice.zip",)])) == ["alice", "alice.zip"]


def test_packages_are_those_that_the_layouts_keep_answers_in(assignment: Assignment) -> None:
    """No assignment's names are known but those of the one that is graded."""
    assert packages_of(assignment) == PACKAGES


def test_another_homeworks_packages_are_no_more_than_folders(tmp_path: Path) -> None:
    """Where answers are in `rnn`, a folder of that name is part of somebody's work."""
    folder_of(tmp_path, {"alice/hw5/rnn/lstm.py": "", "bob/nndl/cnn.py": ""})
    ids = {each.id for each in find_submissions(tmp_path, {"rnn"})}
    assert ids == {"alice", "bob-nndl"}
