"""Copying modules of the grader into a student's package."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.authoring.vendoring import Grader, closure, direct_imports, rename, student_path
from grader.course.errors import ReleaseError
from tests.authoring.homework import write

SOURCES = {
    "tools/__init__.py": "from grader.tools.saw import cut\nfrom grader.tools.glue import join as fix\n",
    "tools/saw.py": "from grader.wood import oak\ndef cut(): return oak\n",
    "tools/glue.py": "def join(): pass\n",
    "wood.py": "oak = 1\n",
    "student/__init__.py": "def load():\n    from grader.student.bench import work\n    return work\n",
    "student/bench.py": "from grader.tools import (\n    cut,\n    glue,\n)\nwork = cut, glue\n",
}


@pytest.fixture
def grader(tmp_path: Path) -> Grader:
    """A grader with a package that exports what its modules define."""
    for path, text in SOURCES.items():
        write(tmp_path / "grader" / path, text)
    return Grader(tmp_path / "grader")


def test_closure(grader: Grader) -> None:
    """A module is copied with what it imports, also inside functions, and nothing beside that."""
    assert list(closure(["grader.student"], grader)) == [
        "grader.student",
        "grader.student.bench",
        "grader.tools.glue",
        "grader.tools.saw",
        "grader.wood",
    ]


def test_imports_from_packages_become_direct(grader: Grader) -> None:
    """What a package exports is imported from the module that defines it, under the same name, indented alike."""
    source = "def f():\n    from grader.tools import cut as saw, glue\n    return saw\n"
    assert direct_imports(source, grader) == (
        "def f():\n    from grader.tools.saw import cut as saw\n    from grader.tools import glue\n    return saw\n"
    )


def test_unknown_export(grader: Grader) -> None:
    """An import of what a package does not have is an error that names both."""
    with pytest.raises(ReleaseError, match=r"grader\.tools does not import 'drill'"):
        direct_imports("from grader.tools import drill\n", grader)


def test_unknown_module(grader: Grader) -> None:
    """An import of a module that is not there is an error that names it."""
    with pytest.raises(ReleaseError, match=r"grader\.stone"):
        closure(["grader.stone"], grader)


def test_renaming() -> None:
    """The student's own modules become the package, and copies its sub-package; words are left alone."""
    text = "from grader.student.bench import work\nfrom grader.wood import oak  # the grader. A grader\n"
    assert rename(text, "kit") == (
        "from kit.bench import work\nfrom kit._engine.wood import oak  # the grader. A grader\n"
    )


@pytest.mark.parametrize(
    ("module", "path"),
    [
        ("grader.student", "kit/__init__.py"),
        ("grader.student.bench", "kit/bench.py"),
        ("grader.tools.saw", "kit/_engine/tools/saw.py"),
    ],
)
def test_paths(module: str, path: str) -> None:
    """Each module has its place in the student's tree."""
    assert student_path(module, "kit") == path
