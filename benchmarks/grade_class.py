"""What grading a whole class costs: throughput, CPU time and memory, in one process, in two and on Dask.

Each way grades the same made class with `numgrade grade`'s own code in a process of its own, which is watched from
outside: CPU seconds and peak memory are the kernel's, of that process and of everything below it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.table import Table
from sqlalchemy import select

from benchmarks.made_class import write_made_class
from grader.course.repository import Course
from grader.gradebook import FILE, open_gradebook
from grader.gradebook.schema import GradingRow, GradingState

ASSIGNMENT = "cnn"
SIZE = 100
SIZE_WHEN_QUICK = 20
WAYS = (("1 process", 1, ""), ("2 processes", 2, ""), ("Dask, 2 workers", 2, "local"))

_LOOK_SECONDS = 0.25
_TICKS = os.sysconf("SC_CLK_TCK")
_PARENT, _TIMES = 1, slice(11, 15)
"""Fields of /proc/PID/stat behind the command: the parent; own and reaped children's user and system time."""

_PROGRAM = """
import sys
from pathlib import Path
from grader.commands.grade import run_grade
from grader.classrun.options import GradeOptions
root, submissions, out, jobs, cluster = sys.argv[1:]
if __name__ == "__main__":
    sys.exit(run_grade(GradeOptions(
        root=Path(root), assignment="cnn", submissions=Path(submissions), out=Path(out), jobs=jobs,
        only=None, isolation="B", data=None, cluster=cluster,
    )))
"""


@dataclass(frozen=True, slots=True)
class ClassCost:
    """Of one way to grade the class.

    Attributes
    ----------
    per_minute
        Submissions, between the first and the last that was finished: starting up is left out.
    cpu
        CPU seconds per submission, of everything, starting up and writing the reports included.
    first, last
        Seconds per submission in the first and in the last quarter of the class.
    coordinator, worker
        Peak memory in MiB. In one process they are one.
    wall, again
        Seconds of the whole run, and of a second run in which nothing has changed.
    """

    way: str
    size: int
    per_minute: float
    cpu: float
    first: float
    last: float
    coordinator: float
    worker: float
    wall: float
    again: float


@dataclass
class TreeWatch:
    """The largest figures seen of a process and all below it."""

    pid: int
    cpu: float = 0.0
    coordinator: float = 0.0
    worker: float = 0.0

    def look(self) -> None:
        """Look once. Only what is alive is seen, and what it has reaped."""
        cpu = 0.0
        for pid, fields in _tree(self.pid).items():
            cpu += sum(map(int, fields[_TIMES])) / _TICKS
            peak = _peak_memory(pid)
            if pid == self.pid:
                self.coordinator = max(self.coordinator, peak)
            elif b"spawn_main" in _read(pid, "cmdline"):
                self.worker = max(self.worker, peak)
        self.cpu = max(self.cpu, cpu)


def run(size: int = SIZE) -> list[ClassCost]:
    """Make a class of `size` and grade it in every way."""
    root = Path(__file__).resolve().parent.parent
    repository = Course(root)
    with TemporaryDirectory(prefix="class-of-") as folder:
        made = Path(folder) / "made"
        write_made_class(repository, repository.load(ASSIGNMENT), size, made)
        return [
            _measured(root, made, Path(folder) / f"out-{number}", *way) for number, way in enumerate(WAYS)
        ]


def table(costs: Sequence[ClassCost]) -> Table:
    """Return the figures as a table."""
    result = Table(title=f"Grading a made class of {costs[0].size}, tier B")
    for heading in ("", "per minute", "CPU s each", "s each, first quarter", "last", "MiB here", "worker"):
        result.add_column(heading, justify="right")
    for heading in ("whole run s", "unchanged s"):
        result.add_column(heading, justify="right")
    for cost in costs:
        result.add_row(
            cost.way,
            f"{cost.per_minute:.0f}",
            *(f"{each:.2f}" for each in (cost.cpu, cost.first, cost.last)),
            *(f"{each:.0f}" for each in (cost.coordinator, cost.worker, cost.wall)),
            f"{cost.again:.1f}",
        )
    return result


def as_json(costs: Sequence[ClassCost]) -> list[dict[str, object]]:
    """Return the figures as JSON holds them."""
    return [asdict(each) for each in costs]


def _measured(root: Path, made: Path, out: Path, way: str, jobs: int, cluster: str) -> ClassCost:
    wall, watch = _graded(root, made, out, jobs, cluster)
    again, _ = _graded(root, made, out, jobs, cluster)
    times = _finished(out)
    quarter = max(len(times) // 4, 1)
    return ClassCost(
        way=way,
        size=len(times),
        per_minute=60 * (len(times) - 1) / (times[-1] - times[0]),
        cpu=watch.cpu / len(times),
        first=(times[quarter] - times[0]) / quarter,
        last=(times[-1] - times[-1 - quarter]) / quarter,
        coordinator=watch.coordinator,
        worker=watch.worker,
        wall=wall,
        again=again,
    )


def _graded(root: Path, made: Path, out: Path, jobs: int, cluster: str) -> tuple[float, TreeWatch]:
    program = out.parent / "program.py"
    program.write_text(_PROGRAM, encoding="utf-8")  # a file: what is spawned imports its parent's main module
    started = time.perf_counter()
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, program, root, made, out, str(jobs), cluster],
        stdout=subprocess.DEVNULL,
        cwd=root,
        env={**os.environ, "GRADER_COURSE_KEY": "benchmark"},
    ) as process:
        watch, over = TreeWatch(process.pid), threading.Event()
        while process.poll() is None:
            watch.look()
            over.wait(_LOOK_SECONDS)
    if process.returncode not in {0, 1}:
        raise RuntimeError(f"grading ended with {process.returncode}")
    return time.perf_counter() - started, watch


def _finished(out: Path) -> list[float]:
    """Return when each submission was finished, in order."""
    with open_gradebook(out / FILE) as book, book.reading() as session:
        found = session.scalars(select(GradingRow.finished_at).where(GradingRow.state == GradingState.DONE))
        return sorted(each.timestamp() for each in found if each is not None)


def _tree(root: int) -> dict[int, list[bytes]]:
    """Return the fields of /proc/PID/stat, behind the command, of a process and all below it."""
    every = {
        int(path.name): _read(int(path.name), "stat").rpartition(b")")[2].split()
        for path in Path("/proc").iterdir()
        if path.name.isdigit()
    }
    every = {pid: fields for pid, fields in every.items() if fields}
    found = {root} & every.keys()
    while True:
        more = {pid for pid, fields in every.items() if int(fields[_PARENT]) in found} - found
        if not more:
            return {pid: every[pid] for pid in found}
        found |= more


def _peak_memory(pid: int) -> float:
    for line in _read(pid, "status").splitlines():
        if line.startswith(b"VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _read(pid: int, name: str) -> bytes:
    try:
        return (Path("/proc") / str(pid) / name).read_bytes()
    except OSError:
        return b""
