"""Attempts and times of Brightspace, Blackboard and git, by what names, texts and commits say."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from grader.course.people import CourseMember, People
from grader.intake.arrivals import Arrival
from grader.intake.discover import read_download
from grader.intake.lms.pieces import Download, Platform
from grader.intake.lms.platforms import BRIGHTSPACE, CANVAS, MOODLE

from . import downloads
from .downloads import ANSWER, write

NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture
def read(tmp_path: Path):
    """Return what reads a download where New York's time holds."""
    return lambda folder: read_download(
        folder, workspace=tmp_path / "gathered", packages={"nndl"}, zone=NEW_YORK
    )


def told(download: Download) -> list[tuple[str, str, datetime | None, int]]:
    """Return of each arrival its student, what it is called, and when it came as which attempt."""
    return [(each.student.lms_id or each.student.name, *_facts(each)) for each in download.arrivals]


def _facts(each: Arrival) -> tuple[str, datetime | None, int]:
    return each.candidate.id, each.submitted_at, each.attempt


def test_brightspace_tells_times_without_colon_or_zone(read, tmp_path: Path) -> None:
    """Two folders of one student are attempts, in the course's own time."""
    found = read(downloads.brightspace(tmp_path / "downloads"))
    assert told(found) == [
        ("Ada Lovelace", "Ada_Lovelace-123456-attempt1", datetime(2026, 11, 20, 23, 59, tzinfo=NEW_YORK), 1),
        ("Ada Lovelace", "Ada_Lovelace-123456-attempt2", datetime(2026, 11, 21, 1, 1, tzinfo=NEW_YORK), 2),
        ("Jean-Luc O'Neil", "Jean-Luc_O_Neil-123457", datetime(2026, 11, 20, 9, tzinfo=NEW_YORK), 1),
    ]
    assert found.notes == ()


def test_brightspace_without_folders(read, tmp_path: Path) -> None:
    """Files of one submission are one attempt; a month of another language is no time, and said."""
    found = read(downloads.brightspace_files(tmp_path / "downloads"))
    assert told(found) == [
        ("Ada Lovelace", "Ada_Lovelace-123456", datetime(2026, 11, 20, 23, 59, tzinfo=NEW_YORK), 1),
        ("Blaise Pascal", "Blaise_Pascal-123457", None, 1),
    ]
    assert sorted(each.name for each in found.arrivals[0].candidate.path.iterdir()) == [
        "cnn.py",
        "conv_layers.py",
    ]
    assert len(found.notes) == 1
    assert "cannot be read from its name" in found.notes[0]


def test_blackboard_tells_who_and_when_in_a_text(read, tmp_path: Path) -> None:
    """A login with a line in it is read from the text, and so is the zone; a text without a file is said."""
    found = read(downloads.blackboard(tmp_path / "downloads"))
    assert told(found) == [
        ("ada_l", "ada_l", datetime(2026, 11, 20, 23, 59, tzinfo=UTC), 1),
        ("blaise1", "blaise1-attempt1", datetime(2026, 11, 19, 10, tzinfo=UTC), 1),
        ("blaise1", "blaise1-attempt2", datetime(2026, 11, 20, 8, tzinfo=UTC), 2),
    ]
    assert {each.student.name for each in found.arrivals} == {"Ada Lovelace", "Blaise Pascal"}
    assert len(found.notes) == 1
    assert "carl_attempt_2026-11-18-10-00-00.txt is a text without a file" in found.notes[0]


STAMP = "2026-11-25-00-00-00"


@pytest.mark.parametrize("task", ["HW5", "HW5_second_attempt", "HW5_last_attempt_2026"])
def test_a_students_own_file_name_tells_blackboard_nothing(read, tmp_path: Path, task: str) -> None:
    """Whose a file is and when it came stands before what the student called it, whatever the task is called."""
    ada = f"{task}_ada_attempt_2026-11-28-10-00-00"
    mine = {
        f"{ada}_x_ben_attempt_{STAMP}_hw5.zip": downloads.archive(),
        f"{ada}_{task}_ben_attempt_{STAMP}.txt": b"x",
    }
    ben = {f"{task}_ben_attempt_2026-11-26-09-00-00_hw5.zip": downloads.archive()}
    at = datetime(2026, 11, 28, 10, tzinfo=NEW_YORK), datetime(2026, 11, 26, 9, tzinfo=NEW_YORK)
    assert told(read(write(tmp_path / "downloads", mine | ben))) == [
        ("ada", "ada", at[0], 1),
        ("ben", "ben", at[1], 1),
    ]


@pytest.mark.parametrize(
    ("platform", "begins", "forged", "is_whose"),
    [
        (MOODLE, "Ada L_12_assignsubmission_file_", "Ben K_13_assignsubmission_file_hw5.zip", "12"),
        (MOODLE, "Group A_assignsubmission_file_", "Ben K_13_assignsubmission_file_hw5.zip", None),
        (CANVAS, "ladyada_12_99_", "kingben_13_98_hw5.zip", "12"),
        (CANVAS, "ladyada_LATE_12_99_", "LATE_13_98_hw5.zip", "12"),
        (
            BRIGHTSPACE,
            "12-9 - Ada L - Nov 28, 2026 1000 AM - ",
            "13-8 - Ben K - Nov 25, 2026 1200 AM - a.py",
            "",
        ),
    ],
)
def test_a_students_own_file_name_names_nobody_else(
    platform: Platform, begins: str, forged: str, is_whose: str | None
) -> None:
    """What a platform puts before the name is all that counts; without it a file is nobody's."""
    found = platform.student_of(begins + forged)
    assert (found and found.lms_id) == is_whose
    assert found is None or "Ben" not in found.name


def _git(folder: Path, *words: str) -> None:
    dated = {f"GIT_{who}_DATE": "2026-11-20T23:59:00 +0100" for who in ("COMMITTER", "AUTHOR")}
    own = ("-c", "user.name=x", "-c", "user.email=x@example.edu", "-c", "init.defaultBranch=main")
    environment = {**os.environ, **dated}
    subprocess.run(["git", *own, *words], cwd=folder, check=True, capture_output=True, env=environment)  # noqa: S603, S607


def test_commits_tell_when_a_clone_came(read, tmp_path: Path) -> None:
    """Loose or packed, by the branch that is checked out; nothing that a clone's own configuration names is run."""
    folder = write(
        tmp_path / "clones", {f"hw5-{each}/conv_layers.py": ANSWER for each in ("ada", "jean-luc", "eve")}
    )
    for clone in folder.iterdir():
        _git(clone, "init", "-q")
        if clone.name != "hw5-eve":
            _git(clone, "add", "-A")
            _git(clone, "commit", "-qm", "work")
    _git(folder / "hw5-jean-luc", "gc", "-q")
    trap = tmp_path / "trap"
    for name in ("core.fsmonitor", "core.pager", "core.sshCommand", "gpg.program", "diff.external"):
        _git(folder / "hw5-ada", "config", name, f"touch {trap}; false")
    _git(folder / "hw5-ada", "config", "log.showSignature", "true")
    at = datetime(2026, 11, 20, 23, 59, tzinfo=timezone(timedelta(hours=1)))
    found = read(folder)
    assert told(found) == [("ada", "ada", at, 1), ("eve", "eve", None, 1), ("jean-luc", "jean-luc", at, 1)]
    assert found.notes == ("hw5-eve has no commit that tells when it was made",)
    assert not trap.exists()


@pytest.mark.parametrize(
    "head",
    ["", "ref: refs/heads/../../../secret", "ref: refs/heads/none", "0" * 40, "--output=/x", "\xff" * 9],
)
def test_a_clone_that_is_damaged_has_no_time(read, tmp_path: Path, head: str) -> None:
    """Whatever stands where the commit should be named, the work is read and its lateness unknown."""
    folder = downloads.clones(tmp_path / "clones")
    write(folder, {f"{each}/.git/HEAD": head.encode() for each in ("cs-hw5-ada", "cs-hw5-jean-luc")})
    write(folder, {"secret": b"0" * 40})
    found = read(folder)
    assert [(each.student.lms_id, each.submitted_at) for each in found.arrivals] == [
        ("ada", None),
        ("jean-luc", None),
    ]
    assert found.unowned == 1


@pytest.mark.parametrize(
    ("assignment", "known", "names", "logins"),
    [
        ("conv", ("ada-lee", "ada-kim"), ("hw5-ada-lee", "hw5-ada-kim"), ("ada-lee", "ada-kim")),
        ("conv", ("Lee", "kim"), ("hw5-ada-lee", "hw5-ada-kim"), ("lee", "kim")),
        ("hw5", (), ("hw5-ada-lee", "hw5-ada-kim"), ("ada-lee", "ada-kim")),
        ("conv-1", (), ("cs7-conv-1-ada-lee", "cs7-conv-1-ada-kim"), ("ada-lee", "ada-kim")),
        ("conv", (), ("cs7-homework-5-ada", "cs7-homework-5-ada-kim"), ("ada", "ada-kim")),
        ("conv", (), ("hw5-ada-lee", "hw5-ada-kim"), None),
        ("conv", (), ("ada-lee", "ada-kim"), None),
        ("conv", ("ada-lee", "kim"), ("hw5-ada-lee", "hw5-ada-kim"), None),
        ("conv", (), ("lee", "kim"), ("lee", "kim")),
    ],
)
def test_a_login_is_what_no_word_of_the_assignments_stands_in(
    tmp_path: Path,
    assignment: str,
    known: tuple[str, ...],
    names: tuple[str, ...],
    logins: tuple[str, ...] | None,
) -> None:
    """People say it, or the assignment's id, or the words for work; where logins may begin alike, names stay whole."""
    folder = write(tmp_path / "clones", {f"{each}/.git/HEAD": b"" for each in names})
    people = People(
        tuple(CourseMember(f"s{at}", platforms={"github": each}) for at, each in enumerate(known))
    )
    found = read_download(folder, workspace=tmp_path / "gathered", assignment=assignment, people=people)
    assert {each.student.lms_id for each in found.arrivals} == set(logins or names)
    assert any("their names are kept whole" in each for each in found.notes) == (logins is None)
