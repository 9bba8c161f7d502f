"""people.csv: who is who on which platform, whatever letters their names are written in."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, strategies as st

from grader.course.people import PEOPLE_FILE, CourseMember, People, PeopleError, load_people

ADA = CourseMember("ada", "Lovelace, Ada", "ada@example.edu", "A", platforms={"canvas": "12345"})
ZOE = CourseMember("zoe", "Zo\u00eb M\u00fcller", "zoe@example.edu", "B")
PRIYA = CourseMember("priya", "\u0936\u0930\u094d\u092e\u093e \u092a\u094d\u0930\u093f\u092f\u093e")
ONEIL = CourseMember("oneil", "Sean O\u2019Neil")
PEOPLE = People((ADA, ZOE, PRIYA, ONEIL, CourseMember("grace", "Grace Hopper", role="staff")))


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"number": "12345"}, "ada"),
        ({"email": "ADA@example.edu"}, "ada"),
        ({"id": "Zoe"}, "zoe"),
        ({"name": "Ada Lovelace"}, "ada"),
        ({"name": unicodedata.normalize("NFD", ZOE.name)}, "zoe"),
        ({"name": "M\u00fcller, Zo\u00eb"}, "zoe"),
        ({"name": unicodedata.normalize("NFD", PRIYA.name)}, "priya"),
        ({"name": "Sean O'Neil"}, "oneil"),
        ({"name": "Ada"}, None),
        ({"number": "99", "name": "Team Rocket"}, None),
        ({}, None),
    ],
)
def test_whoever_is_meant_is_found(asked: dict[str, str], expected: str | None) -> None:
    """By number, mail, id or the whole name; half a name, or nothing, is nobody."""
    found = PEOPLE.find(**asked)
    assert (found and found.id) == expected


def test_two_of_one_name_are_told_apart_or_not_at_all() -> None:
    """A name that two have is nobody's."""
    twins = People((CourseMember("a", "Ada Li", "a@x"), CourseMember("b", "Ada Li", "b@x")))
    assert twins.find(name="Ada Li") is None
    found = twins.find(name="Ada Li", email="b@x")
    assert found is not None
    assert found.id == "b"


def test_what_a_platform_tells_is_added_to_what_is_known() -> None:
    """Who is known keeps what was written, and gets the platform's number; who is new gets an id of their own."""
    told = [
        CourseMember("12345", "Ada Lovelace", "ada@example.edu", "ignored", platforms={"moodle": "77"}),
        CourseMember("zoe", "Zoe Somebody", "other@example.edu", platforms={"moodle": "78"}),
        CourseMember("new", "New Person", platforms={"moodle": "79"}),
    ]
    people = PEOPLE.merged(told)
    ada = people.find(number="77")
    assert ada is not None
    assert (ada.id, ada.section, ada.platforms) == ("ada", "A", {"canvas": "12345", "moodle": "77"})
    assert [each.id for each in people.members][-1] == "new"
    assert people.merged(told) == people
    nameless = [CourseMember("", name, platforms={"moodle": name}) for name in ("One", "Two")]
    assert [each.id for each in people.merged(nameless).members][-2:] == ["person", "person-2"]


words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=9).map(
    str.strip
)


@given(
    st.lists(
        st.builds(CourseMember, words.filter(bool), words, words, words, words, words),
        unique_by=lambda each: each.id,
    )
)
def test_what_is_written_is_read(tmp_path_factory, members: list[CourseMember]) -> None:
    """Whatever stands in a row comes back."""
    folder = tmp_path_factory.mktemp("course")
    people = People(tuple(members))
    (folder / PEOPLE_FILE).write_text(people.render(), encoding="utf-8", newline="")
    assert load_people(folder) == people


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"name\nAda\n", "row 2.*has no id"), (b"id\na\na\n", "row 3.*stands twice"), (b"id\n\xff\n", "UTF-8")],
)
def test_what_cannot_be_used_is_named(tmp_path, content: bytes, words: str) -> None:
    """The file and the row, and what to do."""
    (tmp_path / PEOPLE_FILE).write_bytes(content)
    with pytest.raises(PeopleError, match=words):
        load_people(tmp_path)
    assert load_people(tmp_path / "elsewhere") == People()
