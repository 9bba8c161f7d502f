"""The library: a class is graded by one call from any script, and `import grader` costs nothing."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

import grader
import grader.checking
from grader.progress import Step
from tests.end_to_end.made_class import MISTAKES, write_class

TYPES = Path(grader.__file__).with_suffix(".pyi")

SCRIPT = """
import json
import sys
import grader

course = grader.Course.open(sys.argv[1])
report = grader.grade(
    course, assignment="cnn", submissions=sys.argv[2], only="conv_backward_naive.db", isolation="B", jobs=1
)
json.dump({each.id: [each.score, each.max_score] for each in report.submissions}, open(sys.argv[3], "w"))
"""
"""As a teacher writes it: no function, and nothing that only the main module runs."""


@pytest.fixture
def submissions(repository, cnn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of three submissions."""
    monkeypatch.setenv("GRADER_COURSE_KEY", "tests")
    write_class(repository, cnn, tmp_path / "downloads")
    return tmp_path / "downloads"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python."""
    command = [sys.executable, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own program


def test_a_script_grades_a_class_in_a_few_lines(repository, submissions: Path, tmp_path: Path) -> None:
    """It returns everybody's report, prints nothing, and leaves nothing beside the submissions."""
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    before = sorted(submissions.rglob("*"))
    done = run(str(script), str(repository.root), str(submissions), str(tmp_path / "found.json"))
    assert done.stdout == ""
    found = json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))
    assert found == {name: [4.0, 4.0] for name in ("ada", *MISTAKES)}
    assert sorted(submissions.rglob("*")) == before


def test_progress_is_told_and_files_are_written_on_request(
    repository, submissions: Path, tmp_path: Path
) -> None:
    """With `out` the same folder is there as after `numgrade grade`, and a second call grades nothing again."""
    told: list[object] = []

    def again() -> grader.ClassReport:
        told.clear()
        return grader.grade(
            repository.root,
            assignment="cnn",
            submissions=submissions,
            out=tmp_path / "out",
            only="conv_backward_naive.db",
            isolation="B",
            progress=told.append,
        )

    first = again()
    assert max(each.done for each in told if isinstance(each, Step) and each.stage == "Grading") == 3
    kept = json.loads((tmp_path / "out" / "grades.json").read_text(encoding="utf-8"))
    assert [each["id"] for each in kept["submissions"]] == [each.id for each in first.submissions]
    assert again() == first
    assert not [each for each in told if isinstance(each, Step) and each.stage == "Grading"]


def test_importing_the_library_imports_nothing_else() -> None:
    """Neither NumPy nor pytest nor a database is loaded before something is asked for."""
    done = run(
        "-c", "import sys; before = set(sys.modules); import grader; print(*sys.modules.keys() - before)"
    )
    heavy = {"numpy", "pytest", "sqlalchemy", "pydantic", "rich"}
    assert not heavy & set(done.stdout.split())


def test_every_name_is_there_and_has_a_type() -> None:
    """What the module offers is what its types say, and each name can be had."""
    typed = {
        alias.asname
        for node in ast.parse(TYPES.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert typed == set(grader.__all__) - {"__version__"}
    assert all(getattr(grader, name) is not None for name in grader.__all__)
    with pytest.raises(AttributeError, match="no_such_name"):
        grader.no_such_name  # noqa: B018


def test_authors_find_all_that_checks_may_use() -> None:
    """What `grader.checking` offers to checks is had from `grader`, but for what would hide one of its modules."""
    assert set(grader.checking.__all__) - set(grader.__all__) == {"Student", "results"}
