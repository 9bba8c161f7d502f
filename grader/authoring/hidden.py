"""Read what a homework hides from its students."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from grader.authoring.artifacts import as_text
from grader.authoring.confidential import CHECKS, Secrets, gather
from grader.authoring.notebooks import read_notebook
from grader.authoring.student_tree import StudentTree
from grader.course.assignment import Assignment
from grader.course.repository import KEY_FILE, KEY_VARIABLE, Repository

HIDDEN_FOLDERS = (CHECKS, "mistakes", "variants")
"""Folders of an assignment of which students see nothing."""

SAMPLES = "samples"
_CODE = frozenset({".py", ".pyx"})
_SHORTEST_KEY = 8
"""A shorter course key protects nothing, and would be found everywhere."""


def read_secrets(assignment: Assignment, repository: Repository, tree: StudentTree) -> Secrets:
    """Return what must not be found in a release of the homework.

    That is the answers taken out of `tree`, the assignment's checks, mistakes, variants and samples, and
    the course key where there is one.
    """
    earlier = set(assignment.release.earlier)
    return gather(
        tree.answers,
        _texts(assignment.folder, HIDDEN_FOLDERS),
        samples=_texts(assignment.folder, (SAMPLES,)),
        earlier=(code for path, code in _code(tree) if path in earlier),
        given=(code for path, code in _code(tree) if path not in earlier),
        keys=_keys(repository.root),
    )


def _texts(folder: Path, names: tuple[str, ...]) -> dict[str, str]:
    """Return the text of every file below the folders `names`, by path."""
    files = (path for name in names for path in sorted((folder / name).rglob("*")) if path.is_file())
    return {
        path.relative_to(folder).as_posix(): as_text(path.read_bytes())
        for path in files
        if "__pycache__" not in path.parts
    }


def _code(tree: StudentTree) -> Iterator[tuple[str, str]]:
    """Give the code of the student package: modules, and the code cells of notebooks."""
    for path, content in tree.files.items():
        if PurePosixPath(path).suffix in _CODE:
            yield path, as_text(content)
        elif path.endswith(".ipynb"):
            for cell in read_notebook(content, path)["cells"]:
                if cell["cell_type"] == "code":
                    yield path, cell["source"]


def _keys(root: Path) -> Iterator[str]:
    """Give the course key, if one was made; a check makes none."""
    path = root / KEY_FILE
    stored = path.read_text(encoding="ascii", errors="replace").strip() if path.is_file() else ""
    yield from {key for key in (os.environ.get(KEY_VARIABLE, ""), stored) if len(key) >= _SHORTEST_KEY}
