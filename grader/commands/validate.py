"""`invoke validate`: run the gate, tell of each step as it ends, and say whether anything may be released."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from rich.console import Console
from rich.text import Text

from grader import __version__
from grader.bank.entries import BankError, load_mistakes, load_variants
from grader.classrun.preflight import HomeworkBroken, load_or_explain
from grader.commands.terminal import open_console, progress
from grader.course.assignment import AssignmentError
from grader.course.repository import Repository
from grader.gate import gradients, timings
from grader.gate.gate import (
    CourseSteps,
    Found,
    GateRun,
    Step,
    StepResult,
    check_ends,
    check_mistakes,
    check_variants,
    course_steps,
    run_steps,
)
from grader.gate.kill_matrix import KillMatrix, check_table, mistake_table, part_table
from grader.grading import Grader, GradingPlan
from grader.reporting.text import counted
from grader.sandbox import IsolationUnavailable, choose_isolation

COURSE_KEY = "validation"
"""Fixed, so that the gate says the same of the same homework every time."""

GRADIENT_TRIALS = 600
GRADIENT_TRIALS_IN_FULL = 10_000
TIMINGS = 20
TIMINGS_IN_FULL = 1000


def run_validate(root: Path, assignment_id: str, *, certify: bool, matrix: bool) -> int:
    """Run the gate, or with `certify` what it only samples in full; return the exit code."""
    console = open_console()
    try:
        assignment = Repository(root).load(assignment_id)
        plan = GradingPlan(root, assignment.id, choose_isolation(), COURSE_KEY)
        grader = load_or_explain(plan)
        own_steps = course_steps(root)
        with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as executor:
            gate = _Gate(grader, executor, console, own_steps)
            results = run_steps(gate.in_full() if certify else gate.steps(matrix), partial(_tell, console))
    except (AssignmentError, BankError, HomeworkBroken, IsolationUnavailable) as error:
        console.print(Text(str(error), "red"))
        return 1
    problems = sum(len(each.problems) for each in results)
    seconds = sum(each.seconds for each in results)
    verdict = f"{counted(problems, 'problem')}: not to be released" if problems else "passed"
    console.print(Text(f"{assignment.id}: {verdict}, in {seconds:.0f} s", "red" if problems else "green"))
    return 1 if problems else 0


@dataclass(frozen=True)
class _Gate:
    """The steps of the gate for one homework."""

    grader: Grader
    executor: Executor
    console: Console
    own_steps: CourseSteps | None

    def steps(self, in_detail: bool) -> Iterator[Step]:
        """Yield what must pass before anything is released."""
        yield "solution and stubs", lambda: check_ends(self.grader)
        yield "mistakes", lambda: self._mistakes(in_detail)
        yield "variants", self._variants
        yield from self._own(full=False)
        yield from self._certificates(GRADIENT_TRIALS, TIMINGS)

    def in_full(self) -> Iterator[Step]:
        """Yield the certificates, and every attack in every tier."""
        yield from self._certificates(GRADIENT_TRIALS_IN_FULL, TIMINGS_IN_FULL)
        yield from self._own(full=True)

    def _own(self, *, full: bool) -> Iterator[Step]:
        """Yield the course's own steps. Attacks test the engine, so they run where the engine is developed."""
        if self.own_steps is None:
            self.console.print(Text(f"attacks: certified with engine {__version__}", "green"))
            return
        yield from self.own_steps(GateRun(self.grader, full, partial(progress, self.console)))

    def _certificates(self, trials: int, gradings: int) -> Iterator[Step]:
        yield f"gradient checks, {trials} trials each way", partial(self._gradients, trials)
        yield f"timing, {gradings} gradings each under load", partial(self._timings, gradings)

    def _mistakes(self, in_detail: bool) -> Found:
        mistakes = load_mistakes(self.grader.assignment.folder)
        with progress(self.console, len(mistakes), "mistakes") as tick:
            keep = partial(_show, self.console, in_detail)
            return check_mistakes(self.executor, self.grader, mistakes, keep, tick)

    def _variants(self) -> Found:
        count = len(load_variants(self.grader.assignment.folder))
        with progress(self.console, count, "variants") as tick:
            return check_variants(self.executor, self.grader, count, tick)

    def _gradients(self, trials: int) -> Found:
        wrong, right = gradients.certify_gradients(self.executor, trials)
        return list(gradients.lines_of(wrong, right)), list(gradients.problems_of(wrong, right))

    def _timings(self, count: int) -> Found:
        if timings.PART not in {part.id for part in self.grader.assignment.parts}:
            return ["no part of this homework is judged by its speed"], []
        chunks = len(timings.WORKLOADS) * -(-count // timings.AT_A_TIME)
        with progress(self.console, chunks, f"gradings, {timings.AT_A_TIME} at a time") as tick:
            verdicts = timings.certify_timings(
                self.executor, self.grader.plan, count, os.cpu_count() or 1, tick
            )
        return list(timings.lines_of(verdicts)), list(timings.problems_of(verdicts))


def _show(console: Console, in_detail: bool, matrix: KillMatrix) -> None:
    console.print(part_table(matrix))
    if in_detail:
        console.print(check_table(matrix))
        console.print(mistake_table(matrix))


def _tell(console: Console, result: StepResult) -> None:
    state = "FAILED" if result.problems else "ok"
    console.print(
        Text(f"{result.name}: {state} ({result.seconds:.0f} s)", "red" if result.problems else "green")
    )
    for line in result.figures:
        console.print(Text(f"  {line}"))
    for problem in result.problems:
        console.print(Text(f"  {problem}", "red"))
