"""Only places that exist in the submission are shown to students."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.checking.verdicts import PASSED, SourceLocations, Verdict, judge
from grader.intake.rewrite import REFUSAL
from grader.results import Outcome
from grader.sandbox import StudentError


@pytest.fixture
def places(tmp_path: Path) -> SourceLocations:
    """The places of a root with one module of three lines."""
    (tmp_path / "root" / "nndl").mkdir(parents=True)
    (tmp_path / "root" / "nndl" / "layers.py").write_text("a = 1\nb = 2\nc = 3", encoding="utf-8")
    (tmp_path / "outside.py").write_text("secret = 1\n", encoding="utf-8")
    return SourceLocations([tmp_path / "root"])


@pytest.mark.parametrize(
    "where", ["nndl/layers.py:1", "nndl/layers.py:3", "nndl/layers.py:3, called from nndl/layers.py:1"]
)
def test_lines_of_the_submission_are_known(places: SourceLocations, where: str) -> None:
    """A line of a file that was handed in is a place."""
    assert where in places


@pytest.mark.parametrize(
    "where",
    [
        "nndl/layers.py:4",
        "nndl/layers.py:0",
        "nndl/layers.py",
        "nndl/0.73127.py:1",
        "../outside.py:1",
        "nndl/layers.py:1 0.73",
        "nndl/layers.py:1, called from nndl/layers.py:4",
        "nndl/layers.py:1, called from nndl/layers.py:1, called from 0.73",
        "nndl/layers.py:99999999999999",
        "",
    ],
)
def test_made_up_places_are_not_known(places: SourceLocations, where: str) -> None:
    """Lines beyond the end, files that are not there and anything else are none."""
    assert where not in places
    assert 3 not in places


def test_none_where_the_check_uses_it_is_not_written_yet(tmp_path: Path) -> None:
    """What an open method gives breaks the check's own code in the box; in a line of the submission it is an error."""
    text = "'NoneType' object has no attribute 'sum'"
    assert judge(StudentError("AttributeError", text), tmp_path).outcome is Outcome.NOT_IMPLEMENTED
    assert judge(StudentError("AttributeError", text, "layers.py:3"), tmp_path).outcome is Outcome.ERROR


def test_packages_that_the_submission_imports_are_known(tmp_path: Path) -> None:
    """A package is told to students where a line of theirs imports it: a made-up name may carry anything."""
    (tmp_path / "a.py").write_text(
        "x = 1\ndef f():\n    from scipy.special import softmax\n", encoding="utf-8"
    )
    assert "import scipy" in SourceLocations([tmp_path])
    assert "import x" not in SourceLocations([tmp_path])


def test_the_reason_that_gives_nothing_away_is_the_students_too(tmp_path: Path) -> None:
    """Who used the fast layers where they must not is told so; any other text of an exception stays with staff."""
    used = judge(StudentError("RuntimeError", REFUSAL, "nndl/layers.py:3", ""), tmp_path)
    assert used.outcome is Outcome.ERROR
    assert used.message == f"The call used the given fast layers at nndl/layers.py:3; {REFUSAL}."
    assert "0.73" not in judge(StudentError("RuntimeError", f"{REFUSAL} 0.73", "", ""), tmp_path).message


def test_an_assert_of_the_check_itself_fails_the_answer(tmp_path: Path) -> None:
    """With its own words; one in a library that the check calls is a fault of the grader, and nobody's error passes."""
    check = compile("assert values, 'Some values.'", str(tmp_path / "test_x.py"), "exec")
    with pytest.raises(AssertionError) as own:
        exec(check, {"values": []})  # noqa: S102
    assert judge(own.value, tmp_path) == Verdict(Outcome.FAILED, "Some values.")
    assert judge(own.value, tmp_path / "elsewhere").outcome is Outcome.GRADER_ERROR
    assert judge(None, tmp_path) is PASSED
