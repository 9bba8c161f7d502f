"""Grading again: what is unchanged is not graded, and a grader killed at any moment loses nothing that was done."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

import grader.commands.decide as decide_command
from grader.bank.entries import load_mistakes
from grader.classrun.open import open_class
from grader.classrun.options import GradeOptions
from grader.classrun.pending import Backend, grade_pending
from grader.commands.decide import DecideOptions, run_adjust, run_decide
from grader.commands.grade import EVERYONE_GRADED, run_grade, run_regrade
from grader.commands.new import run_new
from grader.commands.terminal import INTERRUPTED, NOTHING_DONE, open_console, watching
from grader.course.people import CourseMember, People
from grader.gradebook import FILE, open_gradebook
from grader.gradebook.claims import LEASE
from grader.gradebook.register import anonymous_id
from grader.gradebook.schema import GradingRow, GradingState
from grader.progress import unwatched
from tests.gradebook import server

from .made_class import MISTAKES, write_class

PROGRAM = """
import signal
import sys
from datetime import timedelta
from pathlib import Path
signal.signal(signal.SIGINT, signal.default_int_handler)  # what a shell starts in the background ignores it
from grader.commands.grade import run_grade
from grader.classrun.options import GradeOptions
from grader.gradebook import claims
root, submissions, out, jobs, gradebook, lease = sys.argv[1:]
claims.LEASE = timedelta(seconds=float(lease))
sys.exit(run_grade(GradeOptions(
    root=Path(root), assignment="cnn", submissions=Path(submissions), out=Path(out), jobs=jobs,
    only="conv_backward_naive", isolation="B", data=None, gradebook=gradebook,
)))
"""


@pytest.fixture(scope="module")
def downloads(repository, cnn, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a class of three."""
    folder = tmp_path_factory.mktemp("downloads")
    write_class(repository, cnn, folder)
    return folder


@pytest.fixture(scope="module")
def many(repository, cnn, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a class that takes seconds after its first result."""
    folder = tmp_path_factory.mktemp("many")
    write_class(repository, cnn, folder, (each.name for each in load_mistakes(cnn.folder)[:20]))
    return folder


@pytest.fixture
def options(
    repository, downloads: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., GradeOptions]:
    """Make options for that class."""
    monkeypatch.setenv("GRADER_COURSE_KEY", "tests")

    def make(out: str = "out", **changed: object) -> GradeOptions:
        values = {
            "root": repository.root,
            "assignment": "cnn",
            "submissions": downloads,
            "out": tmp_path / out,
            "jobs": "1",
            "only": "conv_backward_naive",
            "isolation": "B",
            "data": None,
        }
        return GradeOptions(**{**values, **changed})

    return make


def started(options: GradeOptions, lease: timedelta = LEASE) -> subprocess.Popen[bytes]:
    """Start the same grading in a process of its own."""
    assert options.submissions is not None
    given = (
        *(options.root, options.submissions, options.out, options.jobs, options.gradebook),
        lease.total_seconds(),
    )
    arguments = map(str, given)
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", PROGRAM, *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=options.root,
    )


def done_at(where: Path | str) -> dict[str, tuple[int, object]]:
    """Return by content how often each finished grading was claimed, and when it was finished."""
    with open_gradebook(where) as book, book.reading() as session:
        rows = session.scalars(select(GradingRow).where(GradingRow.state == GradingState.DONE))
        return {each.sha256: (each.claims, each.finished_at) for each in rows}


def has_result(path: Path) -> bool:
    """Say, at little cost, whether a grader has written down its first result."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            return bool(connection.execute("SELECT count(*) FROM results").fetchone()[0])
    except sqlite3.OperationalError:
        return False  # it has not come as far as that


def verdicts(out: Path) -> list[object]:
    """Return all of grades.json that a repetition must repeat."""
    document = json.loads((out / "grades.json").read_text(encoding="utf-8"))
    for each in document["submissions"]:
        each["seconds"] = 0.0
        for check in each["checks"]:
            check["seconds"] = 0.0
    return document["submissions"]


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_killed_grader_is_resumed_without_losing_or_repeating(options, jobs: str) -> None:
    """After SIGKILL behind the first result, the class ends as if nothing had happened, each graded once."""
    killed = options("killed", jobs=jobs)
    with started(killed, lease=timedelta(seconds=1)) as grader:  # the next run waits for no longer
        while not has_result(killed.out / FILE):
            assert grader.poll() is None, "it ended before it could be killed"
            time.sleep(0.02)
        os.kill(grader.pid, signal.SIGKILL)
    first = done_at(killed.out / FILE)
    assert not (killed.out / "grades.json").exists()
    assert run_grade(killed) == EVERYONE_GRADED
    after = done_at(killed.out / FILE)
    assert len(after) == len(MISTAKES) + 1
    assert {sha256: after[sha256] for sha256 in first} == first
    whole = options("whole")
    assert run_grade(whole) == EVERYONE_GRADED
    assert verdicts(killed.out) == verdicts(whole.out)


def test_an_interrupt_ends_quietly_and_keeps_what_was_done(options, many: Path) -> None:
    """Ctrl-C ends with its own exit code and no traceback, and the next run does only the rest."""
    stopped = options("stopped", jobs="2", submissions=many)
    with started(stopped) as grader:
        while not has_result(stopped.out / FILE):
            assert grader.poll() is None, "it ended before it could be interrupted"
            time.sleep(0.02)
        grader.send_signal(signal.SIGINT)
        assert grader.wait() == INTERRUPTED
    first = done_at(stopped.out / FILE)
    assert run_grade(stopped) == EVERYONE_GRADED
    after = done_at(stopped.out / FILE)
    assert {sha256: after[sha256] for sha256 in first} == first


@pytest.fixture(params=["sqlite", "postgresql"])
def gradebook(request: pytest.FixtureRequest) -> Iterator[str]:
    """Return where the gradebook is: in the default place, or on a server."""
    if request.param == "sqlite":
        yield ""
        return
    reason = server.why_not()
    if reason:
        pytest.skip(f"no PostgreSQL: {reason}")
    with server.running() as url:
        yield url


def test_two_graders_at_once_share_the_class(options, gradebook: str) -> None:
    """Both end with the whole class, every submission was claimed once, and the scores are those of one grader."""
    shared = options("shared", gradebook=gradebook)
    with started(shared) as other:
        assert run_grade(shared) == EVERYONE_GRADED
        assert other.wait() == EVERYONE_GRADED
    done = done_at(shared.gradebook or shared.out / FILE)
    assert [claims for claims, _ in done.values()] == [1] * (len(MISTAKES) + 1)
    alone = options("alone")
    assert run_grade(alone) == EVERYONE_GRADED
    assert verdicts(shared.out) == verdicts(alone.out)


def test_what_is_unchanged_is_neither_graded_nor_written(options, capsys) -> None:
    """The second run grades nothing and touches no file; with `fresh` everything is graded again."""
    chosen = options()
    run_grade(chosen)
    before = {path: path.stat().st_mtime_ns for path in chosen.out.rglob("*.html")}
    grades = (chosen.out / "grades.json").stat().st_mtime_ns
    capsys.readouterr()
    assert run_grade(chosen) == EVERYONE_GRADED
    assert "3 unchanged, 0 graded" in capsys.readouterr().out
    assert {path: path.stat().st_mtime_ns for path in chosen.out.rglob("*.html")} == before
    assert (chosen.out / "grades.json").stat().st_mtime_ns == grades
    run_grade(options(fresh=True))
    assert "0 unchanged, 3 graded" in capsys.readouterr().out


def test_a_submission_that_changes_meanwhile_is_graded_as_it_is_now(
    options, repository, cnn, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is named, read again and graded in the same run; nothing is left for the next one."""
    write_class(repository, cnn, tmp_path / "changing", MISTAKES[:1])
    chosen = options(submissions=tmp_path / "changing")
    changed = tmp_path / "changing" / "ada" / "nndl" / "cnn.py"
    with watching(open_console()) as progress, open_class(chosen, progress) as opened:
        before = set(opened.wanted)
        changed.write_bytes(changed.read_bytes() + b"# one more line\n")
        graded = grade_pending(opened, Backend(1), progress)
    assert "read again: ada" in capsys.readouterr().out
    assert graded.contents == set(graded.run.wanted) == set(graded.run.gradings())
    assert len(graded.contents - before) == 1
    assert run_grade(chosen) == EVERYONE_GRADED
    assert "2 unchanged, 0 graded" in capsys.readouterr().out


def test_a_submission_that_goes_meanwhile_costs_nobody_anything(
    options, repository, cnn, tmp_path: Path
) -> None:
    """The others are graded, and it is listed as one that cannot be read."""
    write_class(repository, cnn, tmp_path / "going", MISTAKES[:1])
    with open_class(options(submissions=tmp_path / "going"), unwatched) as opened:
        shutil.rmtree(tmp_path / "going" / "ada")
        graded = grade_pending(opened, Backend(1), unwatched)
    assert len(graded.contents) == 1
    (gone,) = (each.content for each in graded.run.received if each.content.sha256 is None)
    assert gone.error


def test_points_given_by_hand_show_and_stay(options, repository, capsys) -> None:
    """An adjustment is in grades.json at once and after grading anew; one that cannot be is refused."""
    chosen = options()
    run_grade(chosen)

    def adjusted(**changed: str) -> int:
        given = {
            "part": "conv_backward_naive.dx",
            "add": "3.5",
            "why": "unclear",
            "who": "grace",
        } | changed
        return run_adjust(
            DecideOptions(repository.root, "conv_dx_by_filter_and_added", out=chosen.out, **given)
        )

    assert adjusted() == 0
    assert "+3.5 in conv_backward_naive.dx by grace" in capsys.readouterr().out
    for again in (chosen, options(fresh=True)):
        by_id = {each["id"]: each for each in verdicts(chosen.out)}
        assert by_id["conv_dx_by_filter_and_added"]["score"] == 18 - 8 + 3.5
        assert by_id["conv_dx_by_filter_and_added"]["adjustments"][0]["why"] == "unclear"
        run_grade(again)
    assert adjusted(add="many") == NOTHING_DONE
    assert adjusted(gradebook=str(chosen.out / "other.sqlite")) == NOTHING_DONE
    assert not (chosen.out / "other.sqlite").exists()
    assert adjusted(part="no_such_part") == NOTHING_DONE
    assert adjusted(add="200") == adjusted(add="0") == NOTHING_DONE
    assert adjusted(why=" ") == NOTHING_DONE
    said = capsys.readouterr().out
    assert all(
        words in said
        for words in ("no number of points", "no part", "say why", "no gradebook", "--beyond", "--set 0")
    )


def test_a_regrade_shows_who_moves_before_it_publishes(options, capsys) -> None:
    """Moves are printed with their checks; grades.json changes with --publish, and not before."""
    partly = options(only="conv_backward_naive.db")
    run_grade(partly)
    before = verdicts(partly.out)
    capsys.readouterr()
    wider = options(only="conv_backward_naive")
    assert run_regrade(wider) == EVERYONE_GRADED
    said = capsys.readouterr().out
    assert "3 of 3 scores would change" in said
    assert "4 / 4" in said
    assert "18 / 18" in said
    assert "not there -> passed" in said
    assert verdicts(partly.out) == before
    assert run_regrade(wider, publish=True) == EVERYONE_GRADED
    assert {each["id"]: each["score"] for each in verdicts(partly.out)}["ada"] == 18.0
    capsys.readouterr()
    assert run_regrade(wider) == EVERYONE_GRADED
    assert "0 of 3 scores would change" in capsys.readouterr().out


def test_anonymous_reports_name_nobody(options) -> None:
    """With --anonymous no file for graders holds a student's id, and the pages of the named run are gone."""
    run_grade(options())
    run_grade(options(anonymous=True))
    out = options().out
    text = "".join(
        path.read_text(encoding="utf-8")
        for path in out.rglob("*")
        if path.suffix in {".json", ".csv", ".html"}
    )
    assert not [name for name in ("ada", *MISTAKES) if f'"{name}"' in text or f">{name}<" in text]
    assert len(list((out / "students").iterdir())) == len(MISTAKES) + 1


def test_who_comes_later_is_anonymous_as_well(
    options, repository, cnn, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A regrade that publishes hides the name of who handed in since, and an adjustment tells nobody's."""
    folder = tmp_path / "growing"
    write_class(repository, cnn, folder)
    late = tmp_path / "late"
    (folder / "ada").rename(late)
    assert run_grade(options(submissions=folder, anonymous=True)) == EVERYONE_GRADED
    late.rename(folder / "ada")
    assert run_regrade(options(submissions=folder), publish=True) == EVERYONE_GRADED
    out = options().out
    ada = anonymous_id("ada", "tests")
    names = [each["id"] for each in verdicts(out)]
    assert ada in names
    assert [each.startswith("anon-") for each in names] == [True] * 3
    capsys.readouterr()
    point = DecideOptions(
        repository.root, ada, part="total", add="1", why="why", who="who", assignment="cnn", out=out
    )
    assert run_adjust(point) == 0
    said = capsys.readouterr().out
    assert f"{ada}: +1" in said
    assert "ada: " not in said


def test_what_cannot_be_written_ends_before_anything_is_graded(options, tmp_path: Path, capsys) -> None:
    """A gradebook or folder that cannot be used is one clear message and the exit code for nothing done."""
    (tmp_path / "file").touch()
    assert run_grade(options("file")) == NOTHING_DONE
    assert "choose another folder" in " ".join(capsys.readouterr().out.split())
    assert run_grade(options(gradebook="postgresql+psycopg://x@127.0.0.1:1/x")) == NOTHING_DONE
    assert "no server answers" in capsys.readouterr().out


def test_other_points_renew_the_files_and_grade_nothing(tmp_path: Path, monkeypatch, capsys) -> None:
    """Points are policy: scores, pages and table say the new ones, from the verdicts that are kept."""
    monkeypatch.setenv("GRADER_COURSE_KEY", "tests")
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "assignments").mkdir()
    assert run_new(tmp_path, "toy") == 0
    chosen = GradeOptions(tmp_path, "toy", None, tmp_path / "out", jobs="1", isolation="B")
    run_grade(chosen)
    before = {each["id"]: (each["score"], each["max_score"]) for each in verdicts(chosen.out)}
    pages = {path: path.read_bytes() for path in chosen.out.rglob("students/*.html")}
    file = tmp_path / "assignments" / "toy" / "assignment.toml"
    text = file.read_text(encoding="utf-8")
    points = re.findall(r"^points = (\d+)$", text, re.MULTILINE)
    file.write_text(
        re.sub(r"^points = (\d+)$", r"points = \g<1>0", text, flags=re.MULTILINE), encoding="utf-8"
    )
    capsys.readouterr()
    run_grade(chosen)
    assert f"{len(before)} unchanged, 0 graded" in capsys.readouterr().out
    after = {each["id"]: (each["score"], each["max_score"]) for each in verdicts(chosen.out)}
    assert {most for _, most in after.values()} == {10.0 * sum(map(float, points))}
    assert after == {id: pytest.approx((10 * score, 10 * most)) for id, (score, most) in before.items()}
    assert all(path.read_bytes() != content for path, content in pages.items())


def test_decisions_are_seen_before_they_are_entered_and_undone_after(
    options, repository, tmp_path, capsys, monkeypatch
) -> None:
    """For all, a diagnosis or a table: who moves is said first, kept results move, and an undo takes it back."""
    chosen = options()
    run_grade(chosen)

    def decided(**asked: object) -> str:
        given = {
            "who": "grace",
            "why": "unclear",
            "assignment": chosen.assignment,
            "out": chosen.out,
            **asked,
        }
        capsys.readouterr()
        assert run_decide(DecideOptions(repository.root, **given)) == 0
        return capsys.readouterr().out

    def scores() -> dict[str, float]:
        return {each["id"]: each["score"] for each in verdicts(chosen.out)}

    before, part, wrong = scores(), "conv_backward_naive.dx", "conv_dx_by_filter_and_added"
    said = decided(everybody=True, part=part, give=True)
    assert f"{wrong}: 10 / 18 becomes 18 / 18 (+8)" in said
    assert "Nothing was entered" in said
    assert scores() == before
    decided(everybody=True, part=part, give=True, enter=True)
    assert scores()[wrong] == 18.0
    decided(undo="1", enter=True)
    assert scores() == before
    assert f"1 | {wrong} " in decided(diagnosis="?")
    decided(diagnosis=wrong, part=part, set="4", enter=True)
    assert {name: score - before[name] for name, score in scores().items() if score != before[name]} == {
        wrong: 4.0
    }
    table = tmp_path / "decisions.csv"
    table.write_text(
        f"student,part,set,comment\n{wrong},{part},0,\n{wrong},,,Please see me.\n", encoding="utf-8-sig"
    )
    decided(table=table, enter=True)
    assert scores() == before
    (entry,) = (each for each in verdicts(chosen.out) if each["id"] == wrong)
    assert [each["text"] for each in entry["comments"]] == ["Please see me."]
    people = People((CourseMember(wrong, section="A"), CourseMember("nobody", section="B")))
    monkeypatch.setattr(decide_command, "load_people", lambda _root: people)
    said = decided(section="A", part="total", add="1")
    assert "1 of" in said.splitlines()[1]
    assert said.startswith(f"{wrong}: ")
    listed = decided()
    assert "all points in conv_backward_naive.dx by grace" in listed
    assert "[decision 1] (undone)" in listed
