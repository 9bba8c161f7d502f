"""Run attacks through the real engine, on all cores, and see what comes of each."""

from __future__ import annotations

import io
import os
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from grader import __version__
from grader.bank.samples import solution_modules, starter_modules
from grader.commands.terminal import GradeTable, open_console
from grader.course.limits import Limits
from grader.grading import Grader, load_grader
from grader.intake import Candidate, prepare
from grader.plan import GradingPlan
from grader.reporting.write import write_reports
from grader.results import SCHEMA, ClassReport, Scope, SubmissionReport
from grader.sandbox import ReusableBox
from tests.attack_runner import table
from tests.attack_runner.corpus import Attack, as_files
from tests.attack_runner.judging import AttackResult, Observed, complaints, unearned
from tests.attack_runner.packs import PACKS
from tests.attack_runner.surroundings import MemoryPeak, Surroundings, children, left_behind

ATTACKS = Path("tests") / "attacks"
"""Where the corpus lies in the repository."""

LIMITS = Limits(
    call_seconds=3.0, import_seconds=3.0, cpu_seconds=20.0, address_space=768 * 2**20, reply_bytes=128 * 2**20
)
"""Lower than an assignment's, so that attacks which run into them cost seconds and little memory."""

HOMEWORK = "cnn"
"""What most of the corpus attacks: its files, functions and layouts. It tests the engine, the same for every one."""

UNSEEN = 40
"""Made-up images in the place of a data set's; chance gets four of them right."""


@dataclass(frozen=True)
class _Station:
    """Everything one process needs to run attacks."""

    grader: Grader
    surroundings: Surroundings
    bases: Mapping[str, Mapping[str, bytes]]


def corpus_of(assignment: str) -> Path:
    """Return the folder of the attacks on an assignment, in the repository; those on another one stand in their own."""
    return ATTACKS if assignment == HOMEWORK else ATTACKS / assignment


def check_attacks(
    plan: GradingPlan, attacks: Sequence[Attack], tick: Callable[[str], object]
) -> tuple[list[str], list[str]]:
    """Run attacks as `plan` says; return figures and problems for the gate."""
    results = run_attacks(plan, attacks, tick=tick)
    families = Counter(attack.family for attack in attacks)
    outdated = table.outdated(plan, attacks, results)
    figures = [f"{len(results)} attacks: " + ", ".join(f"{name} {count}" for name, count in families.items())]
    return figures, [*(f"{each.name}: {problem}" for each in results for problem in each.problems), *outdated]


def run_attacks(
    plan: GradingPlan,
    attacks: Sequence[Attack],
    jobs: int = os.cpu_count() or 1,
    tick: Callable[[str], object] = lambda _name: None,
) -> tuple[AttackResult, ...]:
    """Grade each attack as `plan` says, in `jobs` processes of their own, and judge what came of it.

    The processes are the attacks' own because they are watched: what they leave running, and how they grow.
    """
    # Those that run into time limits first, so that no core waits for them at the end.
    order = sorted(attacks, key=lambda each: each.family not in {"hang", "numeric", "bomb"})
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        results = []
        for result in pool.map(_run_one, [plan] * len(order), order):
            tick(result.name)
            results.append(result)
    return tuple(sorted(results, key=lambda each: each.name))


def _run_one(plan: GradingPlan, attack: Attack) -> AttackResult:
    return run_attack(_station(plan), attack)


@cache
def _station(plan: GradingPlan) -> _Station:
    """Prepare this process, once."""
    loaded = load_grader(plan)
    rng = np.random.default_rng(0)
    held_out = rng.normal(size=(UNSEEN, 3, 32, 32)), rng.integers(10, size=UNSEEN)
    grader = replace(
        loaded,
        plan=replace(plan, data=plan.root),
        assignment=loaded.assignment.model_copy(update={"limits": LIMITS}),
        shared={"held_out": held_out},
        box=ReusableBox(plan.isolation, LIMITS),
        mistakes=(),  # to name a mistake costs several times what grading does, and names no attack
    )
    makers = {"starter": starter_modules, "solution": solution_modules}
    bases = {name: modules(loaded.repository, loaded.assignment) for name, modules in makers.items()}
    bases["nothing"] = {}
    # What grading itself starts and keeps is there before the first attack.
    grader.grade_submission(prepare("starter", bases["starter"], grader.assignment, grader.release))
    return _Station(grader, Surroundings(plan.root, bases["solution"]), bases)


def run_attack(station: _Station, attack: Attack) -> AttackResult:
    """Grade one attack and judge what came of it."""
    started = time.perf_counter()
    before, memory = children(), MemoryPeak()
    report = _grade(station, attack)
    with TemporaryDirectory(prefix="reports-") as folder:
        pages = _pages(report, station.grader, Path(folder))
    growth = memory.growth()
    # The reader is the grader's own, and a new one when an archive ended the last.
    known = before | {station.grader.reader.pid}
    left = tuple(f"process {pid} was left running" for pid in left_behind(known))
    harm = (*station.surroundings.harm(), *left)
    observed = Observed(harm, station.surroundings.secret, growth, pages)
    outcomes = Counter(check.outcome.value for check in report.checks if check.scope is Scope.HOMEWORK)
    return AttackResult(
        name=attack.name,
        score=report.score,
        total=report.max_score,
        unearned=unearned(attack, report, station.grader.assignment),
        waits=sum(each.points for each in report.waiting),
        flags=tuple(sorted({flag.kind for flag in report.flags})),
        outcomes=", ".join(f"{name} {count}" for name, count in sorted(outcomes.items())),
        problems=tuple(complaints(attack, report, station.grader.assignment, observed)),
        seconds=round(time.perf_counter() - started, 2),
    )


def _grade(station: _Station, attack: Attack) -> SubmissionReport:
    facts = station.surroundings.facts
    files = as_files(attack, station.bases[attack.base], facts)
    with TemporaryDirectory(prefix="attack-") as folder:
        path = PACKS[attack.pack or "plain_folder"](files, Path(folder), facts)
        return station.grader.grade(Candidate(attack.submission, path))


def _pages(report: SubmissionReport, grader: Grader, folder: Path) -> dict[str, str]:
    """Return everything that is written and printed about a submission, by name."""
    assignment = grader.assignment
    document = ClassReport(SCHEMA, assignment.id, assignment.version, __version__, (report,))
    write_reports(document, assignment, folder)
    printed = io.StringIO()
    table = GradeTable(assignment)
    table.add(report)
    table.print(open_console(printed))
    pages = {"terminal": printed.getvalue()}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            pages[path.relative_to(folder).as_posix()] = path.read_text(encoding="utf-8")
    return pages
