"""The check package of a release, and how modules of the engine are copied into it."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from grader.authoring.kit import EngineSources, closure, direct_imports, kit_files, rename, student_path
from grader.authoring.student_tree import build_tree
from grader.course.regions import ReleaseError
from grader.course.repository import Course
from tests.authoring.homework import TOML, make_homework, write

KIT = TOML.replace("[release]\n", '[release]\nkit = "look"\n')
CHECK = '''"""Public checks of smooth."""

from grader.student.checks import assert_matches, part


@part("smooth")
def test_nothing(student):
    """Silence stays silent."""
    assert_matches(student.smooth([0, 0], [1]), [0, 0])
'''
CHANGES = {"assignments/tiny/assignment.toml": KIT, "assignments/tiny/public/test_smooth.py": CHECK}


def test_without(tmp_path: Path) -> None:
    """An assignment that asks for no check package gets none."""
    assert kit_files(make_homework(tmp_path)) == {}


def test_files(tmp_path: Path) -> None:
    """Students get tasks, the package with the public checks, and copies of what those need."""
    files = kit_files(make_homework(tmp_path, CHANGES))
    assert {
        "tasks.py",
        "look/__init__.py",
        "look/assignment.json",
        "look/_engine/instruments/compare.py",
    } <= set(files)
    assert b"from look.checks import assert_matches, part" in files["look/public/test_smooth.py"]
    assert b"from look import commands" in files["tasks.py"]


def test_description(tmp_path: Path) -> None:
    """The package knows the assignment's parts and files."""
    homework = json.loads(kit_files(make_homework(tmp_path, CHANGES))["look/assignment.json"])
    assert (homework["id"], homework["version"], homework["answers"]) == ("tiny", "2.1.0", ["nndl/smooth.py"])
    assert set(homework["parts"].values()) == {"smooth"}


def test_no_checks(tmp_path: Path) -> None:
    """An assignment that asks for the package and has no public checks cannot be released."""
    with pytest.raises(ReleaseError, match="has no checks"):
        kit_files(make_homework(tmp_path, {**CHANGES, "assignments/tiny/public/test_smooth.py": None}))


def test_check_that_needs_what_is_not_there(tmp_path: Path) -> None:
    """A public check that imports what the grader does not have cannot be released."""
    changes = {**CHANGES, "assignments/tiny/public/test_smooth.py": "from grader.magic import wand\n"}
    with pytest.raises(ReleaseError, match=r"grader\.magic"):
        kit_files(make_homework(tmp_path, changes))


def test_project(tmp_path: Path) -> None:
    """The project file installs the package with its public checks, and what they run on."""
    tree = build_tree(make_homework(tmp_path, CHANGES), Course(tmp_path))
    project = tomllib.loads(tree.files["pyproject.toml"].decode())
    packages = project["tool"]["setuptools"]["packages"]["find"]["include"]
    assert packages == ["cs231n", "look", "nndl", "look.*"]
    assert project["tool"]["setuptools"]["package-data"] == {"look": ["*.json", "public/*.py"]}
    assert {"pytest", "invoke", "rich"} <= {
        each.partition(">")[0] for each in project["project"]["dependencies"]
    }


def test_kept_out_of_starter(tmp_path: Path) -> None:
    """The package is in the archive alone: `starter/` has no copy that could fall behind the grader."""
    tree = build_tree(make_homework(tmp_path, CHANGES), Course(tmp_path))
    assert "look/checks.py" in tree.files
    assert [path for path in tree.generated if path.startswith("look/") or path == "tasks.py"] == []


SOURCES = {
    "tools/__init__.py": "from grader.tools.saw import cut\nfrom grader.tools.glue import join as fix\n",
    "tools/saw.py": "from grader.wood import oak\ndef cut(): return oak\n",
    "tools/glue.py": "def join(): pass\n",
    "wood.py": "oak = 1\n",
    "student/__init__.py": "def load():\n    from grader.student.bench import work\n    return work\n",
    "student/bench.py": "from grader.tools import (\n    cut,\n    glue,\n)\nwork = cut, glue\n",
}


@pytest.fixture
def engine(tmp_path: Path) -> EngineSources:
    """A grader with a package that exports what its modules define."""
    for path, text in SOURCES.items():
        write(tmp_path / "grader" / path, text)
    return EngineSources(tmp_path / "grader")


def test_closure(engine: EngineSources) -> None:
    """A module is copied with what it imports, also inside functions, and nothing beside that."""
    assert list(closure(["grader.student"], engine)) == [
        "grader.student",
        "grader.student.bench",
        "grader.tools.glue",
        "grader.tools.saw",
        "grader.wood",
    ]


def test_imports_from_packages_become_direct(engine: EngineSources) -> None:
    """What a package exports is imported from the module that defines it, under the same name, indented alike."""
    source = "def f():\n    from grader.tools import cut as saw, glue\n    return saw\n"
    assert direct_imports(source, engine) == (
        "def f():\n    from grader.tools.saw import cut as saw\n    from grader.tools import glue\n    return saw\n"
    )


def test_unknown_export(engine: EngineSources) -> None:
    """An import of what a package does not have is an error that names both."""
    with pytest.raises(ReleaseError, match=r"grader\.tools does not import 'drill'"):
        direct_imports("from grader.tools import drill\n", engine)


def test_unknown_module(engine: EngineSources) -> None:
    """An import of a module that is not there is an error that names it."""
    with pytest.raises(ReleaseError, match=r"grader\.stone"):
        closure(["grader.stone"], engine)


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
