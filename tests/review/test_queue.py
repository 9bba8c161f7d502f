"""The queue lists what is asked for, says how far everybody is, and tells no name where names are hidden."""

from __future__ import annotations

from grader.review.queue import Filters, grader_progress, grouped, listed_in, neighbours, part_progress

from .conftest import SIZE, Browser, Visit

PART = "conv_forward_naive"


def listed(browser: Browser, query: dict[str, str], *, blind: bool = False) -> list[str]:
    """Return who is listed."""
    found = listed_in(browser.view, Filters.of(query), browser.who, blind=blind)
    return [each.facts.id for each in found]


def test_filters_leave_what_they_name(ada: Browser) -> None:
    """Each alone and all together, as an address says them; what is not known lists nobody."""
    view = ada.view
    sentence = next(iter(view.diagnoses))
    with_it = [each.facts.id for each in view.with_diagnosis(view.diagnoses[sentence])]
    assert listed(ada, {"diagnosis": sentence}) == with_it
    assert listed(ada, {"diagnosis": "unknown"}) == []
    assert listed(ada, {"section": "B", "team": "t1"}) == ["student-0003", "student-0005"]
    assert listed(ada, {"flag": "answer_elsewhere"}) == ["student-0000", "student-0007"]
    assert listed(ada, {"q": "family0004"}) == ["student-0004"]
    assert listed(ada, {"q": "family0004"}, blind=True) == []
    assert len(listed(ada, {"waiting": "1"})) == SIZE
    lost = listed(ada, {"part": PART})
    assert 0 < len(lost) < SIZE
    first = view.students[0]
    ada.decide(first, do="look")
    assert first.facts.id not in listed(ada, {"new": "1"})
    assert "page" not in Filters.of({"page": "2", "part": PART}).query


def test_the_next_is_the_next_also_when_this_one_left(ada: Browser) -> None:
    """What was judged is not in the list any more; one goes on from its place."""
    second = ada.view.students[1]
    ada.decide(second, do="look")
    place = neighbours(ada.view, Filters(new="1"), second.key, "ada", blind=False)
    assert place == (2, SIZE - 1, ada.view.students[0].key, ada.view.students[2].key)


def test_shares_and_progress(visit: Visit) -> None:
    """A team stays together; everybody's share is listed as mine, and what is left of it grows less."""
    ada = visit("ada")
    assert ada.post("/share", graders="ada, ben").status_code == 303
    mine = listed(ada, {"mine": "1"})
    assert mine == [f"student-{at:04}" for at in range(SIZE // 2)]
    ada.decide(ada.view.students[0], do="look")
    found = {each.name: (each.looked, each.share, each.left) for each in grader_progress(ada.view)}
    assert found == {"ada": (1, 6, 5), "ben": (0, 6, 6)}
    parts = part_progress(ada.view)
    assert all(each.full + each.lost + each.waiting == SIZE for each in parts)
    assert parts[-1].waiting == SIZE
    assert sum(len(each.students) for each in grouped(ada.view.students)) >= SIZE


def test_hidden_names_are_nowhere(ada: Browser) -> None:
    """No page of the review has a name, a mail or an id of a student in it, whatever is entered."""
    student = ada.view.students[0]
    assert ada.post("/blind", on=1).status_code == 303
    sentence = next(iter(ada.view.diagnoses))
    other = ada.view.with_diagnosis(ada.view.diagnoses[sentence])[0]
    ada.decide(student, do="points", part=PART, kind="add", points=-1, text="why")
    pages = [
        "/",
        "/?group=diagnosis",
        f"/s/{student.key}",
        f"/s/{student.key}/attempts",
        "/decisions",
        "/publish",
    ]
    texts = [ada.get(each) for each in pages]
    fields = {"do": "comment", "text": "x", "all": sentence}
    texts.append(ada.decide(other, 200, **fields).text)
    for text in texts:
        assert "Family" not in text
        assert "student-0" not in text
        assert "example.edu" not in text
