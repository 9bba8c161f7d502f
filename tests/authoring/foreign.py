"""Notebooks of other graders, written cell by cell, and what an import makes of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from grader.authoring.imported import Imported, write_imported
from grader.authoring.release import release
from grader.course.assignment import Assignment
from grader.course.repository import Course
from grader.gate.gate import check_ends
from grader.grading import load_grader
from grader.plan import GradingPlan
from grader.sandbox import Isolation


def cell(kind: str, source: str, id: str = "", **metadata: Any) -> dict[str, Any]:
    """Return a cell as nbformat writes it."""
    code = {"outputs": [], "execution_count": None} if kind == "code" else {}
    named = {"id": id} if id else {}
    return {
        "cell_type": kind,
        "metadata": metadata,
        "source": source.splitlines(keepends=True),
        **named,
        **code,
    }


def write_notebook(path: Path, *cells: dict[str, Any], **metadata: Any) -> Path:
    """Write a notebook of these cells."""
    path.parent.mkdir(parents=True, exist_ok=True)
    document = {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def imported_course(root: Path, imported: Imported) -> tuple[Course, Assignment]:
    """Write what was imported as the assignment ``ps1`` of a new course, and release it."""
    (root / "assignments").mkdir(parents=True)
    (root / "pyproject.toml").write_text("", encoding="utf-8")
    course = Course(root)
    write_imported(imported, course, "ps1")
    assignment = course.load("ps1")
    release(assignment, root)
    return course, assignment


def ends(course: Course, isolation: Isolation) -> tuple[list[str], list[str]]:
    """Return what the gate says of the solution and the stubs: figures and problems."""
    return check_ends(load_grader(GradingPlan(course.root, "ps1", isolation, "key")))


def sources(path: Path) -> Mapping[str, str]:
    """Return the source of each cell of a notebook by its id."""
    document = json.loads(path.read_text(encoding="utf-8"))
    return {each["id"]: "".join(each["source"]) for each in document["cells"]}
