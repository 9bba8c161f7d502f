"""A release as the content of a repository that students clone, with the workflows that run its public checks.

Only what the archive holds is in it, beside the workflows: hidden checks run where the staff grades.
"""

from __future__ import annotations

import json
from pathlib import Path

from grader.authoring.leak import leaks, not_allowed
from grader.authoring.release import MANIFEST, manifest
from grader.authoring.secrets import read_secrets
from grader.authoring.student_tree import build_tree
from grader.course.assignment import Assignment
from grader.course.regions import ReleaseError
from grader.course.repository import Course

PYTHON = "3.12"

_GITHUB = """\
# Runs the public checks at each push and shows what came out: a summary, notes at lines, JUnit in check-report/.
name: Checks
on: [push, pull_request, workflow_dispatch]
permissions:
  contents: read
jobs:
  checks:
    runs-on: ubuntu-latest
    timeout-minutes: 30
    env:
      MPLBACKEND: agg
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "{python}"
      - run: python -m pip install --quiet -e .
{build}      - run: invoke check --ci
      - if: always()
        uses: actions/upload-artifact@v4
        with:
          name: check-report
          path: check-report/
"""

_GITLAB = """\
# Runs the public checks at each push; the merge request shows the JUnit report, the job keeps check-report/.
checks:
  image: python:{python}
  timeout: 30 minutes
  variables:
    MPLBACKEND: agg
  script:
    - python -m pip install --quiet -e .
{build}    - invoke check --ci
  artifacts:
    when: always
    paths: [check-report/]
    reports:
      junit: check-report/junit.xml
"""

_CLASSROOM = '''\
"""Runs the public checks for Classroom 50, in the student's checkout.

Give it to `gh teacher autograder set-default --from`. It writes result.json and release-body.md, and tells what the
student's own `invoke check` tells: points are given by the staff, who grade the clones with checks that are not here.
"""

import subprocess
import sys

subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "-e", "."], check=True)
done = subprocess.run([sys.executable, "-m", "invoke", "check", "--ci"], check=False)
sys.exit(0 if done.returncode in (0, 1) else done.returncode)
'''

_IGNORED = """\
.venv/
__pycache__/
*.egg-info/
.ipynb_checkpoints/
build/
*.so
*.pyd
build.log
.numgrade-check.json
check-report/
*-submission.zip
*-submission-receipt.txt
before-update-*.zip
"""


def git_files(assignment: Assignment, course: Course) -> dict[str, bytes]:
    """Return the content of the repository that students clone.

    Raises
    ------
    ReleaseError
        The assignment has no kit to check with, or students would see something hidden.
    """
    if assignment.release.kit is None:
        raise ReleaseError(
            f"{assignment.id} has no public checks that a workflow could run; name a kit in assignment.toml"
        )
    tree = build_tree(assignment, course)
    fast = bool(assignment.release.fast)
    texts = {
        ".github/workflows/checks.yml": _GITHUB.format(
            python=PYTHON, build="      - run: invoke build || true\n" * fast
        ),
        ".gitlab-ci.yml": _GITLAB.format(python=PYTHON, build="    - invoke build || true\n" * fast),
        ".github/classroom50/autograder.py": _CLASSROOM,
        ".gitignore": _IGNORED,
    }
    files = {**tree.files, **{path: text.encode() for path, text in texts.items()}}
    files[MANIFEST] = manifest(assignment, files)
    found = not_allowed(leaks(files, read_secrets(assignment, course, tree)), assignment)
    if found:
        raise ReleaseError("students would see what is hidden:\n" + "\n".join(f"  {leak}" for leak in found))
    return files


def write_git(assignment: Assignment, course: Course, folder: Path) -> tuple[str, ...]:
    """Write the repository's content into `folder`, new, empty, or one that this wrote before; return what changed.

    Raises
    ------
    ReleaseError
        It holds something else, or the assignment cannot be released so.
    """
    files = git_files(assignment, course)
    before = _written_before(assignment, folder)
    changed = [path for path, content in files.items() if not _same(folder / path, content)]
    for path in changed:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(files[path])
    gone = [path for path in before if path not in files and (folder / path).is_file()]
    for path in gone:
        (folder / path).unlink()
    return (*changed, *gone)


def _written_before(assignment: Assignment, folder: Path) -> tuple[str, ...]:
    """Return the files that an earlier release wrote into `folder`."""
    try:
        document = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        document = {"assignment": assignment.id, "files": {}} if not _others(folder) else {}
    except ValueError:
        document = {}
    if document.get("assignment") != assignment.id:
        raise ReleaseError(
            f"{folder} holds something else than {assignment.id}; name a new folder, or its repository"
        )
    return tuple(path for path in document["files"] if ".." not in Path(path).parts)


def _others(folder: Path) -> bool:
    return folder.exists() and any(each.name != ".git" for each in folder.iterdir())


def _same(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content
