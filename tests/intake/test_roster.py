"""Whose a download's submissions are by people.csv: every member of a team, and never a stranger."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from grader.course.people import CourseMember, People
from grader.intake.discover import read_download
from grader.intake.lms.pieces import Download
from grader.intake.roster import joined

from .lms.downloads import archive, write

PRIYA = "\u0936\u0930\u094d\u092e\u093e \u092a\u094d\u0930\u093f\u092f\u093e"
DAVID = "\u05d3\u05d5\u05d3 \u05dc\u05d5\u05d9"
PEOPLE = People(
    (
        CourseMember(
            "ada", "Ada Lovelace", "ada@example.edu", team="Team Rocket", platforms={"canvas": "12345"}
        ),
        CourseMember("blaise", "Blaise Pascal", team="Team Rocket", platforms={"canvas": "12346"}),
        CourseMember("carl", "Carl Gau\u00df", "carl@example.edu", platforms={"moodle": "4312"}),
        CourseMember("zoe", "Zo\u00eb M\u00fcller-Li", platforms={"github": "zli"}),
        CourseMember("priya", PRIYA),
        CourseMember("david", DAVID),
        CourseMember("oneil", "Sean O\u2019Neil"),
        CourseMember("li1", "Wei Li"),
        CourseMember("li2", "Li Wei"),
    )
)


@pytest.fixture
def join(tmp_path: Path):
    """Return what reads a download of entries with these names, and joins it with the people."""

    def run(*names: str, people: People = PEOPLE) -> Download:
        write(tmp_path / "downloads", dict.fromkeys(names, archive()))
        read = read_download(tmp_path / "downloads", workspace=tmp_path / "gathered", packages={"nndl"})
        return joined(read, people)

    return run


def members(download: Download) -> dict[str, str]:
    """Return by submission whose it is."""
    return {each.candidate.id: each.student.member for each in download.arrivals}


def test_a_name_is_found_however_a_platform_writes_it(join) -> None:
    """As one word, accents apart, from right to left, with marks that are letters, without an apostrophe."""
    names = {
        "lovelaceada": "ada",
        unicodedata.normalize("NFD", "m\u00fcllerlizo\u00eb"): "zoe",
        PRIYA.replace(" ", ""): "priya",
        f"\u200f{DAVID}".replace(" ", ""): "david",
        "oneilsean": "oneil",
        "gausscarl": "carl",
    }
    numbers = {"ada": 12345}
    found = join(
        *(
            f"{name}_{numbers.get(who, 20000 + at)}_{at}_hw5.zip"
            for at, (name, who) in enumerate(names.items())
        )
    )
    assert sorted(each.student.member for each in found.arrivals) == sorted(names.values())
    assert found.unowned == len(found.notes) == 0


def test_nobody_is_guessed(join) -> None:
    """A name of two, two of one name, another's number and a stranger: graded, nobody's, and said."""
    found = join(
        *("liwei_20001_1_hw5.zip", "lovelaceada_99999_2_hw5.zip", "strangersome_20003_3_hw5.zip"),
        *("oneilsean_20004_4_hw5.zip", "oneilsean_20005_5_hw5.zip"),
    )
    assert set(members(found).values()) == {""}
    assert found.unowned == len(found.notes) == len(found.arrivals) == 5
    said = "\n".join(found.notes)
    assert "liwei could be li1 or li2" in said.replace("li wei", "liwei")
    assert "lovelaceada is in no row of people.csv" in said
    assert "oneilsean may be oneil, and so may" in said


@pytest.mark.parametrize(
    "name",
    [
        "teamrocket_12345_678901_hw5.zip",
        "Team Rocket_4312_assignsubmission_file_/hw5.zip",
        "team-rocket/nndl/conv_layers.py",
    ],
)
def test_a_team_is_each_of_its_members_and_nobody_else(join, name: str) -> None:
    """Both members have the work, and Carl, whose number in Moodle is the group's here, has not."""
    found = join(name, "carl.zip") if name.startswith("team-") else join(name)
    of_team = [each for each in found.arrivals if each.student.member != "carl"]
    assert sorted(each.student.member for each in of_team) == ["ada", "blaise"]
    assert len({each.candidate.path for each in of_team}) == 1
    assert len({each.candidate.id for each in found.arrivals}) == len(found.arrivals)
    assert not found.notes


def test_a_group_that_nobody_wrote_down_is_said(join) -> None:
    """Of a Canvas group without a row in people.csv the one member who is named gets the grade."""
    alone = People((CourseMember("ada", "Ada Lovelace", platforms={"canvas": "12345"}),))
    found = join("teamrocket_12345_678901_hw5.zip", people=alone)
    assert set(members(found).values()) == {"ada"}
    assert "teamrocket is not what ada is called, who alone gets its grade" in found.notes[0]


def test_who_also_handed_in_alone_is_said(join) -> None:
    """Both are attempts of one student, the team's the later where nobody knows the times."""
    found = join("teamrocket_12345_678901_hw5.zip", "pascalblaise_12346_678902_hw5.zip")
    mine = {each.candidate.id: each.attempt for each in found.arrivals if each.student.member == "blaise"}
    assert mine == {"pascalblaise-12346": 1, "teamrocket-12345-blaise": 2}
    assert found.notes == ("blaise handed in alone and in a team: these count as attempts of one student",)


def test_without_people_nothing_is_joined(join) -> None:
    """A course without people.csv grades as it did, and complains of nobody."""
    found = join("lovelaceada_12345_678901_hw5.zip", people=People())
    assert (members(found), found.notes) == ({"lovelaceada-12345": ""}, ())
