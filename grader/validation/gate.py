"""The gate that a homework and the engine pass before anything is released: a list of steps, each with its figures."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from grader.grading import Grader
from grader.intake import submission_from_files
from grader.results import Scope, SubmissionReport
from grader.samples import solution_modules, starter_modules
from grader.validation.bank import Variant, as_files, load_mistakes, load_variants
from grader.validation.kill_matrix import KillMatrix, kill_matrix
from grader.validation.trial import Bench


@dataclass(frozen=True, slots=True)
class StepResult:
    """What one step of the gate found.

    Attributes
    ----------
    name
        The step.
    figures
        Lines with what was measured.
    problems
        What must be mended, one sentence each; empty when the step passed.
    seconds
        How long it took.
    """

    name: str
    figures: tuple[str, ...]
    problems: tuple[str, ...]
    seconds: float = 0.0


Found = tuple[list[str], list[str]]
"""Figures and problems."""

Step = tuple[str, Callable[[], Found]]


def run_steps(steps: Iterable[Step], tell: Callable[[StepResult], None]) -> tuple[StepResult, ...]:
    """Run every step, also after one failed, and tell of each as soon as it is done."""
    results = []
    for name, run in steps:
        started = time.perf_counter()
        figures, problems = run()
        result = StepResult(name, tuple(figures), tuple(problems), time.perf_counter() - started)
        tell(result)
        results.append(result)
    return tuple(results)


def check_ends(grader: Grader) -> Found:
    """The complete solution gets every point that this machine can grade, the stubs get none."""
    solution = grade_files(grader, "solution", solution_modules(grader.repository, grader.assignment))
    stubs = grade_files(grader, "starter", starter_modules(grader.repository, grader.assignment))
    figures = [
        f"solution {solution.score:g} of {solution.max_score:g}, starter {stubs.score:g} of {stubs.max_score:g}"
    ]
    problems = list(_lost(solution))
    if stubs.score:
        earned = sorted({check.part for check in stubs.checks if check.points})
        problems.append(f"the stubs earn {stubs.score:g} points, in {', '.join(earned)}")
    return figures, problems


def check_mistakes(bench: Bench, keep: Callable[[KillMatrix], None]) -> Found:
    """Every named mistake is caught by its own part, and every check is needed by some mistake."""
    matrix = kill_matrix(bench, load_mistakes(bench.assignment.folder))
    keep(matrix)
    figures = [f"{len(matrix.mistakes)} mistakes, {len(matrix.columns)} checks"]
    return figures, list(matrix.problems)


def check_variants(grader: Grader) -> Found:
    """Every right but unusual solution gets full marks, in the box."""
    variants = load_variants(grader.assignment.folder)
    files = solution_modules(grader.repository, grader.assignment)
    problems: list[str] = []
    for variant in variants:
        problems += _lost(grade_variant(grader, variant, files))
    return [f"{len(variants)} variants"], problems


def grade_variant(grader: Grader, variant: Variant, files: dict[str, bytes]) -> SubmissionReport:
    """Grade a variant like any submission."""
    return grade_files(grader, f"variant {variant.name}", as_files(variant, files))


def grade_files(grader: Grader, name: str, files: dict[str, bytes]) -> SubmissionReport:
    """Grade a submission made of these files."""
    return grader.grade_submission(submission_from_files(name, files))


def _lost(report: SubmissionReport) -> Iterable[str]:
    for check in report.checks:
        if check.scope is Scope.HOMEWORK and not (check.outcome.earns or check.outcome.excused):
            yield f"{report.id}: {check.id} ended {check.outcome}: {check.message} {check.staff_note}".strip()
