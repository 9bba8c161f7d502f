"""`numgrade people`: rosters of every platform become one people.csv."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.commands.people import PeopleOptions, run_people
from grader.course.people import load_people
from tests.reporting.exports.gradebooks import CANVAS, MOODLE
from tests.reporting.exports.test_points_columns import BLACK, BRIGHT

GRADESCOPE = "First Name,Last Name,SID,Email,Role,Sections\nAda,Lovelace,9001,ada@example.edu,Student,A\n"
GITHUB = (
    '"identifier","github_username","github_id","name"\n"ada@example.edu","adal","1",""\n"blaise","","",""\n'
)


@pytest.fixture
def told(tmp_path: Path):
    """Return what runs the command on a platform's file."""

    def run(platform: str, text: str, encoding: str = "utf-8") -> int:
        file = tmp_path / f"{platform}.csv"
        file.write_bytes(text.encode(encoding))
        return run_people(PeopleOptions(tmp_path, platform=platform, table=file))

    return run


def test_six_platforms_tell_of_one_person(told, tmp_path: Path) -> None:
    """Ada is one row, with what each platform calls her; rows about points and the test student are nobody."""
    for platform, text, encoding in (
        ("canvas", CANVAS, "utf-8"),
        ("moodle", MOODLE, "utf-8"),
        ("gradescope", GRADESCOPE, "utf-8"),
        ("brightspace", BRIGHT, "utf-8"),
        ("blackboard", BLACK, "utf-16"),
        ("github", GITHUB, "utf-8"),
    ):
        assert told(platform, text, encoding) == 0
    people = load_people(tmp_path)
    (ada,) = (each for each in people.members if "Lovelace" in each.name)
    assert (ada.id, ada.email, ada.section) == ("ada", "ada@example.edu", "Section 1")
    assert ada.platforms == {
        **{"canvas": "12345", "moodle": "1234567", "gradescope": "9001"},
        **{"brightspace": "ada", "blackboard": "ada1815", "github": "adal"},
    }
    assert sorted(each.id for each in people.members) == ["ada", "blaise", "carl", "emmy"]


def test_what_is_no_roster_is_refused(told, tmp_path: Path, capsys) -> None:
    """An unknown platform, or a file without its column, is one message, and nothing is written."""
    assert told("schoology", CANVAS) == told("moodle", CANVAS) == 2
    said = capsys.readouterr().out
    assert "--from canvas or moodle" in said
    assert "has no column Identifier" in said
    assert not (tmp_path / "people.csv").exists()
