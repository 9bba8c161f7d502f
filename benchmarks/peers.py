"""What a class costs here and in other graders: CPU of whole commands on the same answers, in turns in one run.

Each grades the same made class with the checks of `peer_checks`, or here with the assignment's own: nbgrader and otter
in environments of their own with their own commands, pytest once for each submission as an autograder of Gradescope
would. Their answers run in the process that judges, without limits; here in a box, and pages, gradebook and diagnosis
are in the figure. Every way has one BLAS thread.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from rich.table import Table

from benchmarks.imports import answered, cell_of, environment, graded_cell, write_notebook
from benchmarks.made_class import made_students
from benchmarks.measure import command_seconds
from grader.bank.entries import load_mistakes, load_variants
from grader.bank.samples import hand_in, make_submission
from grader.course.repository import Course

ASSIGNMENT = "cnn"
SIZE = 20
ROUNDS = 3
ROUNDS_WHEN_QUICK = 1

OURS = "here, one process"
_ROOT = Path(__file__).resolve().parent.parent
_ID = "ps1"
_ANSWERS = {"layers": "nndl/conv_layers.py", "net": "nndl/cnn.py"}
"""The cells that students fill in, and which file of the class stands in each."""

_POINTS = re.compile(r'^    "([\w.]+)": (\d+),$', re.MULTILINE)

_OTTER = """
import glob, subprocess, sys
from pathlib import Path
zipped, = glob.glob("dist/autograder/*.zip")
for each in sorted(Path("submissions").glob("*/lab.ipynb")):
    subprocess.run([sys.argv[1], "run", "-a", zipped, "-o", each.parent, each], check=True)
"""
"""``otter run`` for each submission, as on Gradescope; ``otter grade`` would start a container for each as well."""

_PYTEST = """
import subprocess, sys
from pathlib import Path
for each in sorted(Path("submissions").iterdir()):
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--junitxml", each / "results.xml"]
    subprocess.run([*words, each / "test_answers.py"])
"""

_TESTS = """
import pytest
from peer_checks import POINTS, run_part
from pathlib import Path
answers = {}
for name in ("layers", "net"):
    text = Path(__file__).with_name(f"{name}.py").read_text()
    exec(compile(text, name, "exec"), answers)
@pytest.mark.parametrize("part", POINTS)
def test_part(part):
    run_part(part, answers)
"""


@dataclass(frozen=True, slots=True)
class PeerCost:
    """CPU seconds per submission of one way, the median of the rounds, and what share of them grading here takes.

    Attributes
    ----------
    share
        What grading here takes, divided by that.
    points
        What the class reached, by the checks of `peer_checks`; 0 here, where other checks judge.
    """

    way: str
    size: int
    cpu: float
    share: float
    points: float


@dataclass(frozen=True, slots=True)
class Way:
    """A way to grade the class: the command of a round, where it runs, and what reads the points that came of it."""

    folder: Path
    command: Callable[[], Sequence[str | Path]]
    points: Callable[[], float]

    def seconds(self) -> float:
        """Grade the class once and return the CPU seconds that it took."""
        return _seconds(self.command(), self.folder)


def run(size: int = SIZE, rounds: int = ROUNDS) -> list[PeerCost]:
    """Grade the class in every way, in turns."""
    with TemporaryDirectory(prefix="peers-") as name:
        home = Path(name).resolve()
        class_of = _made(size, home / "class")
        ways = {
            OURS: _ours(home),
            "pytest for each": _pytest(home / "pytest", class_of),
            "nbgrader autograde": _nbgrader(home / "nbgrader", class_of),
            "otter run": _otter(home / "otter", class_of),
        }
        took: dict[str, list[float]] = {way: [] for way in ways}
        for _ in range(rounds):
            for each, way in ways.items():
                took[each].append(way.seconds())
        return [_cost(each, way, size, took) for each, way in ways.items()]


def _cost(name: str, way: Way, size: int, took: Mapping[str, Sequence[float]]) -> PeerCost:
    theirs = median(took[name])
    return PeerCost(name, size, round(theirs / size, 3), round(median(took[OURS]) / theirs, 3), way.points())


def table(costs: Sequence[PeerCost]) -> Table:
    """Return the figures for a terminal."""
    result = Table(
        title=f"CPU seconds per submission, the same class of {costs[0].size}, start and end included"
    )
    result.add_column("way")
    for heading in ("CPU s", "of it, here", "points of the class"):
        result.add_column(heading, justify="right")
    for each in costs:
        points = f"{each.points:g}" if each.points else "other checks"
        result.add_row(each.way, f"{each.cpu:.2f}", f"{each.share:.2f}", points)
    return result


def _seconds(words: Sequence[str | Path], folder: Path) -> float:
    """Return the CPU seconds of a command, and of all that it started."""
    path = (_ROOT / "benchmarks", _ROOT / "solutions", _ROOT / "starter")
    more = {} if "grader" in words else {"PYTHONPATH": os.pathsep.join(map(str, path))}
    programs = {
        "PATH": f"{Path(words[0]).parent}{os.pathsep}{os.environ['PATH']}"
    }  # nbgrader calls others of its own
    alike = {
        "OPENBLAS_NUM_THREADS": "1",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "GRADER_COURSE_KEY": "benchmark",
    }
    return command_seconds(words, folder, {**os.environ, **programs, **alike, **more})[1]


def _made(size: int, folder: Path) -> dict[str, dict[str, str]]:
    """Hand in the made class, all in one layout, and return the text of each student's answers by cell."""
    course = Course(_ROOT)
    assignment = course.load(ASSIGNMENT)
    mistakes = {each.name: each for each in load_mistakes(assignment.folder)}
    variants = {each.name: each for each in load_variants(assignment.folder) if not each.layout}
    found = {}
    folder.mkdir()
    for made in made_students(size, sorted(mistakes), sorted(variants), assignment):
        student = made.model_copy(update={"layout": "nndl"})
        files = make_submission(course, assignment, student, {**mistakes, **variants})
        hand_in(files, student, folder)
        found[student.name] = {cell: files[path].decode() for cell, path in _ANSWERS.items()}
    return found


def _points() -> dict[str, int]:
    """Return the parts of `peer_checks`, which does not import where the solution is not."""
    text = Path(__file__).with_name("peer_checks.py").read_text(encoding="utf-8")
    return {name: int(points) for name, points in _POINTS.findall(text)}


def _ours(home: Path) -> Way:
    rounds = iter(range(1_000))

    def command() -> Sequence[str]:
        words = [sys.executable, "-m", "grader", "grade", "--submissions", str(home / "class"), "--jobs", "1"]
        return [
            *words,
            "--isolation",
            "B",
            "--assignment",
            ASSIGNMENT,
            "--out",
            str(home / f"out-{next(rounds)}"),
        ]

    return Way(_ROOT, command, lambda: 0.0)


def _pytest(home: Path, class_of: Mapping[str, Mapping[str, str]]) -> Way:
    for student, answers in class_of.items():
        folder = home / "submissions" / student
        folder.mkdir(parents=True)
        for name, text in (*answers.items(), ("test_answers", _TESTS)):
            (folder / f"{name}.py").write_text(text, encoding="utf-8")

    def points() -> float:
        worth, found = _points(), 0
        for results in home.glob("submissions/*/results.xml"):
            text = results.read_text(encoding="utf-8")
            found += sum(worth[part] for part in re.findall(r'name="test_part\[([\w.]+)\]"[^>]*/>', text))
        return found

    return Way(home, lambda: [sys.executable, "-c", _PYTEST], points)


def _cells() -> Iterator[tuple[str, str]]:
    """Yield the cells that students fill in, as the solution has them."""
    for cell, path in _ANSWERS.items():
        yield cell, (_ROOT / "solutions" / path).read_text(encoding="utf-8")


def _nbgrader(home: Path, class_of: Mapping[str, Mapping[str, str]]) -> Way:
    program = environment("nbgrader") / "nbgrader"
    cells = [cell_of("code", "from peer_checks import run_part", "imports")]
    for cell, text in _cells():
        cells.append(graded_cell(f"### BEGIN SOLUTION\n{text}\n### END SOLUTION", cell, solution=True))
    for part, points in _points().items():
        cells.append(
            graded_cell(f"run_part({part!r}, globals())", part.replace(".", "-"), grade=True, points=points)
        )
    write_notebook(home / "source" / _ID / f"{_ID}.ipynb", cells)
    _seconds([program, "generate_assignment", _ID], home)
    released = json.loads((home / "release" / _ID / f"{_ID}.ipynb").read_text(encoding="utf-8"))
    for student, answers in class_of.items():
        work = home / "submitted" / student / _ID
        write_notebook(work / f"{_ID}.ipynb", list(answered(released["cells"], answers)), released)

    def points() -> float:
        _seconds([program, "export"], home)
        rows = (home / "grades.csv").read_text(encoding="utf-8").splitlines()
        at = rows[0].split(",").index("score")
        return sum(float(row.split(",")[at] or 0) for row in rows[1:])

    return Way(home, lambda: [program, "autograde", _ID, "--force"], points)


def _otter(home: Path, class_of: Mapping[str, Mapping[str, str]]) -> Way:
    programs = environment("otter")
    cells = [cell_of("code", "from peer_checks import run_part", "imports")]
    cells += [cell_of("code", text, cell) for cell, text in _cells()]
    for part, points in _points().items():
        head = f"# BEGIN QUESTION\nname: {part.replace('.', '_')}\npoints: {points}"
        blocks = (
            *(
                ("raw", head),
                ("raw", "# BEGIN SOLUTION"),
                ("code", f"part = {part!r}"),
                ("raw", "# END SOLUTION"),
            ),
            *(("raw", "# BEGIN TESTS"), ("code", f"run_part({part!r}, globals())"), ("raw", "# END TESTS")),
            ("raw", "# END QUESTION"),
        )
        cells += [
            cell_of(kind, text, f"{part.replace('.', '-')}-{at}") for at, (kind, text) in enumerate(blocks)
        ]
    write_notebook(home / "lab.ipynb", cells)
    _seconds([programs / "otter", "assign", "--no-run-tests", "lab.ipynb", "dist"], home)
    released = json.loads((home / "dist" / "student" / "lab.ipynb").read_text(encoding="utf-8"))
    for student, answers in class_of.items():
        work = home / "submissions" / student
        write_notebook(work / "lab.ipynb", list(answered(released["cells"], answers)), released)

    def points() -> float:
        results = home.glob("submissions/*/results.json")
        tests = (test for each in results for test in json.loads(each.read_text(encoding="utf-8"))["tests"])
        return sum(test.get("score", 0) for test in tests)

    return Way(home, lambda: [programs / "python", "-c", _OTTER, programs / "otter"], points)
