"""What stays flat as a class grows: memory of the stages around grading, of a class and a tenth of it.

Nothing is graded, and the pages of single submissions, which know of no other, are left out. A gradebook is filled with
made reports, and each stage runs in a process of its own, whose memory is the kernel's figure. A browser opens the
first page of the class, where there is Chromium.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from rich.table import Table

from benchmarks.reviewed_class import write_reviewed_class
from grader import __version__
from grader.bank.entries import load_variants
from grader.course.assignment import Assignment
from grader.course.repository import Course
from grader.gradebook import FILE, open_gradebook, read_class
from grader.intake.source import plain_code, read_source
from grader.reporting.files import ReportPaths
from grader.reporting.similarity import AnswerTokeniser, TokenisedAnswer, compare_class
from grader.reporting.write import writing_class
from grader.results import SCHEMA, ClassReport

ASSIGNMENT = "cnn"
SIZE = 1000
SIZE_WHEN_QUICK = 100
KEY = "benchmark"
PAINTS = 5

CHANGED, OWN = 0.1, 40
"""Share of a copied answer's runs that are lost, and new ones that are nobody else's: no two answers are the same."""


@dataclass(frozen=True, slots=True)
class StageCost:
    """Of one stage: CPU seconds, and peak MiB, also of a tenth of the class.

    Of the page, seconds until it is painted.
    """

    stage: str
    size: int
    cpu: float
    memory: float
    memory_of_a_tenth: float


def run(size: int) -> list[StageCost]:
    """Run every stage for a class of `size`, and for a tenth of it."""
    with TemporaryDirectory(prefix="stages-") as name:
        small, large = (
            {each: _alone(each, Path(name) / f"{of}", of) for each in STAGES} for of in (size // 10, size)
        )
        costs = [StageCost(each, size, *large[each], small[each][1]) for each in STAGES]
        painted = _painted(ReportPaths(Path(name) / f"{size}").index)
    return [*costs, *([] if painted is None else [StageCost(PAINTED, size, painted, 0, 0)])]


PAINTED = "the first page, painted"
PAINT = """new Promise(done => new PerformanceObserver(list => done(list.getEntries().at(-1).startTime))
.observe({type: "paint", buffered: true}))"""


def table(costs: Sequence[StageCost]) -> Table:
    """Return the figures as a table."""
    size = costs[0].size
    result = Table(title=f"Stages of a class of {size:,} stored reports, each in a process of its own")
    for heading in ("stage", "s", f"MiB at {size // 10:,}", f"at {size:,}"):
        result.add_column(heading, justify="left" if heading == "stage" else "right")
    for each in costs:
        memory = (
            (f"{each.memory_of_a_tenth:.0f}", f"{each.memory:.0f}") if each.stage != PAINTED else ("", "")
        )
        result.add_row(each.stage, f"{each.cpu:.2f}", *memory)
    return result


def _store(out: Path, size: int) -> None:
    write_reviewed_class(out, _assignment(), size, key=KEY)


def _write(out: Path, size: int) -> None:  # noqa: ARG001 - every stage is called alike
    assignment = _assignment()
    header = ClassReport(SCHEMA, assignment.id, assignment.version, __version__, ())
    with open_gradebook(out / FILE) as book, read_class(book, 1, assignment) as state:
        standings = state.counting(state.standings())
        with writing_class(header, assignment, out) as add:
            for report in state.reports(standings):
                add(report)


def _compare(out: Path, size: int) -> None:  # noqa: ARG001
    compare_class(_answers(size), ())


STAGES: dict[str, Callable[[Path, int], None]] = {
    "keep the reports": _store,
    "write index, grades.json and .jsonl": _write,
    "compare all answers": _compare,
}


def _answers(size: int) -> Iterator[TokenisedAnswer]:
    """Yield answers like the bank's variants, none of them the same as another."""
    assignment, rng = _assignment(), np.random.default_rng(0)
    tokeniser = AnswerTokeniser.of({})
    for symbol in assignment.symbols:
        texts = [
            plain_code((definitions[symbol],))
            for each in load_variants(assignment.folder)
            if symbol in (definitions := read_source(each.name, each.code.encode()).definitions)
        ]
        known = [tokeniser.answer("", symbol, text) for text in texts]
        for at in range(size if known else 0):
            answer = known[at % len(known)]
            kept = answer.own[rng.random(len(answer.own)) >= CHANGED]
            own = np.union1d(kept, rng.integers(0, 2**63, OWN).astype(np.uint64))
            yield replace(answer, owner=f"student-{at:05}", own=own, digest=own.tobytes()[:32])


def _assignment() -> Assignment:
    return Course(Path(__file__).resolve().parents[1]).load(ASSIGNMENT)


def _alone(stage: str, out: Path, size: int) -> tuple[float, float]:
    """Run a stage in a new process; return its CPU seconds and its peak memory in MiB."""
    done = subprocess.run(  # noqa: S603 - this program
        [sys.executable, "-m", "benchmarks.stages", stage, str(out), str(size)],
        cwd=Path(__file__).resolve().parents[1],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    cpu, memory = map(float, done.stdout.split()[-2:])
    return cpu, memory


def _painted(index: Path) -> float | None:
    """Return the seconds until the page is painted, the median of some loads; None without a browser."""
    from tests.browser.looking import browser, missing  # noqa: PLC0415 - only where there is one

    if missing():
        return None
    with browser() as chromium:
        taken: list[float] = []
        for _ in range(PAINTS):
            page = chromium.new_page()
            page.goto(index.as_uri())
            taken.append(page.evaluate(PAINT) / 1000)
            page.close()
    return statistics.median(taken)


if __name__ == "__main__":
    STAGES[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))
    peak = next(
        line for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines() if "VmHWM" in line
    )
    print(time.process_time(), int(peak.split()[1]) / 1024)
