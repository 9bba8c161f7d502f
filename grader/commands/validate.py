"""`numgrade validate`: run the gate, tell of each step as it ends, and say whether anything may be released."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from grader import __version__
from grader.authoring.release import release
from grader.classrun.preflight import load_or_explain
from grader.commands.terminal import command, progress
from grader.course.repository import Course
from grader.gate import moved
from grader.gate.gate import GateRun, StepResult, course_steps, gate_steps, run_steps
from grader.gate.kill_matrix import KillMatrix
from grader.plan import GradingPlan
from grader.reporting.text import counted
from grader.results import Scope
from grader.sandbox import choose_isolation

COURSE_KEY = "validation"
"""Fixed, so that the gate says the same of the same assignment every time."""


BEFORE = """\
Before you hand it out: numgrade validate --certify --assignment {id} tries every mistake with twenty course keys."""


@command(refused=1)
def run_validate(
    console: Console, root: Path, assignment_id: str, *, certify: bool, matrix: bool, rewrite: bool = False
) -> int:
    """Run the gate, or with `certify` what it only samples in full; return the exit code."""
    if rewrite:
        tell_rewritten(console, root, assignment_id)
    assignment = Course(root).load(assignment_id)
    grader = load_or_explain(GradingPlan(root, assignment.id, choose_isolation(), COURSE_KEY))
    own = course_steps(root)
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as executor:
        run = GateRun(grader, executor, certify, partial(progress, console))
        steps = gate_steps(run, own, partial(_show, console, matrix))
        results = run_steps(steps, partial(_tell, console))
    if own is None:  # attacks test the engine, so they run where the engine is developed
        console.print(Text(f"attacks: certified with engine {__version__}", "green"))
    problems = sum(len(each.problems) for each in results)
    seconds = sum(each.seconds for each in results)
    passed = "passed as a draft: its bank is still to be written" if assignment.draft else "passed"
    verdict = f"{counted(problems, 'problem')}: not to be released" if problems else passed
    console.print(Text(f"{assignment.id}: {verdict}, in {seconds:.0f} s", "red" if problems else "green"))
    if not (problems or certify or assignment.draft):
        console.print(Text(BEFORE.format(id=assignment.id)))
    return 1 if problems else 0


def tell_rewritten(console: Console, root: Path, assignment_id: str) -> None:
    """Have tests judged outside where that can be, make the release anew, and say what came of it."""
    found = moved.rewrite(root, assignment_id, choose_isolation())
    if found.moved:
        release(Course(root).load(assignment_id), root)
    for line in moved.told(found):
        console.print(Text(f"  {line}"))


def _show(console: Console, in_detail: bool, matrix: KillMatrix) -> None:
    console.print(part_table(matrix))
    if in_detail:
        console.print(check_table(matrix))
        console.print(mistake_table(matrix))


def _tell(console: Console, result: StepResult) -> None:
    state = "FAILED" if result.problems else "ok"
    colour = "red" if result.problems else "green"
    console.print(Text(f"{result.name}: {state} ({result.seconds:.0f} s)", colour))
    for line in result.figures:
        console.print(Text(f"  {line}"))
    for problem in result.problems:
        console.print(Text(f"  {problem}", "red"))


def mistake_table(matrix: KillMatrix) -> Table:
    """Return one row for each mistake: how many of each part's checks catch it."""
    sizes = {part: sum(each.part == part for each in matrix.columns) for part in matrix.parts}
    table = Table("mistake", "scope", "caught by", title="Each mistake and the checks that catch it")
    for mistake in matrix.mistakes:
        caught = [each.part for each in matrix.caught_by(mistake)]
        counts = (f"{part} {caught.count(part)}/{sizes[part]}" for part in dict.fromkeys(caught))
        table.add_row(mistake.name, str(mistake.scope), ", ".join(counts) or "nothing")
    return table


def part_table(matrix: KillMatrix) -> Table:
    """Return one row for each part: its checks and its mistakes of either scope."""
    table = Table("part", title="Each part and its mistakes")
    for heading in ("checks", "mistakes", "mistakes beyond"):
        table.add_column(heading, justify="right")
    for part in matrix.parts:
        checks = sum(each.part == part for each in matrix.columns)
        scopes = [each.scope for each in matrix.mistakes if part in each.parts]
        table.add_row(part, *map(str, (checks, scopes.count(Scope.HOMEWORK), scopes.count(Scope.BEYOND))))
    return table


def check_table(matrix: KillMatrix) -> Table:
    """Return one row for each check: how many mistakes it catches, and how many that no other check does."""
    table = Table("check", "scope", title="Each check and what it catches")
    for heading in ("catches", "alone"):
        table.add_column(heading, justify="right")
    for column in matrix.columns:
        caught = matrix.catches_of(column)
        alone = sum(len(matrix.caught_by(each)) == 1 for each in caught)
        table.add_row(escape(column.id), str(column.scope), str(len(caught)), str(alone))
    return table
