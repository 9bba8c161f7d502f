"""`invoke validate`: run the gate, tell of each step as it ends, and say whether anything may be released."""

from __future__ import annotations

import os
from concurrent.futures import Executor, ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from rich.console import Console
from rich.text import Text

from grader.assignment import AssignmentError
from grader.grading import Grader, GradingPlan, load_grader
from grader.reporting import open_console
from grader.sandbox import Isolation, IsolationUnavailable, choose_isolation, diagnose_isolation
from grader.validation import gradients, timings
from grader.validation.attacks import check_attacks
from grader.validation.entries import BankError
from grader.validation.gate import (
    Found,
    Step,
    StepResult,
    check_ends,
    check_mistakes,
    check_variants,
    run_steps,
)
from grader.validation.kill_matrix import KillMatrix, check_table, part_table
from grader.validation.trial import Bench

COURSE_KEY = "validation"
"""Fixed, so that the gate says the same of the same homework every time."""

GRADIENT_TRIALS = 600
GRADIENT_TRIALS_IN_FULL = 10_000
TIMINGS = 20
TIMINGS_IN_FULL = 1000


def run_validate(root: Path, assignment_id: str, *, certify: bool, matrix: bool) -> int:
    """Run the gate, or with `certify` the two certificates in full; return the exit code."""
    console = open_console()
    try:
        plan = GradingPlan(root, assignment_id, choose_isolation(), COURSE_KEY)
        grader = load_grader(plan)
        with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as executor:
            steps = (
                _certificates(grader, executor, full=True)
                if certify
                else _gate(grader, executor, console, matrix)
            )
            results = run_steps(steps, partial(_tell, console))
    except (AssignmentError, BankError, IsolationUnavailable) as error:
        console.print(Text(str(error), "red"))
        return 1
    problems = sum(len(each.problems) for each in results)
    seconds = sum(each.seconds for each in results)
    verdict = f"{problems} problems: not to be released" if problems else "passed"
    console.print(Text(f"{assignment_id}: {verdict}, in {seconds:.0f} s", "red" if problems else "green"))
    return 1 if problems else 0


def _gate(grader: Grader, executor: Executor, console: Console, show: bool) -> list[Step]:
    bench = Bench(grader.assignment, grader.reference, grader.modules)
    tiers = [
        each.isolation for each in diagnose_isolation() if each.works and each.isolation is not Isolation.NONE
    ]
    return [
        ("solution and stubs", lambda: check_ends(grader)),
        ("mistakes", lambda: check_mistakes(bench, partial(_show, console, show))),
        ("variants", lambda: check_variants(grader)),
        *((f"attacks, tier {tier.value}", partial(check_attacks, grader, tier)) for tier in tiers),
        *_certificates(grader, executor, full=False),
    ]


def _certificates(grader: Grader, executor: Executor, *, full: bool) -> list[Step]:
    trials = GRADIENT_TRIALS_IN_FULL if full else GRADIENT_TRIALS
    gradings = TIMINGS_IN_FULL if full else TIMINGS
    return [
        (f"gradient checks, {trials} trials each way", lambda: _certify_gradients(executor, trials)),
        (f"timing, {gradings} gradings each under load", lambda: _certify_timings(grader, gradings)),
    ]


def _certify_gradients(executor: Executor, trials: int) -> Found:
    wrong, right = gradients.certify_gradients(executor, trials)
    return list(gradients.lines_of(wrong, right)), list(gradients.problems_of(wrong, right))


def _certify_timings(grader: Grader, count: int) -> Found:
    if timings.PART not in {part.id for part in grader.assignment.parts}:
        return ["no part of this homework is judged by its speed"], []
    verdicts = timings.certify_timings(grader, count, hogs=os.cpu_count() or 1)
    return list(timings.lines_of(verdicts)), list(timings.problems_of(verdicts))


def _show(console: Console, show_checks: bool, matrix: KillMatrix) -> None:
    console.print(part_table(matrix))
    if show_checks:
        console.print(check_table(matrix))


def _tell(console: Console, result: StepResult) -> None:
    state = "FAILED" if result.problems else "ok"
    console.print(
        Text(f"{result.name}: {state} ({result.seconds:.0f} s)", "red" if result.problems else "green")
    )
    for line in result.figures:
        console.print(Text(f"  {line}"))
    for problem in result.problems:
        console.print(Text(f"  {problem}", "red"))
