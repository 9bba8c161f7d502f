"""One class of sixty as six platforms hand it out: the same verdicts, scores and decisions, whoever says who is who."""

from __future__ import annotations

import csv
import io
import subprocess
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path

import pytest

from grader.authoring.new import Form, create_assignment, create_course
from grader.authoring.release import release
from grader.classrun.options import GradeOptions
from grader.classrun.run import grade_class
from grader.commands.forget import ForgetOptions, run_forget
from grader.commands.grade import run_grade
from grader.commands.requests import RequestOptions, run_requests
from grader.course.people import CourseMember, People
from grader.course.repository import Course
from grader.gradebook import decide, open_gradebook
from grader.reporting.exports.export import ExportOptions, export
from grader.reporting.files import ReportPaths
from grader.reporting.grades_json import load
from grader.results import WHOLE, Decision, DecisionKind, SubmissionReport
from tests.intake.lms.downloads import archive, write

SOLUTION = b"import numpy as np\n\n\ndef moving_average(signal, width):\n    return {}\n"
WORKS = (
    SOLUTION.replace(
        b"{}", b"np.array([signal[a : a + width].mean() for a in range(len(signal) - width + 1)])"
    ),
    SOLUTION.replace(
        b"{}", b"np.array([signal[a : a + width].sum() for a in range(len(signal) - width + 1)])"
    ),
    SOLUTION.replace(b"{}", b"np.array([signal[a : a + width].mean() for a in range(len(signal) - width)])"),
    b"def moving_average(signal, width):\n    return signal +\n",
)
NAMES = (
    *("Ada Lovelace", "Sean O\u2019Neil", "Zo\u00eb M\u00fcller-Li", "Carl Gau\u00df", "Mary Ann de la Cruz"),
    *(
        "\u0936\u0930\u094d\u092e\u093e \u092a\u094d\u0930\u093f\u092f\u093e",
        "\u0e2a\u0e21\u0e0a\u0e32\u0e22 \u0e43\u0e08\u0e14\u0e35",
    ),
    *(
        "\u05d3\u05d5\u05d3 \u05dc\u05d5\u05d9",
        "\u0633\u0627\u0631\u0629 \u062d\u0633\u0646",
        "Nguy\u1ec5n V\u0103n An",
    ),
)
LETTERS = "abcdefghijklmnopqrstuvwxyz"
TEAMS = {"Team Rocket": range(54, 57), "Group 4": range(57, 60)}


def _name(at: int) -> str:
    return (
        NAMES[at]
        if at < len(NAMES)
        else f"Student{LETTERS[at % 26]} Number{LETTERS[at // 26]}{LETTERS[at % 7]}"
    )


def _member(at: int) -> CourseMember:
    platforms = {
        **{"canvas": str(12000 + at), "gradescope": f"sid{9000 + at}", "blackboard": f"b_{at}"},
        **{"github": f"login{at}", "brightspace": f"bs{at}"},
    }
    team = next((name for name, members in TEAMS.items() if at in members), "")
    return CourseMember(f"u{at:02}", _name(at), f"u{at:02}@example.edu", "A", team, platforms=platforms)


PEOPLE = People(
    (*map(_member, range(60)), CourseMember("stranger", "Some Stranger", platforms={"canvas": "4312"}))
)


@dataclass(frozen=True)
class Handed:
    """What one student or team hands in."""

    name: str
    members: tuple[CourseMember, ...]
    work: bytes

    @property
    def by(self) -> CourseMember:
        """Who hands it in."""
        return self.members[0]

    @property
    def is_team(self) -> bool:
        """Whether it is several people's."""
        return len(self.members) > 1


def _class() -> Iterator[Handed]:
    alone = [each for each in PEOPLE.members[:60] if not each.team]
    for at, each in enumerate(alone):
        yield Handed(each.name, (each,), WORKS[at % len(WORKS)])
    for at, team in enumerate(TEAMS):
        yield Handed(team, PEOPLE.team(team), WORKS[at])


def _in_canvas(each: Handed) -> str:
    """Return a sortable name as one word; a group's name as it is."""
    first, _, last = each.name.rpartition(" ")
    name = each.name if each.is_team else f"{last}{first}"
    return "".join(letter for letter in name.lower() if unicodedata.category(letter)[0] in "LMN")


def _packed(named: Callable[[int, Handed], str]) -> dict[str, bytes]:
    return {named(at, each): archive(averages__py=each.work) for at, each in enumerate(_class())}


def _loose(named: Callable[[int, Handed], str]) -> dict[str, bytes]:
    return {f"{named(at, each)}/averages.py": each.work for at, each in enumerate(_class())}


def _canvas() -> dict[str, bytes]:
    return _packed(lambda at, each: f"{_in_canvas(each)}_{each.by.platforms['canvas']}_{at}_hw1.zip")


def _moodle() -> dict[str, bytes]:
    groups = {"Team Rocket": 4312, "Group 4": 4313}

    def named(at: int, each: Handed) -> str:
        name = unicodedata.normalize("NFD", each.name)
        return f"{name}_{groups.get(each.name, 200000 + at)}_assignsubmission_file_/hw1.zip"

    return _packed(named)


def _gradescope() -> dict[str, bytes]:
    lines = []
    for at, each in enumerate(_class()):
        lines.append(f"submission_{at}:\n  :submitters:")
        lines += [f"  - :name: {one.name}\n    :sid: {one.platforms['gradescope']}" for one in each.members]
    return {
        "submission_metadata.yml": "\n".join(lines).encode(),
        **_loose(lambda at, _each: f"submission_{at}"),
    }


def _brightspace() -> dict[str, bytes]:
    return _loose(lambda at, each: f"{5000 + at}-{7000 + at} - {each.name} - Nov 20, 2026 1159 PM")


def _blackboard() -> dict[str, bytes]:
    files = {}
    for each in _class():
        login = each.by.platforms["blackboard"]
        stem = f"Homework 1_{each.name if each.is_team else login}_attempt_2026-11-20-23-59-00"
        files[f"{stem}_hw1.zip"] = archive(averages__py=each.work)
        files[f"{stem}.txt"] = f"Name: {each.name} ({login})\n".encode()
    return files


def _github() -> dict[str, bytes]:
    return _loose(
        lambda _at, each: (
            f"hw1-{each.name.replace(' ', '-').lower() if each.is_team else each.by.platforms['github']}"
        )
    )


DOWNLOADS: dict[str, Callable[[], dict[str, bytes]]] = {
    "canvas": _canvas,
    "moodle": _moodle,
    "gradescope": _gradescope,
    "brightspace": _brightspace,
    "blackboard": _blackboard,
    "github": _github,
}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Return a course with one small assignment, and its people."""
    root = tmp_path_factory.mktemp("course") / "numerics"
    create_course(root)
    course = Course(root)
    create_assignment(course, "hw1", Form.FLAT)
    release(course.load(), root)
    (root / "people.csv").write_text(PEOPLE.render(), encoding="utf-8")
    return course


@pytest.fixture(scope="module")
def graded(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return what grades the class as a platform hands it out, all into one gradebook, and says where the results are.

    Before the first has been graded nothing is decided; then u03 gets two points under the name that Canvas has for
    them, and a member of a team a comment under the course's own.
    """
    place = tmp_path_factory.mktemp("six")
    done: dict[str, Path] = {}

    def grade(platform: str) -> Path:
        if platform not in done:
            download = write(place / platform, DOWNLOADS[platform]())
            for clone in download.iterdir() if platform == "github" else ():
                subprocess.run(["git", "init", "-q"], cwd=clone, check=True)  # noqa: S607
            out = place / f"grades-{platform}"
            options = GradeOptions(course.root, "hw1", download, out, gradebook=str(place / "book.sqlite"))
            grade_class(options, lambda _told: None, lambda _report: None)
            done[platform] = out
        return done[platform]

    grade("canvas")
    with open_gradebook(place / "book.sqlite") as book:
        given = Decision("moving_average", DecisionKind.ADD, 2.0, "a good idea", "grace")
        said = Decision(WHOLE, DecisionKind.COMMENT, 0.0, "well done", "grace")
        decide(book, "hw1", [("gau\u00dfcarl-12003", given), ("u56", said)])
    done.clear()
    return grade


def told(out: Path) -> dict[str, tuple[object, ...]]:
    """Return by member what was graded and decided."""
    report = load(out / "grades.json")
    found = {each.member: _facts(each) for each in report.submissions}
    assert len(found) == len(report.submissions) == 60
    assert report.notes == () or all("commit" in each for each in report.notes)
    return found


def _facts(each: SubmissionReport) -> tuple[object, ...]:
    verdicts = tuple((one.id, one.outcome, one.points, one.message, one.diagnosis) for one in each.checks)
    return each.sha256, each.score, each.max_score, verdicts, each.adjustments, each.comments


def test_six_platforms_give_one_class_the_same_grades(graded: Callable[[str], Path]) -> None:
    """Contents, verdicts, scores and decisions of all sixty, of teams for each member, joined on people.csv."""
    expected = told(graded("canvas"))
    assert expected.keys() == {each.id for each in PEOPLE.members[:60]}
    assert len({facts[1] for facts in expected.values()}) > 1
    assert [member for member, facts in expected.items() if facts[4]] == ["u03"]
    assert [member for member, facts in expected.items() if facts[5]] == ["u56"]
    for platform in DOWNLOADS:
        assert told(graded(platform)) == expected, platform


@pytest.mark.parametrize("to", ["canvas", "moodle", "brightspace", "blackboard"])
def test_scores_go_into_the_rows_of_another_platform(
    course: Course, graded: Callable[[str], Path], tmp_path: Path, to: str
) -> None:
    """What was graded from clones fills every member's row in each gradebook, and nobody else's."""
    rows = [*PEOPLE.members]
    heads = {
        "canvas": ["Student,ID,Hw1 (7)", *(f'"{each.name}",{each.platforms["canvas"]},' for each in rows)],
        "moodle": [
            "Identifier,Full name,Email address,Grade,Maximum Grade,Grade can be changed",
            *(f"Participant {4300 + at},{each.name},{each.email},,10.00,Yes" for at, each in enumerate(rows)),
        ],
        "brightspace": [
            "Username,Last Name,First Name,Hw1 Points Grade <Numeric MaxPoints:10>,End-of-Line Indicator",
            *(f"#{each.platforms.get('brightspace', 'login3')},,{each.name},,#" for each in rows),
        ],
        "blackboard": [
            "Last Name,First Name,Username,Hw1 [Total Pts: 10 Score] |7",
            *(f",{each.name},{each.platforms.get('blackboard', 'login3')}," for each in rows),
        ],
    }
    template = tmp_path / "template.csv"
    template.write_text("\n".join(heads[to]) + "\n", encoding="utf-8")
    grades = graded("github")
    done = export(
        ExportOptions(course.root, to, grades, "hw1", template=template, out=tmp_path / "filled.csv")
    )
    assert "60 of 60 scores filled in" in done.written
    at = next(
        place for place, head in enumerate(heads[to][0].split(",")) if head.startswith(("Hw1", "Grade"))
    )
    filled = list(csv.reader(io.StringIO((tmp_path / "filled.csv").read_text(encoding="utf-8"))))[1:]
    scores = {each.member: f"{each.score:g}" for each in load(grades / "grades.json").submissions}
    assert [row[at] for row in filled] == [scores.get(each.id, "") for each in rows]


def test_who_is_nobody_makes_the_exit_code_one(course: Course, tmp_path: Path, capsys) -> None:
    """On the terminal, in grades.json and on the index; the submission is graded all the same."""
    write(tmp_path / "in", {"nobodyknown_99999_1_hw1.zip": archive(averages__py=WORKS[0])})
    out = tmp_path / "out"
    assert run_grade(GradeOptions(course.root, "hw1", tmp_path / "in", out)) == 1
    assert "1 entry belongs to nobody" in capsys.readouterr().out
    report = load(out / "grades.json")
    assert [(each.member, each.score) for each in report.submissions] == [("", 10.0)]
    assert "is in no row of people.csv" in report.notes[0]
    assert "is in no row of people.csv" in (out / "index.html").read_text(encoding="utf-8")


@pytest.fixture
def few(course: Course, tmp_path: Path) -> Iterator[GradeOptions]:
    """Grade Ada, Sean and a team from Canvas; people.csv is as it was afterwards."""
    files = {
        name: data for name, data in _canvas().items() if name.startswith(("lovelace", "o", "teamrocket"))
    }
    options = GradeOptions(course.root, "hw1", write(tmp_path / "in", files), tmp_path / "grades")
    before = (course.root / "people.csv").read_bytes()
    run_grade(options)
    yield options
    (course.root / "people.csv").write_bytes(before)


def test_an_answer_stays_with_the_grade(few: GradeOptions, tmp_path: Path, capsys) -> None:
    """What Ada sends from her page is listed with its page, and the answer and its points are on hers."""
    (ada,) = (each for each in load(few.out / "grades.json").submissions if each.member == "u00")
    page = ReportPaths(few.out).student_page(ada.id).read_text(encoding="utf-8")
    sent = unescape(page.partition("---- numgrade")[2].partition("end of request")[0])
    write(tmp_path / "mails", {"1.txt": f"> ---- numgrade{sent}end of request ----".encode()})
    asked = RequestOptions(few.root, tmp_path / "mails", assignment="hw1", out=few.out)
    assert run_requests(asked) == 0
    listed = capsys.readouterr().out
    assert f"{ada.id}, total:" in listed
    assert ada.id in listed.splitlines()[1]
    assert "1 request about hw1, 1 without an answer." in listed
    number = listed.split()[0]
    answer = replace(asked, answer=number, comment="You are right.", add="-1", who="grace")
    assert run_requests(replace(answer, add="much")) == 2
    assert run_requests(answer) == 0
    capsys.readouterr()
    assert run_requests(answer) == 2
    assert f"request {number} was answered: decisions 1 and 2" in capsys.readouterr().out
    (ada,) = (each for each in load(few.out / "grades.json").submissions if each.member == "u00")
    assert ([each.text for each in ada.comments], ada.score) == (
        [f"Your request {number}: You are right."],
        9.0,
    )
    capsys.readouterr()
    assert run_requests(asked) == 0
    assert "answered: You are right." in capsys.readouterr().out
    assert run_requests(replace(asked, answer="none", comment="x")) == 2


def test_who_is_forgotten_is_nowhere(few: GradeOptions, course: Course, capsys) -> None:
    """First what there is, then all of it goes: files, rows, pages, results and the row of people.csv; others stay."""
    with open_gradebook(few.out / "gradebook.sqlite") as book:
        decide(book, "hw1", [("u00", Decision(WHOLE, DecisionKind.COMMENT, 0.0, "rare words", "grace"))])
    asked = ForgetOptions(few.root, "u00", out=few.out)
    before = sorted(few.out.rglob("*"))
    assert run_forget(asked) == 1
    assert sorted(few.out.rglob("*")) == before
    assert run_forget(replace(asked, yes=True)) == 0
    said = capsys.readouterr().out
    for words in (
        "1 row of students",
        "1 row of arrivals",
        "1 row of decisions",
        "lovelaceada_12000",
        "people.csv",
    ):
        assert f"Removed: {words}" in said or words in said
    assert few.submissions is not None
    left = [
        path
        for folder in (few.out, few.submissions, course.root / "people.csv")
        for path in (folder, *folder.rglob("*"))
    ]
    for path in left:
        assert "lovelace" not in path.name.lower()
        if path.is_file():
            assert not {b"lovelace", b"rare words", b"u00@"} & {
                word for word in (b"lovelace", b"rare words", b"u00@") if word in path.read_bytes().lower()
            }, path
    report = load(few.out / "grades.json")
    assert {each.member for each in report.submissions} == {"u01", "u54", "u55", "u56"}
    run_forget(ForgetOptions(few.root, "u54", out=few.out, yes=True))
    assert "which is others' work as well" in capsys.readouterr().out
    assert any(path.name.startswith("teamrocket") for path in few.submissions.iterdir())
    assert run_forget(asked) == 2
