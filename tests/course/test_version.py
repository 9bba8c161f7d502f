"""Two versions: one changes exactly when verdicts could be others, the other when what they are shown with could."""

from __future__ import annotations

import os
import shutil
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import pytest

import grader
from grader.course.repository import Course
from grader.course.version import judges, presentation_version, verdict_version

from ..test_layers import imports


@pytest.fixture
def copy(repository: Course, tmp_path: Path) -> Course:
    """Return a copy of what the version is made of, to be changed."""
    ignore = shutil.ignore_patterns("__pycache__", "build", "*.so", "images")
    for name in ("assignments/cnn", "solutions", "starter"):
        shutil.copytree(repository.root / name, tmp_path / name, ignore=ignore)
    return Course(tmp_path)


def version(repository: Course) -> str:
    """Return the version as of now."""
    return verdict_version(repository, repository.load("cnn"))


@pytest.mark.parametrize(
    "path",
    [
        "assignments/cnn/checks/new_check.py",
        "assignments/cnn/mistakes/relu_backward.py",
        "solutions/nndl/conv_layers.py",
        "starter/cs231n/layers.py",
        "starter/nndl/cnn.py",
    ],
)
def test_a_changed_check_or_solution_is_another_version(copy: Course, path: str) -> None:
    """Whatever a verdict may depend on counts, by content and by name; put back, it is the old version."""
    before, target = version(copy), copy.root / path
    content = target.read_bytes() if target.exists() else None
    target.write_bytes((content or b"") + b"\n# changed\n")
    assert version(copy) != before
    target.unlink()
    if content is not None:
        target.write_bytes(content)
    assert version(copy) == before


def test_what_no_verdict_depends_on_leaves_the_version(copy: Course) -> None:
    """What a build or a run leaves behind, the sample class and the variants change nothing."""
    before = version(copy)
    for path in (
        "starter/cs231n/__pycache__/x.pyc",
        "starter/cs231n/build/x.o",
        "assignments/cnn/samples/x",
        "assignments/cnn/variants/x.py",
    ):
        (copy.root / path).parent.mkdir(parents=True, exist_ok=True)
        (copy.root / path).write_bytes(b"x")
    assert version(copy) == before


@pytest.mark.parametrize(
    ("before", "after", "judged"),
    [
        ("points = 12", "points = 13", False),
        ('\ntitle = "', '\ntitle = "Another ', False),
        ("", "\n[policy]\nlate_days = 3\n", False),
        ("naive = true", "naive = false", True),
        ("", "\n[limits]\nstrikes = 2\n", True),
    ],
)
def test_points_titles_and_policy_are_shown_and_not_judged(
    copy: Course, before: str, after: str, judged: bool
) -> None:
    """A change of theirs renews the files and grades nothing; any other line of assignment.toml grades anew."""
    file = copy.root / "assignments/cnn/assignment.toml"
    verdicts, pages = version(copy), presentation_version(copy.load("cnn"))
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after, 1) if before else text + after, encoding="utf-8")
    assert (version(copy) != verdicts) == judged
    assert presentation_version(copy.load("cnn")) != pages


@pytest.mark.parametrize(
    ("path", "judged"),
    [
        ("instruments/__init__.py", True),
        ("scoring.py", True),
        ("sandbox/box/__init__.py", True),
        ("bank/__init__.py", True),
        ("gradebook/final.py", False),
        ("course/policy.py", False),
        ("reporting/__init__.py", False),
        ("classrun/run.py", False),
        ("intake/lms/__init__.py", False),
    ],
)
def test_a_file_of_the_engine_is_in_one_of_the_two_versions(
    copy: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, judged: bool
) -> None:
    """What judges grades a class anew, all else renews its files; nothing is in neither and nothing in both."""
    engine = tmp_path / "engine" / "grader"
    shutil.copytree(Path(grader.__file__).parent, engine, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(grader, "__file__", str(engine / "__init__.py"))
    before = version(copy), presentation_version(copy.load("cnn"))
    (engine / path).write_bytes((engine / path).read_bytes() + b"# changed\n")
    after = version(copy), presentation_version(copy.load("cnn"))
    assert (after[0] != before[0], after[1] != before[1]) == (judged, not judged)


SHOWING = {
    "authoring/__init__.py": "is empty",
    "__init__.py": "says the version",
    "course/__init__.py": "is empty",
    "course/people.py": "says who a login of a clone is",
    "course/policy.py": "is applied to kept verdicts",
    "course/repository.py": "knows where things are, which are hashed themselves",
    "course/version.py": "says which version judges, and judges nothing",
    "plugins.py": "finds what other packages add: what of it judges is hashed",
    "intake/arrivals.py": "says who handed in what, and names what can go wrong",
    **dict.fromkeys(
        (f"intake/lms/{each.name}" for each in Path(grader.__file__).parent.glob("intake/lms/*.py")),
        "says whose the submissions of a download are",
    ),
}
"""What grading imports and no verdict depends on, with the reason."""


def test_all_that_grading_imports_is_known_to_judge_or_not_to() -> None:
    """A module that grading begins to use must be in the version, or be listed here with a reason."""
    assert {each for each in imported_by("grading.py") if not judges(each)} <= set(SHOWING)


def imported_by(path: str) -> set[str]:
    """Return the files of the engine that a file imports, however indirectly, and itself."""
    engine, found, waiting = Path(grader.__file__).parent, set(), [path]
    while waiting:
        here = waiting.pop()
        if here in found:
            continue
        found.add(here)
        packages = [str(each / "__init__.py") for each in Path(here).parents]
        names = [name.split(".") for name in imports(engine / here) if name.startswith("grader")]
        modules = [Path(*name[1:length]) for name in names for length in range(2, len(name) + 1)]
        files = [*packages, *(str(each.with_suffix(".py")) for each in modules)]
        waiting += [
            each
            for each in files + [str(each / "__init__.py") for each in modules]
            if (engine / each).is_file()
        ]
    return found


def test_the_fast_layers_count_as_built_from_their_sources_or_not(copy: Course) -> None:
    """Not compiled, outdated and compiled are three versions; what the compiler made is not a fourth."""
    package = copy.root / "starter" / "cs231n"
    missing = version(copy)
    extension = package / f"im2col_cython{EXTENSION_SUFFIXES[0]}"
    extension.write_bytes(b"by one compiler")
    compiled = version(copy)
    newer = extension.stat().st_mtime_ns + 10**9
    os.utime(package / "kernels.h", ns=(newer, newer))
    outdated = version(copy)
    assert len({missing, compiled, outdated}) == 3
    extension.write_bytes(b"by another")
    os.utime(extension, ns=(newer, newer))
    assert version(copy) == compiled
