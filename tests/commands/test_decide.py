"""`numgrade decide` from the outside."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.commands.decide import DecideOptions, run_decide
from grader.commands.terminal import NOTHING_DONE
from grader.intake.arrivals import Person
from tests.reporting.returning.classes import PART, grade_class, make_course

Decide = Callable[..., tuple[int, str]]


@pytest.fixture
def decide(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Decide:
    """Return what decides about a class of one in a course with an instructor and an assistant."""
    course, out = make_course(tmp_path / "course"), tmp_path / "grades"
    people = "id,name,role\nines,Ines,instructor\ntom,Tom,ta\n"
    (course.root / "people.csv").write_text(people, encoding="utf-8")
    grade_class(course, out, [(Person("ada"), 10.0)])

    def decided(who: str, **asked: object) -> tuple[int, str]:
        given = {"assignment": "hw1", "out": out, "why": "why", "enter": True, **asked}
        code = run_decide(DecideOptions(course.root, who=who, **given))
        return code, " ".join(capsys.readouterr().out.split())

    return decided


def test_who_may_not_leave_a_part_out_does_not_bring_it_back(decide: Decide) -> None:
    """Undoing takes what the undone took."""
    asked = {"everybody": True, "part": PART, "void": True}
    assert "tom may not void as ta" in decide("tom", **asked)[1]
    assert decide("ines", **asked)[0] == 0
    assert "tom may not void as ta" in decide("tom", undo="1")[1]
    assert decide("ines", undo="1")[0] == 0


def test_a_number_that_there_is_not_is_refused(decide: Decide) -> None:
    """Whether it is one to come, too long or no number that one counts with."""
    for enter in (True, False):
        code, said = decide("ines", undo="1", enter=enter)
        assert code == NOTHING_DONE
        assert "hw1 has no decision 1 to undo; `numgrade decide` lists" in said
    for number in ("9" * 5000, "\N{SUPERSCRIPT TWO}", "-1"):
        assert "give the number of a decision" in decide("ines", undo=number)[1]
    assert "Nothing was decided about hw1" in decide("ines")[1]
