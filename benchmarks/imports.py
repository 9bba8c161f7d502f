"""What one class costs in nbgrader, in otter and here: CPU per submission, of imported assignments, in one run.

Each of the others grades the class in an environment of its own, made when it is first needed, with its own commands
and in its own form. Here the assignment is imported from that form, and the same files are graded. All points must be
the same.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import threading
import venv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Any

from rich.table import Table

from benchmarks.grade_class import TreeWatch

SIZE = 20
PEERS = {"nbgrader": ("nbgrader", "ipykernel", "numpy"), "otter": ("otter-grader", "ipykernel", "numpy")}
"""What is installed for each."""

PEERS_VARIABLE = "NUMGRADE_PEERS"
"""Names the folder of those environments; else they are made in ``.peers`` of the checkout."""

_LOOK_SECONDS = 0.1
_ROOT = Path(__file__).resolve().parent.parent
_ASSIGNMENT = "ps1"
_POINTS = 2


@dataclass(frozen=True, slots=True)
class Question:
    """A question in every form: its answer, wrong ones, and a test that is shown and one that is not."""

    name: str
    head: str
    answer: str
    wrong: tuple[str, ...]
    shown: str
    hidden: str


QUESTIONS = (
    Question(
        "squares", "def squares(n):", "    return [i * i for i in range(1, n + 1)]",
        ("    return [i * i for i in range(n)]", "    return []"),
        "assert squares(1) == [1]", "assert squares(4) == [1, 4, 9, 16]",
    ),
    Question(
        "mean", "def mean(x):", "    return np.sum(x) / len(x)",
        ("    return np.sum(x)", "    raise ValueError(x)"),
        "assert np.isclose(mean(np.array([1.0])), 1)", "assert np.isclose(mean(np.arange(5.0)), 2)",
    ),
    Question(
        "newton", "def newton(f, df, x):", "    for _ in range(50):\n        x = x - f(x) / df(x)\n    return x",
        ("    return x - f(x) / df(x)", "    return x"),
        "assert abs(newton(lambda x: x - 1, lambda x: 1.0, 3.0) - 1) < 1e-9",
        "assert abs(newton(lambda x: x * x - 2, lambda x: 2 * x, 1.0) ** 2 - 2) < 1e-9",
    ),
    Question(
        "centred", "def centred(a):", "    return a - a.mean(axis=0)",
        ("    return a - a.mean()", "    return a - a.mean(axis=1, keepdims=True)"),
        "assert centred(np.ones((2, 1))).shape == (2, 1)",
        "np.testing.assert_allclose(centred(np.arange(6.0).reshape(2, 3)).mean(axis=0), 0)",
    ),
    Question(
        "solve", "def solve(a, b):", "    return np.linalg.solve(a, b)",
        ("    return b / np.diag(a)", "    return b"),
        "assert np.allclose(solve(np.eye(2), np.ones(2)), 1)",
        "assert np.allclose(solve(np.array([[2.0, 1.0], [0.0, 1.0]]), np.array([3.0, 1.0])), 1)",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ImportCost:
    """CPU seconds per submission, of the other grader and of this one, and whether all points were the same."""

    peer: str
    size: int
    theirs: float
    ours: float
    same: bool


def answers_of(student: int) -> dict[str, str]:
    """Return what a student of the made class answers: each fourth question of theirs is wrong, in one of two ways."""
    found = {}
    for at, each in enumerate(QUESTIONS):
        wrong = (student * 7 + at * 3) % 4 == 0
        found[each.name] = f"{each.head}\n{each.wrong[student % 2] if wrong else each.answer}"
    return found


def run(size: int = SIZE) -> tuple[ImportCost, ...]:
    """Grade the class everywhere."""
    with TemporaryDirectory(prefix="imports-") as name:
        return tuple(_compared(peer, Path(name).resolve() / peer, size) for peer in PEERS)


def _compared(peer: str, folder: Path, size: int) -> ImportCost:
    folder.mkdir(parents=True)
    begin = {"nbgrader": _nbgrader, "otter": _otter}[peer]
    source, submissions, command, read = begin(folder, environment(peer), size)
    theirs = cpu_of(command, folder)
    course = folder / "course"
    (course / "assignments").mkdir(parents=True)
    (course / "pyproject.toml").write_text("", encoding="utf-8")
    grader = [sys.executable, "-m", "grader"]
    cpu_of([*grader, "import", peer, str(source), "--as", _ASSIGNMENT], course)
    cpu_of([*grader, "release", "--assignment", _ASSIGNMENT], course)
    grade = [*grader, "grade", "--assignment", _ASSIGNMENT, "--submissions", str(submissions), "--jobs", "1"]
    ours = cpu_of(grade, course)
    document = json.loads((course / "grades" / "grades.json").read_text(encoding="utf-8"))
    scores = {each["id"]: each["score"] for each in document["submissions"]}
    return ImportCost(peer, size, theirs / size, ours / size, scores == read())


def environment(peer: str) -> Path:
    """Return the folder of a peer's programs, installed if they are not yet."""
    folder = Path(os.environ.get(PEERS_VARIABLE, _ROOT / ".peers")) / peer
    if not folder.is_dir():
        venv.create(folder, with_pip=True)
        subprocess.run([folder / "bin" / "pip", "install", "-q", *PEERS[peer]], check=True)  # noqa: S603  # as named above
    return folder / "bin"


def cpu_of(command: Sequence[str], folder: Path) -> float:
    """Run a command and return the CPU seconds that it and all below it took, as seen from outside."""
    # Each environment's own programs come first: nbgrader calls others of its.
    path = f"{Path(command[0]).parent}{os.pathsep}{os.environ['PATH']}"
    with (
        TemporaryFile() as said,
        subprocess.Popen(  # noqa: S603  # our own commands
            command, cwd=folder, env={**os.environ, "PATH": path}, stdout=said, stderr=said
        ) as process,
    ):
        watch, over = TreeWatch(process.pid), threading.Event()
        while process.poll() is None:
            watch.look()
            over.wait(_LOOK_SECONDS)
        if process.returncode:
            said.seek(0)
            raise RuntimeError(f"{' '.join(map(str, command))} failed:\n{said.read().decode()[-2000:]}")
    return watch.cpu


Begun = tuple[Path, Path, Sequence[str], Any]
"""What to import, the class, the command that grades it there, and what reads the points."""


def _nbgrader(folder: Path, programs: Path, size: int) -> Begun:
    source = folder / "source" / _ASSIGNMENT
    cells = [cell_of("code", "import numpy as np", "imports")]
    for each in QUESTIONS:
        answer = f"{each.head}\n    ### BEGIN SOLUTION\n{each.answer}\n    ### END SOLUTION"
        tests = f"{each.shown}\n### BEGIN HIDDEN TESTS\n{each.hidden}\n### END HIDDEN TESTS"
        cells.append(graded_cell(answer, each.name, solution=True))
        cells.append(graded_cell(tests, f"{each.name}-tests", grade=True, points=_POINTS))
    write_notebook(source / "ps1.ipynb", cells)
    cpu_of([str(programs / "nbgrader"), "generate_assignment", _ASSIGNMENT], folder)
    released = json.loads((folder / "release" / _ASSIGNMENT / "ps1.ipynb").read_text(encoding="utf-8"))
    for student in range(size):
        work = folder / "submitted" / f"s{student:02}" / _ASSIGNMENT
        cells = list(answered(released["cells"], answers_of(student)))
        write_notebook(work / "ps1.ipynb", cells, released)
        (work / "timestamp.txt").write_text("2026-01-05 09:00:00 UTC", encoding="utf-8")

    def points() -> dict[str, float]:
        cpu_of([str(programs / "nbgrader"), "export"], folder)
        with (folder / "grades.csv").open(encoding="utf-8") as file:
            return {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}

    return source, folder / "submitted", [str(programs / "nbgrader"), "autograde", _ASSIGNMENT], points


_OTTER = """
import glob, json, subprocess, sys
from pathlib import Path
zipped, = glob.glob("dist/autograder/*.zip")
scores = {}
for each in sorted(Path("submissions").glob("*/lab.ipynb")):
    subprocess.run([sys.argv[1], "run", "-a", zipped, "-o", each.parent, each], check=True)
    results = json.loads((each.parent / "results.json").read_text())
    scores[each.parent.name] = sum(test.get("score", 0) for test in results["tests"])
json.dump(scores, open("scores.json", "w"))
"""
"""``otter run`` for each submission, as on Gradescope; ``otter grade`` would start a container for each as well."""


def _otter(folder: Path, programs: Path, size: int) -> Begun:
    cells = [cell_of("code", "import numpy as np", "imports")]
    for each in QUESTIONS:
        head = f"# BEGIN QUESTION\nname: {each.name}\npoints: [0, {_POINTS}]\nall_or_nothing: true"
        answer = f"{each.head}\n    # BEGIN SOLUTION\n{each.answer}\n    # END SOLUTION"
        blocks = (("raw", head), ("raw", "# BEGIN SOLUTION"), ("code", answer), ("raw", "# END SOLUTION"))
        tests = (("raw", "# BEGIN TESTS"), ("code", each.shown), ("code", f"# HIDDEN\n{each.hidden}"))
        ends = (("raw", "# END TESTS"), ("raw", "# END QUESTION"))
        for at, (kind, text) in enumerate((*blocks, *tests, *ends)):
            cells.append(cell_of(kind, text, each.name if text == answer else f"{each.name}-{at}"))
    source = write_notebook(folder / "lab.ipynb", cells)
    cpu_of([str(programs / "otter"), "assign", "--no-run-tests", "lab.ipynb", "dist"], folder)
    released = json.loads((folder / "dist" / "student" / "lab.ipynb").read_text(encoding="utf-8"))
    for student in range(size):
        cells = list(answered(released["cells"], answers_of(student)))
        write_notebook(folder / "submissions" / f"s{student:02}" / "lab.ipynb", cells, released)

    def points() -> dict[str, float]:
        found: dict[str, float] = json.loads((folder / "scores.json").read_text(encoding="utf-8"))
        return found

    return (
        source,
        folder / "submissions",
        [str(programs / "python"), "-c", _OTTER, str(programs / "otter")],
        points,
    )


def cell_of(kind: str, source: str, id: str, **metadata: Any) -> dict[str, Any]:
    """Return a cell of a notebook."""
    code = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {"cell_type": kind, "id": id, "metadata": metadata, "source": source, **code}


def graded_cell(source: str, id: str, **says: Any) -> dict[str, Any]:
    """Return a cell of nbgrader's."""
    about = {"grade": False, "solution": False, "locked": False, "schema_version": 3, "grade_id": id, **says}
    return cell_of("code", source, id, nbgrader=about)


def answered(cells: Sequence[Mapping[str, Any]], answers: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Give a released notebook's cells with a student's answers."""
    for each in cells:
        name = each["metadata"].get("nbgrader", {}).get("grade_id", each.get("id"))
        yield {**each, "source": answers.get(name, each["source"])}


def write_notebook(
    path: Path, cells: Sequence[Mapping[str, Any]], like: Mapping[str, Any] | None = None
) -> Path:
    """Write a notebook, with what else the one that it is like says."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kernel = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    document = {"metadata": kernel, "nbformat": 4, "nbformat_minor": 5, **(like or {}), "cells": list(cells)}
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def table(costs: Sequence[ImportCost]) -> Table:
    """Return the figures for a terminal."""
    result = Table(
        "grader", "its CPU s", "here", "times less", "same points",
        title=f"CPU seconds per submission, a class of {costs[0].size}",
    )  # fmt: skip
    for each in costs:
        row = each.peer, f"{each.theirs:.2f}", f"{each.ours:.2f}", f"{each.theirs / each.ours:.1f}"
        result.add_row(*row, "yes" if each.same else "NO")
    return result
