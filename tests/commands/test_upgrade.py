"""A new engine or other points in mid-term: who moves is said first, and what judges the same regrades nothing."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

import grader.commands.grade as commands
from grader.authoring.new import create_assignment, create_course
from grader.authoring.release import release
from grader.classrun.options import GradeOptions
from grader.commands.grade import run_grade, run_regrade, run_upgrade
from grader.course.repository import Course, load_settings

NEW = "9.9.9"


@pytest.fixture
def options(tmp_path: Path) -> GradeOptions:
    """Return how the class of a new course was graded, with the engine that the course names."""
    create_course(tmp_path / "course")
    course = Course(tmp_path / "course")
    create_assignment(course, "hw1")
    release(course.load(), course.root)
    options = GradeOptions(course.root, "", None, course.root / "grades", jobs="1")
    assert run_grade(options) == 0
    return options


@pytest.fixture
def upgraded(options: GradeOptions, monkeypatch: pytest.MonkeyPatch) -> GradeOptions:
    """Return the same once another engine is installed."""
    monkeypatch.setattr(commands, "__version__", NEW)
    return options


def gradings(options: GradeOptions) -> int:
    """Return how many gradings the gradebook holds."""
    with closing(sqlite3.connect(options.out / "gradebook.sqlite")) as book:
        return int(book.execute("select count(*) from gradings").fetchone()[0])


def scores(options: GradeOptions) -> dict[str, float]:
    """Return what the class is shown."""
    document = json.loads((options.out / "grades.json").read_text(encoding="utf-8"))
    return {each["id"]: each["score"] for each in document["submissions"]}


def soften(options: GradeOptions) -> None:
    """Make every check pass, as an engine that judges otherwise might."""
    checks = options.root / "assignments/hw1/checks/test_averages.py"
    text = checks.read_text(encoding="utf-8")
    checks.write_text(text.replace("    assert_matches(", "    (lambda *_a, **_k: None)("), encoding="utf-8")


def test_another_engine_publishes_nothing_by_itself(
    upgraded: GradeOptions, capsys: pytest.CaptureFixture[str]
) -> None:
    """Grading and publishing are refused with what to do; to look who would move is not."""
    capsys.readouterr()
    assert run_grade(upgraded) == 2
    assert "numgrade upgrade --preview" in capsys.readouterr().out.replace("\n", " ")
    assert run_regrade(upgraded, publish=True) == 2
    assert run_regrade(upgraded) == 0


def test_an_upgrade_that_judges_the_same_regrades_nothing(upgraded: GradeOptions, capsys) -> None:
    """Its version is accepted, in the course's table and in what it requires, and no submission was graded again."""
    before = gradings(upgraded), scores(upgraded)
    assert run_upgrade(upgraded, preview=False) == 0
    assert "0 of 3 scores would change" in capsys.readouterr().out
    assert (gradings(upgraded), scores(upgraded)) == before
    assert load_settings(upgraded.root).engine == NEW
    assert f'"numgrade=={NEW}"' in (upgraded.root / "pyproject.toml").read_text(encoding="utf-8")
    assert run_grade(upgraded) == 0


def test_a_preview_shows_who_would_move_and_changes_nothing(upgraded: GradeOptions, capsys) -> None:
    """Who moves is listed with the check; scores and the course's engine stay until it is accepted."""
    before = scores(upgraded)
    soften(upgraded)
    capsys.readouterr()
    assert run_upgrade(upgraded, preview=True) == 0
    said = capsys.readouterr().out
    assert "blaise" in said
    assert "Nothing was changed" in said
    assert scores(upgraded) == before
    assert load_settings(upgraded.root).engine != NEW
    assert run_upgrade(upgraded, preview=False) == 0
    assert scores(upgraded)["blaise"] > before["blaise"]


def test_a_class_whose_submissions_are_gone_keeps_its_scores(
    options: GradeOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    """It is named, and the exit code tells; nobody is graded to nothing."""
    handed_in = tmp_path / "download"
    (handed_in / "ada").mkdir(parents=True)
    solution = options.root / "assignments/hw1/solution/homework"
    shutil.copytree(solution, handed_in / "ada" / "homework")
    graded = GradeOptions(options.root, "hw1", handed_in, tmp_path / "other", jobs="1")
    assert run_grade(graded) == 0
    shutil.rmtree(handed_in)
    monkeypatch.setattr(commands, "__version__", NEW)
    capsys.readouterr()
    assert run_upgrade(graded, preview=False) == 1
    assert "no longer there" in capsys.readouterr().out
    assert scores(graded) == {"ada": 10.0}


@pytest.mark.parametrize("anonymous", [False, True])
def test_a_regrade_compares_with_the_scores_that_are_shown(
    options: GradeOptions, capsys: pytest.CaptureFixture[str], *, anonymous: bool
) -> None:
    """Points that changed since move whoever earned some, with the checks; nothing is graded again for it."""
    run_grade(replace(options, anonymous=anonymous))
    before = gradings(options), scores(options)
    path = options.root / "assignments/hw1/assignment.toml"
    text, changed = re.subn(
        r"^points = .*$", "points = 50", path.read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    assert changed
    path.write_text(text, encoding="utf-8")
    capsys.readouterr()
    assert run_regrade(options) == 0
    said = capsys.readouterr().out
    moving = sum(score > 0 for score in before[1].values())
    assert f"of {len(before[1])} scores would change" in said
    assert said.count(" / 10 |") == len(before[1]) > 0
    assert "passed -> passed (+" in said
    assert (gradings(options), scores(options)) == before
    assert run_regrade(options, publish=True) == 0
    assert sum(scores(options)[name] > score for name, score in before[1].items()) == moving > 0
    capsys.readouterr()
    assert run_regrade(options) == 0
    assert "0 of " in capsys.readouterr().out
    assert gradings(options) == before[0]
