"""What grading one typical submission costs in CPU time beside the student's own code.

The whole cost is that of the grading process and of everything in the box. The student's share is the CPU time
inside the submission's own functions, measured by running the same checks on the same inputs against it in this
process. What remains is the grader's: staging, starting the box, forking workers, the wire, the reference,
comparing, diagnosing, scoring.
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

from rich.table import Table

from grader.bank.samples import solution_modules
from grader.checking.local import LocalWorker
from grader.checking.plugin import CheckContext
from grader.checking.run import run_checks
from grader.checking.seeds import submission_seed
from grader.checking.student import Student
from grader.grading import Grader, GradingPlan, load_grader
from grader.intake import Contents, Submission, contents_of, prepare_contents
from grader.sandbox import Handle, Isolation

COURSE_KEY = "benchmark"
ROUNDS = 15
ROUNDS_WHEN_QUICK = 3


@dataclass(frozen=True, slots=True)
class GradeCost:
    """CPU seconds of one grading: medians over the rounds, and the smallest of each.

    Attributes
    ----------
    grader, box
        Of the grading process, and of the fork server and its workers.
    student
        Inside the submission's own functions.
    beyond
        Grader and box less the student's share.
    wall
        Wall seconds of one grading.
    numpy
        What starting Python and importing NumPy costs, in turns with the gradings: a measure of the machine, whose
        own phases may differ by half.
    in_numpys
        How often that fits into `beyond`.
    """

    rounds: int
    grader: float
    box: float
    student: float
    beyond: float
    wall: float
    least_beyond: float
    numpy: float
    in_numpys: float


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
    _one_round(grader, _typical(grader, -1))  # imports and caches belong to the process, not to a submission
    samples = [_one_round(grader, _typical(grader, number)) for number in range(rounds)]
    grading, box, student, wall, numpy = (median(column) for column in zip(*samples, strict=True))
    beyond = [sample[0] + sample[1] - sample[2] for sample in samples]
    in_numpys = median(each / sample[4] for each, sample in zip(beyond, samples, strict=True))
    return GradeCost(
        rounds, grading, box, student, median(beyond), wall, min(beyond), numpy, round(in_numpys, 2)
    )


def table(cost: GradeCost) -> Table:
    """Return the figures as a table."""
    result = Table(title=f"Grading one typical submission, CPU seconds, median of {cost.rounds}")
    for heading in asdict(cost):
        if heading != "rounds":
            result.add_column(heading, justify="right")
    result.add_row(*(f"{value:.3f}" for name, value in asdict(cost).items() if name != "rounds"))
    return result


def _typical(grader: Grader, number: int) -> Contents:
    """Return the solution's modules as another student would hand them in: nothing remembered of one fits the next."""
    files, release = (
        solution_modules(grader.repository, grader.assignment),
        grader.assignment.release,
    )
    own = {path: files[path] + f"# {number}\n".encode() for path in (*release.answers, *release.earlier)}
    return contents_of("typical", files | own)


def _one_round(grader: Grader, contents: Contents) -> tuple[float, float, float, float, float]:
    started, before = time.perf_counter(), (time.process_time(), _box_seconds(grader.box.pid))
    submission = prepare_contents(contents, grader.assignment, grader.release)
    grader.grade_submission(submission)
    after, ended = (time.process_time(), _box_seconds(grader.box.pid)), time.perf_counter()
    grading, box = after[0] - before[0], after[1] - before[1]
    return grading, box, _students_own(grader, submission), ended - started, _import_of_numpy()


def _import_of_numpy() -> float:
    """Return the CPU seconds of a Python that imports NumPy and ends."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", "import numpy"], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _box_seconds(pid: int) -> float:
    """Return the CPU seconds of the fork server and of the workers it has reaped."""
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
