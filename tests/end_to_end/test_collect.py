"""A course that works by git: repositories are collected, graded, and answered by a text for each."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.classrun.open import GradeOptions
from grader.commands.collect import ALL_THERE, SOMETHING_LEFT, CollectOptions, run_collect
from grader.commands.grade import run_grade
from grader.commands.returning import run_return
from grader.commands.terminal import NOTHING_DONE
from grader.course.repository import Course
from grader.gradebook import FILE
from grader.reporting.returning import ReturnOptions
from tests.end_to_end.github_server import OWNER, TOKEN, FakeGitHub, running
from tests.reporting.returning.classes import make_course

WHEN = "2026-11-20T23:59:00+01:00"
Collect = Callable[..., tuple[int, str]]


def _git(folder: Path, *arguments: str) -> None:
    written = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in _WHO.items()}
    environment = {**os.environ, **written}
    subprocess.run(["git", *arguments], cwd=folder, env=environment, check=True, capture_output=True)  # noqa: S603, S607


_WHO = {"NAME": "somebody", "EMAIL": "somebody@example.edu", "DATE": WHEN}


def push(home: Path, name: str, files: dict[str, bytes]) -> None:
    """Put a repository with two commits on the server."""
    work = home / "work" / name
    work.mkdir(parents=True)
    _git(work, "init", "--quiet", "--initial-branch=main")
    _git(work, "commit", "--quiet", "--allow-empty", "--message", "begin")
    for path, content in files.items():
        (work / path).parent.mkdir(parents=True, exist_ok=True)
        (work / path).write_bytes(content)
    (work / "link").symlink_to("/etc/passwd")
    _git(work, "add", "--all")
    _git(work, "commit", "--quiet", "--message", "done")
    _git(home, "clone", "--quiet", "--bare", str(work), str(home / f"{name}.git"))


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Return a course whose people.csv knows two logins, and one student more."""
    course = make_course(tmp_path_factory.mktemp("course") / "course")
    people = "id,name,github\nada,Ada Lovelace,Ada-L\nblaise,Blaise Pascal,bpascal\ncarl,Carl Gauss,\n"
    (course.root / "people.csv").write_text(people, encoding="utf-8")
    return course


@pytest.fixture(scope="module")
def home(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return bare repositories: a right answer, a stub, one of a stranger, and one of another assignment."""
    home = tmp_path_factory.mktemp("home")
    solution, starter = (
        {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.py")}
        for folder in (course.solution(course.load("hw1")), course.starter(course.load("hw1")))
    )
    for name, files in (("hw1-Ada-L", solution), ("hw1-bpascal", starter), ("hw1-template", starter)):
        push(home, name, files)
    push(home, "hw2-Ada-L", {"a.py": b""})
    return home


@pytest.fixture
def collect(
    course: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Collect:
    """Return what collects, with a token, and gives the exit code and what was printed."""
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)

    def run(source: str, **asked: str) -> tuple[int, str]:
        code = run_collect(
            CollectOptions(course.root, source, to=tmp_path / "clones", assignment="hw1", **asked)
        )
        return code, " ".join(capsys.readouterr().out.split())

    return run


def test_repositories_come_back_as_results(
    course: Course, home: Path, collect: Collect, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Listed in pages and through a rate limit, cloned, graded with times and members, and answered in Markdown."""
    with running(FakeGitHub(home, turn_away=[429, 403])) as github:
        code, said = collect(f"{github.url}/{OWNER}")
        again, _ = collect(f"{github.url}/{OWNER}")
    clones = tmp_path / "clones"
    assert (code, again) == (SOMETHING_LEFT, SOMETHING_LEFT)
    assert sorted(each.name for each in clones.iterdir()) == ["hw1-Ada-L", "hw1-bpascal", "hw1-template"]
    assert "hw1-Ada-L | ada | 2026-11-20 23:59+01:00" in said
    assert "template is in no row of people.csv" in said
    assert "3 repositories; 1 student of people.csv without one: carl" in said
    assert f"numgrade grade --assignment hw1 --submissions {clones} --from github" in said
    assert not (clones / "hw1-Ada-L" / "link").is_symlink()
    config = b"".join(each.read_bytes() for each in clones.rglob("config"))
    assert TOKEN.encode() not in config

    assert collect(str(clones))[0] == SOMETHING_LEFT  # what was cloned by other means is read as well
    out = tmp_path / "grades"
    run_grade(
        GradeOptions(
            root=course.root,
            submissions=clones,
            platform="github",
            assignment="hw1",
            out=out,
            gradebook=str(out / FILE),
        )
    )
    back = tmp_path / "back"
    given = ReturnOptions(
        course.root, "git", at=str(back), send=True, publish=True, assignment="hw1", out=out
    )
    run_return(given)
    capsys.readouterr()
    texts = {each.parent.name: each.read_text(encoding="utf-8") for each in back.glob("*/feedback.md")}
    assert {"Ada-L", "bpascal"} <= texts.keys()
    assert "**10 of 10 points**" in texts["Ada-L"]
    assert "not written yet" in texts["bpascal"]
    assert (back / "Ada-L" / "feedback.html").is_file()


@pytest.mark.parametrize(
    ("address", "asked", "why"),
    [
        ("{url}/somebody-else", {}, "no organisation somebody-else"),
        ("{url}/our-course", {"prefix": "hw9-"}, "of 4 repositories of our-course none begins with 'hw9-'"),
        ("http://github.example.edu/our-course", {}, "write https://"),
        ("nowhere", {}, "neither a folder of clones nor an organisation"),
        ("", {}, "say from where"),
    ],
)
def test_what_cannot_be_collected_is_said(
    home: Path, collect: Collect, address: str, asked: dict[str, str], why: str
) -> None:
    """With what to do, and nothing is written."""
    with running(FakeGitHub(home)) as github:
        code, said = collect(address.format(url=github.url), **asked)
    assert code == NOTHING_DONE
    assert why in said


def test_a_token_that_is_none_and_a_repository_that_fails(
    home: Path, collect: Collect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first is said by GitHub's answer; the second is named, the others come, and nobody's own folder goes."""
    with running(FakeGitHub(home, per_page=9)) as github:
        (home / "hw1-broken.git").mkdir()
        code, said = collect(f"{github.url}/{OWNER}")
        (home / "hw1-broken.git").rmdir()
        own = tmp_path / "clones" / "hw1-bpascal"
        shutil.rmtree(own / ".git")
        (own / "notes.txt").write_text("mine")
        assert (
            "hw1-bpascal could not be cloned, and what is there stays" in collect(f"{github.url}/{OWNER}")[1]
        )
        assert (own / "notes.txt").read_text() == "mine"
        assert code == SOMETHING_LEFT != ALL_THERE
        assert "hw1-broken could not be cloned" in said
        assert "hw1-Ada-L | ada" in said
        monkeypatch.setenv("GITHUB_TOKEN", "expired")
        assert "does not take the token" in collect(f"{github.url}/{OWNER}")[1]
        monkeypatch.delenv("GITHUB_TOKEN")
        assert (
            "put a GitHub token into the environment variable GITHUB_TOKEN"
            in collect(f"{github.url}/{OWNER}")[1]
        )
