"""What people judge in the browser: comments, the rubric, points, the same for many, undoing, two people at once."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.reviewed_class import write_reviewed_class
from grader.course.assignment import Assignment
from grader.gradebook import read_class
from grader.gradebook.schema import StudentRow
from grader.reporting.code_places import where_now
from grader.results import AnswerLines, CodePlace, CodeText
from grader.review.class_view import ClassCache, Reviewed

from .conftest import PEOPLE, SIZE, Browser, Visit

PART = "conv_forward_naive"


def by_id(browser: Browser, id: str) -> Reviewed:
    """Return a student's submission as it is now."""
    return next(each for each in browser.view.students if each.facts.id == id)


def test_a_comment_stands_at_its_line_and_in_the_report(ada: Browser, cnn: Assignment) -> None:
    """It is kept with the line's words, shown at the line, and reaches the student's report."""
    student = ada.view.students[0]
    ada.decide(student, do="comment", part=PART, text="Why *twice*?", line=6, file="layers.py")
    page = ada.get(f"/s/{student.key}")
    assert page.count("Why <em>twice</em>?") == 2  # at the line, and in the list of the part
    with read_class(ada.review.book, 1, cnn) as state:
        (report,) = state.reports([each for each in state.standings() if each.student == student.facts.id])
    assert report.comments[0].place == CodePlace(
        "layers.py", 6, "conv_forward_naive", "    x = x * 1 + w  # step"
    )
    assert f"numgrade replay {student.key} test_" in page
    assert (
        "no line 9999" in ada.decide(student, 400, do="comment", text="x", line=9999, file="layers.py").text
    )


def test_a_comment_finds_its_line_again() -> None:
    """The line itself, the same words nearby, the function they were in; nothing where all is gone."""
    place = CodePlace("a.py", 3, "f", "    return x")
    code = CodeText("a.py", "import y\n\ndef f(x):\n    return x", answers=(AnswerLines("f", 3, 4),))
    found = where_now(place, [code])
    assert found is not None
    assert (found.line, found.note) == (4, "was line 3")
    gone = where_now(place, [CodeText("b.py", "def f(x):\n    pass", answers=(AnswerLines("f", 1, 2),))])
    assert gone is not None
    assert (gone.file, gone.line, gone.note) == ("b.py", 1, "the line is gone: return x")
    assert where_now(place, [CodeText("b.py", "pass")]) is None


def test_an_item_is_applied_to_all_with_a_diagnosis_and_taken_back_once(ada: Browser) -> None:
    """The preview says who would move; one entry moves them, a change moves all again, one undoing takes all back."""
    before = {each.key: each.report.score for each in ada.view.students}
    sentence = max(ada.view.diagnoses.values(), key=lambda each: len(ada.view.with_diagnosis(each)))
    short = next(short for short, each in ada.view.diagnoses.items() if each == sentence)
    those = ada.view.with_diagnosis(sentence)
    ada.decide(those[0], do="item", part=PART, points="-1", text="A loop too many")
    (item,) = ada.view.items
    fields = {"do": "apply", "part": PART, "item": item.item, "all": short}
    preview = ada.decide(those[0], 200, **fields).text
    assert f"Enter it for all {len(those)}" in preview
    assert ada.view.applied == {}
    ada.decide(those[0], **fields, confirmed=1)
    moved = {each.key for each in ada.view.students if each.report.score < before[each.key]}
    assert ada.view.applied == {item.item: len(those)}
    assert moved <= {each.key for each in those}
    ada.decide(those[0], do="item", item=item.item, points="-0.5", text="A loop too many, but right")
    halves = [before[each.key] - each.report.score for each in ada.view.students if each.key in moved]
    assert all(0 <= each <= 0.5 for each in halves)
    number = next(each.number for each in by_id(ada, those[0].facts.id).decisions if each.item)
    ada.decide(those[0], do="remove", number=number)
    assert ada.view.applied == {item.item: len(those) - 1}
    ada.decide(those[0], do="undo", number=number)
    assert {each.key: each.report.score for each in ada.view.students} == before


def test_points_settle_what_waits(ada: Browser, cnn: Assignment) -> None:
    """A part for people counts once somebody gave it points; words that are no number, or too many, are refused."""
    student, part = ada.view.students[0], cnn.parts[-1]
    for points in ("many", "-1", str(part.points + 1), "nan"):
        ada.decide(student, 400, do="points", part=part.id, kind="set", points=points)
    ada.decide(student, do="points", part=part.id, kind="set", points=f"{part.points / 2}".replace(".", ","))
    now = by_id(ada, student.facts.id)
    assert not now.waits
    assert now.report.score == student.report.score + part.points / 2


def test_points_and_on_to_the_next_are_one_entry(ada: Browser, cnn: Assignment) -> None:
    """They settle the part, count as a look, lead to the next submission, and one undoing takes back both."""
    first, second = ada.view.students[:2]
    fields = {"do": "points", "part": cnn.parts[-1].id, "kind": "set", "points": 1}
    assert ada.decide(first, **fields, next=1).headers["location"] == f"/s/{second.key}"
    now = by_id(ada, first.facts.id)
    assert (now.looked, now.waits) == (("ada",), False)
    assert f"set for <bdi>{first.facts.name}</bdi>" in ada.get(f"/s/{second.key}")
    ada.decide(first, do="undo", number=now.decisions[0].number)
    now = by_id(ada, first.facts.id)
    assert (now.looked, now.waits) == ((), True)


def test_the_same_form_counts_once(ada: Browser) -> None:
    """Who heard no answer sends again; an item that is made and applied is neither made nor applied twice."""
    student = ada.view.students[0]
    for _ in range(3):
        ada.decide(student, do="comment", text="Hello", seen=0)
        ada.decide(student, do="item", part=PART, points="-1", text="Once", apply=1, seen=0)
    kinds = [str(each.kind) for _, each in ada.view.decided.entered]
    assert sorted(kinds) == ["apply", "comment", "item"]


def test_the_same_form_counts_in_each_assignment(ada: Browser, visit: Visit, cnn: Assignment) -> None:
    """What is the first entry in two assignments of one gradebook is entered in both."""
    second = cnn.model_copy(update={"id": "second"})
    write_reviewed_class(ada.review.out, second, SIZE, key="key", book=ada.review.book)
    cache = ClassCache(ada.review.book, 2, second, PEOPLE)
    other = visit(of=replace(ada.review, assignment=second, cache=cache))
    for browser in (ada, other):
        browser.decide(browser.view.students[0], do="look", seen=0)
        assert browser.post("/share", graders="ada", seen=0).status_code == 303
        kinds = {str(each.kind) for _, each in browser.view.decided.entered}
        assert kinds == {"look", "share"}


def test_a_class_with_nothing_but_parts_for_people(ada: Browser, visit: Visit, cnn: Assignment) -> None:
    """No check judges anything: every page is there, and the score is what people give."""
    hand = cnn.model_copy(update={"id": "hand", "parts": cnn.parts[-1:]})
    write_reviewed_class(ada.review.out, hand, SIZE, key="key", book=ada.review.book)
    cache = ClassCache(ada.review.book, 2, hand, PEOPLE)
    browser = visit(of=replace(ada.review, assignment=hand, cache=cache))
    student = browser.view.students[0]
    assert (student.report.score, student.report.max_score) == (0, hand.parts[0].points)
    for path in ("/", "/?group=diagnosis", "/?waiting=1", f"/s/{student.key}", "/decisions"):
        browser.get(path)
    browser.decide(student, do="points", part=hand.parts[0].id, kind="set", points=1)
    now = by_id(browser, student.facts.id)
    assert (now.report.score, now.waits) == (1, False)


def test_two_people_lose_nothing(visit: Visit) -> None:
    """Points over points that one has not seen are not entered, and both are shown; words stand beside each other."""
    ada, ben = visit("ada"), visit("ben")
    student, seen = ada.view.students[0], ada.view.version
    ada.decide(student, do="points", part=PART, kind="set", points=3, text="Ada says three", seen=seen)
    mine = {"do": "points", "part": PART, "kind": "set", "points": 4, "text": "Ben says four"}
    conflict = ben.decide(student, 409, **mine, seen=seen).text
    assert "Ada says three" in conflict
    assert "Ben says four" in conflict
    ben.decide(student, do="comment", part=PART, text="Ben, beside", seen=seen)
    ada.decide(student, do="points", part="conv_backward_naive.dx", kind="give", text="other part", seen=seen)
    ben.decide(student, **mine)  # from the page that shows both
    reasons = [each.why for _, each in ben.view.decided.entered]
    assert reasons == ["Ada says three", "Ben, beside", "other part", "Ben says four"]


def test_what_one_enters_another_sees(visit: Visit) -> None:
    """The version that pages ask for grows, and says who looks at what; two servers of one gradebook agree."""
    ada, ben = visit("ada"), visit("ben")
    student = ada.view.students[0]
    ada.get(f"/s/{student.key}")
    ada.decide(student, do="look", next=1)
    told = ben.client.get("/changes").json()
    assert told == {"version": ada.view.version, "present": {student.key: ["ada"]}}
    assert "looked at by" in ben.get(f"/s/{student.key}")


def test_who_is_known_from_two_platforms_is_who_handed_in(ada: Browser) -> None:
    """The name that another platform gave in another assignment is not the one that this submission goes by."""
    with ada.review.book.writing() as session:
        session.add(StudentRow(id="a", name="A", email="", lms_id="", member="zoe", anonymous_id="anon-a"))
        session.get_one(StudentRow, "student-0003").member = "zoe"
    student = by_id(ada, "zoe")
    assert student.facts.name.endswith("Family0003")
    ada.decide(student, do="comment", text="x")
    assert [each.why for each in by_id(ada, "zoe").decisions] == ["x"]


def test_publishing_brings_the_folder_up_to_date(ada: Browser) -> None:
    """The table says who moves; afterwards the reports have it, and nobody would move."""
    student = ada.view.students[0]
    ada.decide(student, do="points", part=PART, kind="add", points="-1", text="a slip")
    assert "of 12 scores would change" in ada.get("/publish")
    assert ada.post("/publish").status_code == 303
    assert "0 of 12 scores would change" in ada.get("/publish")
    ada.decide(student, do="points", part="total", kind="add", points="-2", text="late")
    assert "decided by ada" in ada.get("/publish")
    assert (ada.review.out / "grades.json").is_file()
