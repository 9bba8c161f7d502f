"""What grading one typical submission costs in CPU time beside the student's own code, and what can be counted of it.

The whole cost is that of the grading process, of the reader and of everything in the box. The student's share is the
CPU time inside the submission's own functions, measured by running the same checks on the same inputs against it in
this process. What remains is the grader's: reading, staging, starting the box, forking workers, the wire, the
reference, comparing, diagnosing, scoring.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from rich.table import Table

from benchmarks import counts
from benchmarks.counts import Counts
from grader.bank.samples import solution_modules
from grader.checking.marks import submission_seed
from grader.checking.run import CheckContext, run_checks
from grader.checking.student import Student
from grader.checking.trusted import LocalWorker
from grader.grading import Grader, load_grader
from grader.intake import Candidate, Submission, decode_submission
from grader.plan import GradingPlan
from grader.sandbox import Handle, Isolation
from grader.sandbox.worker import HostProcess

COURSE_KEY = "benchmark"
ROUNDS = 15
ROUNDS_WHEN_QUICK = 3


@dataclass(frozen=True, slots=True)
class GradeCost:
    """CPU seconds of one grading: medians over the rounds, and the smallest of each.

    Attributes
    ----------
    grader, reader, box
        Of the grading process, of the reader's child, and of the fork server and its workers.
    student
        Inside the submission's own functions.
    beyond
        Grader, reader and box less the student's share.
    wall
        Wall seconds of one grading.
    numpy
        What starting Python and importing NumPy costs, in turns with the gradings: a measure of the machine, whose
        own phases may differ by half.
    in_numpys
        How often that fits into `beyond`.
    reading_in_numpys
        What reading costs in both processes, the hand-over included, by the same measure.
    counts
        What can be counted of it.
    """

    rounds: int
    grader: float
    reader: float
    box: float
    student: float
    beyond: float
    wall: float
    least_beyond: float
    numpy: float
    in_numpys: float
    reading_in_numpys: float
    counts: Counts


class TimedWorker(LocalWorker):
    """A worker in this process that adds up the CPU time inside the functions it calls."""

    seconds = 0.0

    def call(
        self, target: Handle, args: Sequence[object] = (), kwargs: Mapping[str, object] | None = None
    ) -> object:
        """Call `target`, its own copies of the arguments made outside the measured time."""
        given = [self.put(each) for each in args]
        before = time.thread_time()
        try:
            return super().call(target, given, kwargs)
        finally:
            self.seconds += time.thread_time() - before


def run(rounds: int = ROUNDS) -> GradeCost:
    """Grade the solution's plain loops, tier B, `rounds` times.

    Tier B, where the process that the grader started is the fork server itself, and its CPU time can be read.
    """
    root = Path(__file__).resolve().parent.parent
    grader = load_grader(GradingPlan(root, "cnn", Isolation.B, COURSE_KEY))
    with TemporaryDirectory() as folder:
        # Imports and caches belong to the process, not to a submission: the first round is none.
        _, *samples = [_one_round(grader, _typical(grader, Path(folder), each)) for each in range(rounds + 1)]
    grader.reader.close()
    return GradeCost(
        rounds=rounds,
        grader=median(each.grader for each in samples),
        reader=median(each.reader for each in samples),
        box=median(each.box for each in samples),
        student=median(each.student for each in samples),
        beyond=median(each.beyond for each in samples),
        wall=median(each.wall for each in samples),
        least_beyond=min(each.beyond for each in samples),
        numpy=median(each.numpy for each in samples),
        in_numpys=round(median(each.beyond / each.numpy for each in samples), 2),
        reading_in_numpys=round(median(each.reading / each.numpy for each in samples), 3),
        counts=counts.run(root),
    )


def table(cost: GradeCost) -> Table:
    """Return the figures as a table, below it what can be counted."""
    figures = {name: value for name, value in asdict(cost).items() if name not in {"rounds", "counts"}}
    counted = ", ".join(f"{value} {name}" for name, value in asdict(cost.counts).items())
    result = Table(
        title=f"Grading one typical submission, CPU seconds, median of {cost.rounds}",
        caption=f"Of one new submission: {counted}",
    )
    for heading in figures:
        result.add_column(heading, justify="right")
    result.add_row(*(f"{value:.3f}" for value in figures.values()))
    return result


@dataclass(frozen=True, slots=True)
class _Sample:
    """CPU seconds of one round; see `GradeCost`. `reading` is the part of both processes in reading."""

    reading: float
    grader: float
    reader: float
    box: float
    student: float
    wall: float
    numpy: float

    @property
    def beyond(self) -> float:
        return self.grader + self.reader + self.box - self.student


def _typical(grader: Grader, folder: Path, number: int) -> Candidate:
    """Return the solution's modules as another student would hand them in: nothing remembered of one fits the next."""
    files, release = (
        solution_modules(grader.repository, grader.assignment),
        grader.assignment.release,
    )
    own = {path: files[path] + f"# {number}\n".encode() for path in (*release.answers, *release.earlier)}
    for path, content in (files | own).items():
        (folder / str(number) / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / str(number) / path).write_bytes(content)
    return Candidate("typical", folder / str(number))


def _one_round(grader: Grader, candidate: Candidate) -> _Sample:
    started, before, boxed = time.perf_counter(), time.process_time(), _box_seconds(grader.box.pid)
    frame, reader = _read(grader, candidate)
    submission = decode_submission(frame, candidate.id)
    read = time.process_time()
    grader.grade_submission(submission)
    return _Sample(
        reading=read - before + reader,
        wall=time.perf_counter() - started,
        grader=time.process_time() - before,
        reader=reader,
        box=_box_seconds(grader.box.pid) - boxed,
        student=_students_own(grader, submission),
        numpy=_import_of_numpy(),
    )


def _read(grader: Grader, candidate: Candidate) -> tuple[bytes, float]:
    """Return the frame of a submission, and the CPU seconds that the reader's child took for it."""
    if not grader.reader.pid:
        return grader.reader.read(candidate), 0.0
    child = HostProcess(grader.reader.pid)
    before = child.cpu_seconds()
    frame = grader.reader.read(candidate)
    seconds = child.cpu_seconds() - before
    child.close()
    return frame, seconds


def _import_of_numpy() -> float:
    """Return the CPU seconds of a Python that imports NumPy and ends."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", "import numpy"], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _box_seconds(pid: int) -> float:
    """Return the CPU seconds of the fork server and of the workers it has reaped; 0 before it is started."""
    if not pid:
        return 0.0
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    # proc_pid_stat(5): utime, stime, cutime and cstime are fields 14 to 17, and the state, here the first, is 3.
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def _students_own(grader: Grader, submission: Submission) -> float:
    modules = {module.__name__: module for module in grader.symbols.values()}
    names = {symbol: module.__name__ for symbol, module in grader.symbols.items()}
    workers: list[TimedWorker] = []

    def start(_root: str) -> TimedWorker:
        workers.append(TimedWorker(modules))
        return workers[-1]

    assignment = grader.assignment
    seed = submission_seed(COURSE_KEY, assignment.id, assignment.version, submission.sha256)
    resources: dict[str, object] = {"weights": None, "data": None, "shared": {}}
    run_checks(CheckContext(assignment, Student(start, names), grader.reference, seed, resources))
    return sum(worker.seconds for worker in workers)
