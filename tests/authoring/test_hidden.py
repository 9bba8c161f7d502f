"""Reading what a homework hides."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.authoring.confidential import Kind, Secrets
from grader.authoring.hidden import read_secrets
from grader.authoring.student_tree import build_tree
from grader.course.repository import Repository
from tests.authoring.homework import make_homework


@pytest.fixture(autouse=True)
def no_key_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the course key of whoever runs the tests out of them."""
    monkeypatch.delenv("GRADER_COURSE_KEY", raising=False)


def secrets_of(root: Path, changes: dict[str, str | bytes | None] | None = None) -> Secrets:
    """Return what the small homework hides, with these files changed."""
    assignment, repository = make_homework(root, changes), Repository(root)
    return read_secrets(assignment, repository, build_tree(assignment, repository))


def keys(secrets: Secrets) -> list[str]:
    """Return the course keys among the secrets."""
    return [text for text, (kind, _) in secrets.texts.items() if kind is Kind.KEY]


def test_answers_checks_mistakes_variants_and_samples(tmp_path: Path) -> None:
    """Answers of modules and notebooks, and all code of the assignment's folders, are hidden."""
    origins = {secret.origin.partition(":")[0] for secret in secrets_of(tmp_path).code}
    assert origins == {
        "nndl/smooth.py",
        "Smoothing.ipynb, cell 3",
        "checks/test_smooth.py",
        "mistakes/unpadded.py",
        "variants/matrix.py",
        "samples/ada/nndl/smooth.py",
    }


def test_caches_are_not_read(tmp_path: Path) -> None:
    """What running the checks leaves behind is nobody's secret."""
    changes: dict[str, str | bytes | None] = {"assignments/tiny/checks/__pycache__/a.pyc": "x = 1.234567"}
    assert secrets_of(tmp_path / "with", changes).numbers == secrets_of(tmp_path / "without").numbers


def test_no_key(tmp_path: Path) -> None:
    """Without a course key there is none to find, and reading makes none."""
    assert keys(secrets_of(tmp_path)) == []
    assert not (tmp_path / ".course-key").exists()


def test_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The key of the file and that of the environment are both hidden."""
    monkeypatch.setenv("GRADER_COURSE_KEY", "from-outside")
    assert sorted(keys(secrets_of(tmp_path, {".course-key": "from-the-file\n"}))) == [
        "from-outside",
        "from-the-file",
    ]


def test_short_key(tmp_path: Path) -> None:
    """A key of a few letters would be found everywhere, and is not looked for."""
    assert keys(secrets_of(tmp_path, {".course-key": "abc"})) == []
