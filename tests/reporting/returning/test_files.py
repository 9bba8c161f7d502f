"""Worksheets, archives and folders for a person to upload or hand out."""

from __future__ import annotations

import csv
import shutil
import zipfile
from pathlib import Path

from hypothesis import given, strategies as st

from grader.commands.decide import DecideOptions, run_decide
from grader.commands.terminal import NOTHING_DONE
from grader.course.repository import Course
from grader.intake.arrivals import Person
from grader.reporting.returning.files import feedback_name

from .classes import SECRET, grade_class
from .conftest import ADA, BLAISE, CARL

WORKSHEET = """\
Identifier,Full name,Status,Grade,Maximum Grade,Grade can be changed,Last modified (grade),Feedback comments
Participant 11,Ada Lovelace,Submitted,,10.00,Yes,-,
Participant 12,Blaise Pascal,Submitted,,10.00,Yes,-,<p>said by hand</p>
Participant 14,Dora Other,Submitted,,10.00,Yes,-,
"""


def taken_by_moodle(path: str, participants: set[int]) -> tuple[int, str] | None:
    """Say whose feedback Moodle takes a file of an archive for, and what it calls it; None where it leaves it.

    It looks at no file whose name begins with a dot or a tilde. Of each step of the path it takes up to five words
    that underscores part; the first step whose second word is a participant's number, and whose third and fourth name
    a plugin of Moodle, says whose it is. What is left of that step, and the steps below, is the file's name.
    """
    steps = path.split("/")
    if steps[-1].startswith((".", "~")):
        return None
    for at, step in enumerate(steps):
        words = step.split("_", 4)
        plugin = "_".join(words[2:4])
        numbered = len(words) >= 4 and words[1].isdigit() and int(words[1]) in participants
        if numbered and plugin in {"assignfeedback_file", "assignsubmission_file"}:
            return int(words[1]), "/".join([*words[4:], *steps[at + 1 :]])
    return None


@given(st.text(max_size=90), st.integers(1, 10**9))
def test_moodle_knows_whose_a_page_is_whatever_the_name(name: str, number: int) -> None:
    """A name with underscores, slashes, dots or digits parts nothing that Moodle reads."""
    assert taken_by_moodle(feedback_name(name, str(number)), {number}) == (number, "feedback.html")


def test_moodle_gets_a_worksheet_and_an_archive(give, course: Course, out: Path, tmp_path: Path) -> None:
    """Scores and words go into cells, words only into empty ones; pages to those alone whose row it is."""
    words = {"comment": 'Well done, "all" of it', "who": "ta"}
    decided = DecideOptions(course.root, everybody=True, enter=True, assignment="hw1", out=out, **words)
    assert run_decide(decided) == 0
    template = tmp_path / "worksheet.csv"
    template.write_text(WORKSHEET, encoding="utf-8")
    code, said = give("moodle", template=template)
    assert code == 1
    assert "carl-13 gets nothing: the file has no row" in said
    with (tmp_path / "worksheet-graded.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["Identifier"]: row for row in csv.DictReader(file)}
    assert [row["Grade"] for row in rows.values()] == ["10", "2", ""]
    assert rows["Participant 11"]["Feedback comments"] == 'Well done, "all" of it'
    assert rows["Participant 12"]["Feedback comments"] == "<p>said by hand</p>"
    with zipfile.ZipFile(tmp_path / "worksheet-graded-feedback.zip") as archive:
        found = {
            taken_by_moodle(each, {11, 12, 14}): archive.read(each).decode() for each in archive.namelist()
        }
    assert found.keys() == {(11, "feedback.html"), (12, "feedback.html")}
    assert not any(SECRET in each for each in found.values())
    assert "get nothing: unchanged" in give("moodle", template=template)[1]


def test_a_number_of_another_assignment_gives_no_stranger_a_grade(
    give, course: Course, out: Path, tmp_path: Path
) -> None:
    """Moodle numbers people anew in each assignment: what people.csv kept of another one is not looked for."""
    shutil.rmtree(out)
    grade_class(course, out, [(Person("ada"), 9.0), (Person("dora"), 8.0)])
    (course.root / "people.csv").write_text(
        "id,name,moodle\nada,Ada Lovelace,14\ndora,Dora Other,11\n", encoding="utf-8"
    )
    template = tmp_path / "worksheet.csv"
    template.write_text(
        WORKSHEET.replace("Full name", "Full name,ID number")
        .replace("Lovelace", "Lovelace,ada")
        .replace("Pascal", "Pascal,")
        .replace("Other", "Other,dora"),
        encoding="utf-8",
    )
    assert give("moodle", template=template)[0] == 0
    with (tmp_path / "worksheet-graded.csv").open(encoding="utf-8", newline="") as file:
        assert [row["Grade"] for row in csv.DictReader(file)] == ["9", "", "8"]


def test_the_sheet_of_a_platform_without_pages_says_so(give, tmp_path: Path) -> None:
    """Scores go in, and the pages have to go another way."""
    template = tmp_path / "grades.csv"
    head = "OrgDefinedId,Username,Email,hw1 Points Grade <Numeric MaxPoints:10>,End-of-Line Indicator"
    template.write_text(f"{head}\n#12,#blaise,blaise@example.edu,,#\n", encoding="utf-8")
    code, said = give("brightspace", template=template, student=BLAISE.id)
    assert code == 0
    assert "the pages are not in it: --to folder writes them" in said.replace("\n", " ")
    assert "#12,#blaise,blaise@example.edu,2,#" in (tmp_path / "grades-graded.csv").read_text(
        encoding="utf-8"
    )


def test_a_folder_maps_students_to_pages(give, course: Course, out: Path, tmp_path: Path) -> None:
    """The table names everybody's page, also of those that are unchanged, and nothing of staff's is there."""
    give("folder", at=str(tmp_path / "hand-out"))
    grade_class(course, out, [(ADA, 10.0), (BLAISE, 4.0), (CARL, 7.5)])
    give("folder", at=str(tmp_path / "hand-out"), student=BLAISE.id)
    with (tmp_path / "hand-out" / "index.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["student"], row["score"]) for row in rows] == [
        ("ada-11", "10.0"),
        ("blaise-12", "4.0"),
        ("carl-13", "7.5"),
    ]
    for row in rows:
        page = tmp_path / "hand-out" / row["page"]
        assert page.read_bytes() == (out / "students" / row["page"]).read_bytes()
        assert SECRET not in page.read_text(encoding="utf-8")
    assert len(list((tmp_path / "hand-out").iterdir())) == 4


def test_only_the_page_that_was_made_leaves(give, out: Path) -> None:
    """A staff's page in the place of a student's is not followed: the page is made again first."""
    page = next((out / "students").glob("ada*.html"))
    page.unlink()
    page.symlink_to(next((out / "staff").glob("ada*.html")))
    hand_out = out.parent / "hand-out"
    assert "1 student gets nothing: changed since" in give("folder", at=str(hand_out))[1]
    assert give("folder", at=str(hand_out), publish=True, who="ta")[0] == 0
    assert len(list(hand_out.glob("*.html"))) == 3
    assert all(SECRET not in each.read_text(encoding="utf-8") for each in hand_out.iterdir())


def test_where_to_and_what_to_fill_in_must_be_said(give, tmp_path: Path) -> None:
    """The messages say how, and nothing is written over."""
    template = tmp_path / "worksheet.csv"
    template.write_text("", encoding="utf-8")
    for asked, words in (
        ({"to": ""}, "say where to, by --to canvas, moodle"),
        ({"to": "sakai"}, "sakai is none of them"),
        ({"to": "moodle"}, "name the file to fill in with --template"),
        ({"to": "moodle", "template": template, "at": str(template)}, "must be another file"),
    ):
        code, said = give(**asked)
        assert code == NOTHING_DONE
        assert words in " ".join(said.split())
