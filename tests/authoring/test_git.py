"""A release as a repository for students."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from grader.authoring.git import git_files, write_git
from grader.course.regions import ReleaseError
from grader.course.repository import Course
from tests.authoring.homework import make_homework
from tests.authoring.test_kit import CHANGES


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """Return the content of a repository as it is written."""
    write_git(
        make_homework(tmp_path / "course", CHANGES), Course(tmp_path / "course"), tmp_path / "repository"
    )
    return tmp_path / "repository"


def test_both_systems_run_the_public_checks(written: Path) -> None:
    """GitHub and GitLab install, check, and keep the report also of a run that failed."""
    github = yaml.safe_load((written / ".github/workflows/checks.yml").read_text(encoding="utf-8"))
    steps = github["jobs"]["checks"]["steps"]
    assert [each["run"] for each in steps if "run" in each][-1] == "invoke check --ci"
    assert steps[-1]["if"] == "always()"
    assert github["permissions"] == {"contents": "read"}
    gitlab = yaml.safe_load((written / ".gitlab-ci.yml").read_text(encoding="utf-8"))["checks"]
    assert gitlab["script"][-1] == "invoke check --ci"
    assert gitlab["artifacts"]["when"] == "always"
    assert gitlab["artifacts"]["reports"]["junit"] in {"check-report/junit.xml"}


def test_what_the_workflow_runs_runs_there(written: Path) -> None:
    """In the checkout, with nothing of the course: stubs fail with notes and a report."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(written),
        "GITHUB_ACTIONS": "true",
        "GITHUB_STEP_SUMMARY": str(written / "s"),
    }
    done = subprocess.run(
        [sys.executable, "-m", "invoke", "check", "--ci"],
        cwd=written,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "::notice file=nndl/smooth.py,line=" in done.stdout
    assert (written / "check-report/junit.xml").is_file()
    assert "not written yet" in (written / "s").read_text(encoding="utf-8")


def test_writing_again_follows_the_release(written: Path, tmp_path: Path) -> None:
    """Into a clone, whose own files stay; what the release has no more goes; a folder of something else is refused."""
    (written / ".git").mkdir()
    (written / "notes.md").write_text("ours", encoding="utf-8")
    course = Course(tmp_path / "course")
    assert write_git(course.load("tiny"), course, written) == ()
    manifest = json.loads((written / "MANIFEST.json").read_text(encoding="utf-8"))
    manifest["files"]["old.py"] = ""
    (written / "MANIFEST.json").write_text(json.dumps(manifest), encoding="utf-8")
    (written / "old.py").write_text("", encoding="utf-8")
    assert set(write_git(course.load("tiny"), course, written)) == {"MANIFEST.json", "old.py"}
    assert (written / "notes.md").is_file()
    (tmp_path / "other").mkdir()
    (tmp_path / "other/thesis.tex").write_text("", encoding="utf-8")
    with pytest.raises(ReleaseError, match="something else"):
        write_git(course.load("tiny"), course, tmp_path / "other")
    (tmp_path / "other/MANIFEST.json").write_text("{", encoding="utf-8")
    with pytest.raises(ReleaseError, match="something else"):
        write_git(course.load("tiny"), course, tmp_path / "other")


def test_nothing_hidden_is_in_it(tmp_path: Path) -> None:
    """It is scanned as every release is, and holds no more than the archive beside its workflows."""
    spoiled = {**CHANGES, "solutions/Smoothing.ipynb": None}
    course = Course(tmp_path / "a")
    files = git_files(make_homework(tmp_path / "a", CHANGES), course)
    assert not [path for path in files if path.startswith(("checks/", "mistakes/", "variants/"))]
    with pytest.raises(ReleaseError):
        git_files(make_homework(tmp_path / "b", spoiled), Course(tmp_path / "b"))
    with pytest.raises(ReleaseError, match="name a kit"):
        git_files(make_homework(tmp_path / "c"), Course(tmp_path / "c"))
