"""Canvas gets each grade and comment once; what stops a run is said, and loses nothing."""

from __future__ import annotations

import mailbox
import shutil
import sys
from contextlib import closing
from pathlib import Path

import pytest

from grader import patience
from grader.commands.decide import DecideOptions, run_adjust, run_decide
from grader.commands.terminal import NOTHING_DONE
from grader.course.repository import Course
from grader.intake.arrivals import Person
from grader.reporting.returning import canvas as our_canvas

from .canvas_server import TOKEN, FakeCanvas
from .classes import SECRET, grade_class
from .conftest import ADA, BLAISE, CARL


def three_more_for_blaise(course: Course, out: Path) -> None:
    """Decide that Blaise has five points, and two no more."""
    decision = {"student": BLAISE.id, "part": "moving_average", "add": "3", "why": "It was the handout"}
    assert run_adjust(DecideOptions(course.root, assignment="hw1", out=out, who="ta", **decision)) == 0


def test_nothing_leaves_before_it_is_asked_for(give, canvas: FakeCanvas) -> None:
    """Without --send there is a table of who gets what, and not one request."""
    code, said = give(at=canvas.at, send=False)
    assert (code, canvas.requests) == (0, [])
    assert "ada-11" in said
    assert "7.5 / 10" in said
    assert "With --send 3 students get" in said


def test_grade_comment_and_page_arrive_and_only_changes_follow(
    give, canvas: FakeCanvas, course: Course, out: Path
) -> None:
    """A second run sends nothing; after a decision one student gets the new score, and a second comment."""
    code, said = give(at=canvas.at)
    assert (code, canvas.graded) == (0, 3)
    assert canvas.grades == {11: ["10"], 12: ["2"], 13: ["7.5"]}
    assert "2 of 10 points." in canvas.comments[12][0]["comment"]
    (page,) = canvas.comments[12][0]["attachments"]
    content = canvas.files[page["id"]][2].decode()
    assert "Feedback for" in content
    assert SECRET not in content
    assert "staff" not in content.partition("</style>")[2].replace("mail to the staff", "")
    assert "3 students get nothing: unchanged" in give(at=canvas.at)[1]
    three_more_for_blaise(course, out)
    code, said = give(at=canvas.at)
    assert "1 student got score, comments and page" in said
    assert canvas.grades == {11: ["10"], 12: ["2", "5"], 13: ["7.5"]}
    assert len(canvas.comments[12]) == 2


def test_what_an_undone_decision_gave_is_given_back(
    give, canvas: FakeCanvas, course: Course, out: Path, tmp_path: Path
) -> None:
    """The first page and mail are still there, and are the last no more; a page that the student attaches is none."""
    box = {"to": "mail", "at": str(tmp_path / "out.mbox"), "sender": "ta@example.edu"}
    give(at=canvas.at)
    give(**box)
    three_more_for_blaise(course, out)
    give(at=canvas.at)
    give(**box)
    canvas.comments[12].append({"author_id": 12, "attachments": canvas.comments[12][0]["attachments"]})
    undone = DecideOptions(course.root, undo="1", why="No", who="ta", enter=True, assignment="hw1", out=out)
    assert run_decide(undone) == 0
    for asked in ({"at": canvas.at}, box):
        assert "1 student got score, comments and page." in give(**asked)[1]
        assert "had them already" in give(**asked, again=True, student=BLAISE.id)[1]
    assert canvas.grades[12] == ["2", "5", "2"]
    with closing(mailbox.mbox(tmp_path / "out.mbox")) as mails:
        ids = [each["Message-ID"] for each in mails if each["To"] == BLAISE.email]
    assert len(ids) == 3
    assert ids[0] == ids[2] != ids[1]


def test_again_gives_what_a_place_has_older(give, canvas: FakeCanvas) -> None:
    """Where Canvas's last page is another, whatever the gradebook says was given, --again gives it."""
    give(at=canvas.at)
    other = {"display_name": "feedback-0123456789ab-1.html", "filename": "feedback-0123456789ab.html"}
    canvas.comments[12].append({"author_id": 1, "attachments": [other]})
    canvas.grades[12].append("5")
    assert "3 students get nothing: unchanged" in give(at=canvas.at)[1]
    assert "1 student got score, comments and page; 2 had" in give(at=canvas.at, again=True)[1]
    assert canvas.grades[12] == ["2", "5", "2"]


def test_first_results_are_not_published(give, canvas: FakeCanvas, course: Course, out: Path) -> None:
    """What was graded goes to nobody until somebody publishes it."""
    shutil.rmtree(out)
    grade_class(course, out, [(ADA, 10.0), (BLAISE, 2.0), (CARL, 7.5)], is_open=False)
    assert "3 students get nothing: not published yet" in give(at=canvas.at)[1]
    assert canvas.graded == 0
    assert "With --send 3 students get" in give(at=canvas.at, send=False, publish=True, who="ta")[1]
    give(at=canvas.at)
    assert canvas.graded == 3


@pytest.mark.parametrize(
    ("token", "words"),
    [("", "environment variable CANVAS_TOKEN"), ("expired", "make a new one"), ("student", "may not grade")],
)
def test_a_token_that_does_not_do_is_said_and_nothing_lost(
    give, canvas: FakeCanvas, monkeypatch: pytest.MonkeyPatch, token: str, words: str
) -> None:
    """The message says what to do and not what the token is; afterwards the same command goes on."""
    canvas.tokens["student"] = False
    monkeypatch.setenv("CANVAS_TOKEN", token)
    code, said = give(at=canvas.at)
    assert (code, canvas.graded) == (NOTHING_DONE, 0)
    assert words in said.replace("\n", " ")
    assert "1~" not in said


def test_a_token_that_expires_on_the_way_loses_nothing(
    give, canvas: FakeCanvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who was served is known, and the next run serves the others."""
    canvas.after = lambda count: canvas.tokens.clear() if count == 2 else None
    assert give(at=canvas.at)[0] == NOTHING_DONE
    canvas.tokens["new"] = True
    monkeypatch.setenv("CANVAS_TOKEN", "new")
    assert give(at=canvas.at)[0] == 0
    assert all(len(each) == 1 for each in canvas.grades.values())
    assert len(canvas.comments) == 3


def test_an_answer_that_is_lost_is_no_reason_to_send_twice(
    give, canvas: FakeCanvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Canvas took it and its answer was a fault: Canvas is asked, and has it."""
    monkeypatch.setattr(patience, "WAITS", (0.0,) * 9)
    monkeypatch.setattr(our_canvas, "WAITS", (0.0,) * 9)
    canvas.broken_replies = 2
    canvas.throttle, canvas.retry_after = 5, ""
    assert give(at=canvas.at)[0] == 0
    assert {user: len(each) for user, each in canvas.comments.items()} == {11: 1, 12: 1, 13: 1}
    assert canvas.turned_away


def test_a_lost_gradebook_doubles_no_comment(give, canvas: FakeCanvas, course: Course, out: Path) -> None:
    """By the names of the pages Canvas says what it has, whoever sent it."""
    give(at=canvas.at)
    shutil.rmtree(out)
    grade_class(course, out, [(ADA, 10.0), (BLAISE, 2.0), (CARL, 7.5)])
    assert "0 students got score, comments and page; 3 had them already" in give(at=canvas.at)[1]
    assert {len(each) for each in canvas.comments.values()} == {1}


def test_who_it_is_must_be_certain(give, canvas: FakeCanvas, course: Course, out: Path) -> None:
    """A number that is another's on Canvas gets nothing unless people.csv says so; two for one get nothing."""
    dora = Person("team-rocket-21", "teamrocket", lms_id="21")
    canvas.students |= {21: "Dora Stranger", 22: "Emmy Noether"}
    more = [(dora, 1.0), (Person("emmy"), 3.0), (Person("twin-11", "ada lovelace", lms_id="11"), 4.0)]
    shutil.rmtree(out)
    grade_class(course, out, [(ADA, 10.0), (BLAISE, 2.0), *more])
    code, said = give(at=canvas.at)
    assert code == 1
    assert canvas.grades == {12: ["2"]}
    assert "21 is Dora Stranger on Canvas" in said
    assert "2 students get nothing: 11 would get several results" in said
    assert "1 student gets nothing: nobody knows who this is there" in said
    (course.root / "people.csv").write_text(
        f"id,name,canvas\nemmy,Emmy,22\n{dora.id},Dora,21\n", encoding="utf-8"
    )
    give(at=canvas.at)
    assert canvas.grades == {12: ["2"], 21: ["1"], 22: ["3"]}


def test_another_maximum_and_a_late_policy_are_told(give, canvas: FakeCanvas) -> None:
    """--scale writes the share; where Canvas makes something else of a grade, a person hears of it."""
    canvas.points_possible, canvas.late_policy = 100.0, 0.5
    said = give(at=canvas.at, student=ADA.id)[1].replace("\n", " ")
    assert "Canvas counts 100 points and 10 could be reached here" in said
    assert "Canvas made 5 of ada-11's 10 points" in said
    give(at=canvas.at, scale=True)
    assert canvas.grades == {11: ["10", "100"], 12: ["20"], 13: ["75"]}


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("", "by the address of its page"),
        ("https://canvas.example.edu/courses/1", "by the address of its page"),
        ("http://canvas.example.edu/courses/1/assignments/2", "unencrypted"),
    ],
)
def test_an_address_that_is_none_is_said(give, at: str, words: str) -> None:
    """The token goes to an assignment's own host, encrypted, or nowhere."""
    code, said = give(at=at)
    assert code == NOTHING_DONE
    assert words in said
    assert TOKEN not in said


def test_what_is_not_installed_is_named(give, canvas: FakeCanvas, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody else does without Canvas's package."""
    monkeypatch.delitem(sys.modules, our_canvas.__name__)
    monkeypatch.setitem(sys.modules, "canvasapi", None)
    code, said = give(at=canvas.at)
    assert code == NOTHING_DONE
    assert "pip install 'numgrade[canvas]'" in said.replace("\n", " ")


def test_gradescope_is_said_to_take_nothing(give) -> None:
    """Where a platform documents no way in, the command says so and names others."""
    code, said = give(to="gradescope")
    assert code == NOTHING_DONE
    assert "--to mail or --to folder" in said.replace("\n", " ")
