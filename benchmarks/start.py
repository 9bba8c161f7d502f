"""What a person waits for: whole commands, each in a process of its own, from the command line to the prompt.

CPU is the kernel's, of the command and of everything it started. Wall times mean something on a quiet machine only;
the modules and the CPU hardly move.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from rich.table import Table

from benchmarks.made_class import write_made_class
from benchmarks.measure import command_seconds
from grader.authoring.student_tree import build_tree
from grader.course.repository import Course

ASSIGNMENT = "cnn"
CLASS_SIZE = 20
ROUNDS = 5
ROUNDS_WHEN_QUICK = 2

_GRADE = (sys.executable, "-m", "grader", "grade", "--isolation", "B", "--submissions")
_CHECK = (sys.executable, "-m", "invoke", "check", "--only", "conv_forward_naive")


@dataclass(frozen=True, slots=True)
class Waiting:
    """One command: seconds by the clock and of the processor, medians of the rounds."""

    command: str
    wall: float
    cpu: float


def run(rounds: int = ROUNDS) -> list[Waiting]:
    """Measure grading one submission, grading it again unchanged, a class in one process and two, and a check."""
    root = Path(__file__).resolve().parent.parent
    course = Course(root)
    assignment = course.load(ASSIGNMENT)
    with TemporaryDirectory(prefix="start-") as home:
        folder = Path(home)
        write_made_class(course, assignment, 1, folder / "one")
        write_made_class(course, assignment, CLASS_SIZE, folder / "class")
        for path, content in build_tree(assignment, course).files.items():
            (folder / "kit" / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / "kit" / path).write_bytes(content)

        def graded(what: str, out: str, *words: str) -> tuple[float, float]:
            return _timed((*_GRADE, str(folder / what), "--out", str(folder / out), *words), root)

        taken: dict[str, list[tuple[float, float]]] = {}
        for number in range(rounds + 1):  # the first compiles what has no bytecode yet, and does not count
            out = f"one-{number}"
            found = {
                "grade one submission": graded("one", out),
                "the same, unchanged": graded("one", out),
                f"grade {CLASS_SIZE}, one process": graded("class", f"a-{number}", "--jobs", "1"),
                f"grade {CLASS_SIZE}, two processes": graded("class", f"b-{number}", "--jobs", "2"),
                "check one function": _timed(_CHECK, folder / "kit"),
            }
            for name, times in found.items() if number else ():
                taken.setdefault(name, []).append(times)
    return [Waiting(name, *map(median, zip(*times, strict=True))) for name, times in taken.items()]


def table(found: Sequence[Waiting]) -> Table:
    """Return the figures as a table."""
    result = Table(title="Whole commands, medians")
    result.add_column("command")
    for heading in ("wall s", "CPU s"):
        result.add_column(heading, justify="right")
    for each in found:
        result.add_row(each.command, f"{each.wall:.2f}", f"{each.cpu:.2f}")
    ratio = two_against_one({each.command: each.wall for each in found})
    result.add_row("two processes against one", f"x {ratio:.2f}", "")
    return result


def two_against_one(walls: Mapping[str, float]) -> float:
    """Return how many times as fast two processes grade a class as one."""
    one, two = (walls[f"grade {CLASS_SIZE}, {processes}"] for processes in ("one process", "two processes"))
    return one / two


def _timed(words: Sequence[str], folder: Path) -> tuple[float, float]:
    return command_seconds(words, folder, {**os.environ, "GRADER_COURSE_KEY": "benchmark"})
