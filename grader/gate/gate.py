"""The gate that an assignment and the engine pass before a release: a list of steps, each with its figures."""

from __future__ import annotations

import importlib
import math
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from grader.bank.entries import Entry, load_mistakes, load_variants
from grader.bank.rebuild import as_files
from grader.bank.samples import (
    CLASS_FILE,
    SampleClassBroken,
    SampleStudent,
    load_sample_class,
    make_submission,
    right_submission,
    solution_modules,
    starter_modules,
    to_layout,
)
from grader.checking.run import Check, load_checks
from grader.checking.trusted import trusted_student
from grader.course.assignment import BY_HAND, Assignment
from grader.course.repository import PROJECT_FILE, CourseError, load_settings
from grader.gate import recognition, timings
from grader.gate.certificate import check_certificate
from grader.gate.keys import KEYS_OF_DRAWING, PATIENCE, further_keys, lots
from grader.gate.kill_matrix import (
    Bench,
    KillMatrix,
    Row,
    assemble,
    catches,
    context_of_trial,
    row_of,
    run_trials,
    solution_records,
    solution_row,
    trial,
)
from grader.gate.recognition import Recognition
from grader.grading import Grader, load_grader
from grader.intake import prepare
from grader.intake.numeric import LOOKS_NUMERIC
from grader.plan import GradingPlan
from grader.results import Outcome, Scope, SubmissionReport

GRADINGS = 20
GRADINGS_IN_FULL = 1000

CHUNK = 10

SUSPECTED = frozenset({"tampering", LOOKS_NUMERIC, "looks_remembered"})
"""Kinds of flags that no honest work may have."""
"""Mistakes handed to a process at a time; each chunk looks once at what every check uses."""


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

Tick = Callable[[str], object]
"""Told the name of each piece of work when it is done."""

Progress = Callable[[int, str], AbstractContextManager[Tick]]
"""Shows how far a step is: told how many pieces of work there are, and what they are called."""


@dataclass(frozen=True)
class GateRun:
    """One run of the gate, for a course's own steps.

    Attributes
    ----------
    grader
        Of the assignment that is validated.
    executor
        Processes that share the work.
    full
        Whether everything is run that the gate otherwise samples (``--certify``).
    progress
        Shows how far a step is.
    """

    grader: Grader
    executor: Executor
    full: bool
    progress: Progress


CourseSteps = Callable[[GateRun], Iterable[Step]]
"""What ``gate`` in a course's ``[tool.numgrade]`` names: returns the steps that the course adds to the gate."""


def course_steps(root: Path) -> CourseSteps | None:
    """Return the steps that the course at `root` adds to the gate; None where it names none.

    Raises
    ------
    CourseError
        It names a function that cannot be imported from its root.
    """
    named = load_settings(root).gate
    if not named:
        return None
    # Processes that a step starts import its functions by name, so the course stays importable.
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    module, _, function = named.partition(":")
    try:
        steps: CourseSteps = getattr(importlib.import_module(module), function)
    except (ImportError, AttributeError) as error:
        raise CourseError(f"{root / PROJECT_FILE}, [tool.numgrade]: gate = {named!r}: {error}") from error
    return steps


def gate_steps(run: GateRun, own: CourseSteps | None, keep: Callable[[KillMatrix], None]) -> Iterator[Step]:
    """Yield what must pass before anything is released; in full, what that only samples.

    Parameters
    ----------
    own
        The course's own steps.
    keep
        Told the kill matrix when it is there.
    """
    certificates = (
        ("gradient checks", check_certificate),
        (f"timing, {_gradings(run)} gradings each under load", partial(check_timings, run)),
    )
    if run.full:
        yield f"{KEYS_OF_DRAWING} course keys", partial(check_keys, run)
        yield from certificates
        yield from own(run) if own else ()
        return
    yield "solution and stubs", partial(check_ends, run.grader)
    yield "mistakes", partial(check_mistakes, run, keep)
    yield "variants", partial(check_variants, run)
    yield "layouts", partial(check_layouts, run.grader)
    yield "honest material", partial(check_honest, run)
    yield from own(run) if own else ()
    yield from certificates


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
    checks = load_checks(grader.assignment.folder).in_order(grader.assignment)
    solution = grade_files(grader, "solution", solution_modules(grader.repository, grader.assignment))
    stubs = grade_files(grader, "starter", starter_modules(grader.repository, grader.assignment))
    figures = [
        f"solution {solution.score:g} of {solution.max_score:g}, starter {stubs.score:g} of {stubs.max_score:g}"
    ]
    figures += inside_figures(grader)
    problems = [*alarms(solution), *undecided(solution, checks), *shortfalls(solution, grader.assignment)]
    problems += waits(solution, grader.assignment)
    problems += broken_tests(grader)
    if stubs.score:
        earned = sorted({check.part for check in stubs.checks if check.points})
        problems.append(f"the stubs earn {stubs.score:g} points, in {', '.join(earned)}")
    return figures, problems


def check_mistakes(run: GateRun, keep: Callable[[KillMatrix], None]) -> Found:
    """Every named mistake is caught by its own part, and every check is needed by some mistake."""
    assignment = run.grader.assignment
    mistakes = load_mistakes(assignment.folder)
    chunks = [range(start, min(start + CHUNK, len(mistakes))) for start in range(0, len(mistakes), CHUNK)]
    rows, recognised, drawn = list[Row](), list[Recognition](), list[str]()
    with run.progress(len(mistakes), "mistakes") as tick:
        for chunk, found in zip(
            chunks, run.executor.map(partial(_rows, run.grader.plan), chunks), strict=True
        ):
            rows += (row for row, _, _ in found)
            recognised += (each for _, each, _ in found)
            drawn += (each for _, _, said in found for each in said)
            for number in chunk:
                tick(mistakes[number].name)
    matrix = assemble(assignment, mistakes, rows, solution_row(bench_of(run.grader.plan)))
    keep(matrix)
    figures = [f"{len(matrix.mistakes)} mistakes, {len(matrix.columns)} checks"]
    figures += recognition.figures_of(mistakes, recognised) if mistakes else ()
    problems = [*matrix.problems, *recognition.problems_of(mistakes, recognised), *drawn]
    if assignment.draft:
        return [*figures, *matrix.holes], problems
    return figures, [*problems, *matrix.holes]


def check_variants(run: GateRun) -> Found:
    """Every right but unusual solution gets full marks in the box, and no false advice."""
    count = len(load_variants(run.grader.assignment.folder))
    problems: list[str] = []
    if not count and not run.grader.assignment.draft:
        problems.append("there is no variant: add a right answer that is unusual")
    with run.progress(count, "variants") as tick:
        for name, found in run.executor.map(partial(_alarms_of_variant, run.grader.plan), range(count)):
            problems += found
            tick(name)
    return [f"{count} variants"], problems


def check_layouts(grader: Grader) -> Found:
    """A right submission gets full marks in every further layout, in the layout's own files and by its own names."""
    variants, problems = load_variants(grader.assignment.folder), list[str]()
    layouts = grader.assignment.layouts[1:]
    for layout in layouts:
        used = {symbol for each in variants if each.layout == layout.name for symbol in each.symbols}
        problems += [
            f"layout {layout.name}: no variant uses its names for {symbol}: write one that replaces it, with "
            f'@variant(layout="{layout.name}")'
            for symbol in layout.names
            if symbol not in used
        ]
        files = right_submission(grader.repository, grader.assignment, layout, variants)
        report = grade_files(grader, f"layout {layout.name}", files)
        found = {flag.kind for flag in report.flags} - {"not_in_layout"}
        problems += alarms(report)
        problems += [f"{report.id}: it is flagged {kind}" for kind in sorted(found)]
        lost = {
            each.part
            for each in report.checks
            if each.outcome.excused and each.outcome is not Outcome.NOT_GRADED
        }
        problems += [f"{report.id}: {part} could not be graded" for part in sorted(lost)]
    return [f"{len(layouts)} beside the release's own"], problems


def check_honest(run: GateRun) -> Found:
    """No mistake and no made-up student is accused of tampering, or waits for a person who has no part to judge."""
    grader, problems = run.grader, list[str]()
    students: tuple[SampleStudent, ...] = ()
    try:
        students = load_sample_class(grader.assignment)
    except SampleClassBroken as error:
        problems += [str(error)] if (grader.assignment.folder / CLASS_FILE).exists() else []
    solution = solution_modules(grader.repository, grader.assignment)
    for mistake in grader.mistakes:
        copied = prepare(mistake.name, as_files(mistake, solution), grader.assignment, grader.release).copied
        problems += [f"mistake {mistake.name}: {each.symbol} waits, for given code in it" for each in copied]
    with run.progress(len(students), "students of the sample class") as tick:
        for student, found in zip(
            students, run.executor.map(partial(_accusations, grader.plan), students), strict=True
        ):
            problems += found
            tick(student.name)
    return [f"{len(students)} students of the sample class, {len(grader.mistakes)} mistakes"], problems


def _accusations(plan: GradingPlan, student: SampleStudent) -> list[str]:
    """Grade a student of the sample class in a process of the pool; return what an honest one is suspected of."""
    grader = load_grader(plan)
    entries: tuple[Entry, ...] = (*grader.mistakes, *load_variants(grader.assignment.folder))
    files = make_submission(
        grader.repository, grader.assignment, student, {each.name: each for each in entries}
    )
    return list(accusations(grade_files(grader, f"student {student.name}", files), grader.assignment))


def accusations(report: SubmissionReport, assignment: Assignment) -> Iterator[str]:
    """Say which checks call a submission tampering, and which parts wait although no person judges them."""
    for check in report.checks:
        if check.outcome is Outcome.TAMPERED:
            yield f"{report.id}: {check.id} calls it tampering: {check.message}"
    yield from _suspicions(report)
    yield from waits(report, assignment)


def waits(report: SubmissionReport, assignment: Assignment) -> Iterator[str]:
    """Say which parts wait for a person although none judges them."""
    for each in report.waiting:
        if assignment.part(each.part).judged != BY_HAND:
            yield f"{report.id}: {each.part} waits: {each.why}"


def check_timings(run: GateRun) -> Found:
    """A submission meets the same verdict each time its speed is judged, however busy the machine is."""
    loads = timings.workloads(run.grader.assignment)
    problems = list(timings.uncertified(run.grader.assignment))
    if not loads:
        return ["no part of this assignment is judged by its speed"] if not problems else [], problems
    count = _gradings(run)
    with run.progress(len(timings.chunks(loads, count)), f"gradings, {timings.AT_A_TIME} at a time") as tick:
        verdicts = timings.certify_timings(run.executor, run.grader.plan, loads, count, tick)
    return list(timings.lines_of(verdicts)), [*problems, *timings.problems_of(verdicts)]


def _gradings(run: GateRun) -> int:
    return GRADINGS_IN_FULL if run.full else GRADINGS


def check_keys(run: GateRun) -> Found:
    """Every entry of the bank gets the same points under twenty course keys."""
    count, problems = len(_entries(run.grader)), list[str]()
    with run.progress(count, "entries") as tick:
        for name, found in run.executor.map(partial(_lots_of_entry, run.grader.plan), range(count)):
            problems += found
            tick(name)
    return [f"{count} entries"], problems


def _lots_of_entry(plan: GradingPlan, number: int) -> tuple[str, list[str]]:
    bench, entry = bench_of(plan), _entries(load_grader(plan))[number]
    return entry.name, list(lots(bench, entry, trial(bench, entry), further_keys(bench, entry, full=True)))


def _entries(grader: Grader) -> Sequence[Entry]:
    """Return the entries that the checks meet in this process: a layout's names are another matter."""
    return (*grader.mistakes, *(each for each in load_variants(grader.assignment.folder) if not each.layout))


def _rows(plan: GradingPlan, numbers: range) -> tuple[tuple[Row, Recognition, list[str]], ...]:
    """Return for some mistakes their rows of the kill matrix, as what they are known, and what is drawn by lot."""
    grader, bench = load_grader(plan), bench_of(plan)
    mistakes = grader.mistakes
    chunk = [mistakes[number] for number in numbers]
    solution = {
        each.id: each for each in solution_records(bench)
    }  # what is out of a mistake's reach goes as there
    context = context_of_trial(bench, trusted_student(grader.symbols))
    found = []
    for mistake, records in zip(chunk, run_trials(bench, chunk), strict=True):
        whole = tuple((solution | {each.id: each for each in records}).values())
        known = recognition.recognise(bench, context, mistake, whole, mistakes)
        keys = further_keys(bench, mistake, full=False, mistakes=len(mistakes))
        drawn = list(lots(bench, mistake, records, keys, PATIENCE))
        found.append((row_of(records), known, drawn))
    return tuple(found)


@cache
def bench_of(plan: GradingPlan) -> Bench:
    """Return what trials in this process need."""
    grader = load_grader(plan)
    return Bench(grader.assignment, grader.reference, grader.modules)


def _alarms_of_variant(plan: GradingPlan, number: int) -> tuple[str, list[str]]:
    """Grade one variant like any submission, in a process of the pool; return what is held against it."""
    grader = load_grader(plan)
    variant = load_variants(grader.assignment.folder)[number]
    files = as_files(variant, solution_modules(grader.repository, grader.assignment))
    if variant.layout:
        files = to_layout(files, grader.assignment, grader.assignment.layout(variant.layout))
    report = grade_files(grader, f"variant {variant.name}", files)
    found = [*alarms(report), *waits(report, grader.assignment)]
    if variant.symbols and not variant.layout:
        bench = bench_of(plan)
        keys = further_keys(bench, variant, full=False, mistakes=len(grader.mistakes))
        found += lots(bench, variant, trial(bench, variant), keys, PATIENCE)
    return variant.name, found


def grade_files(grader: Grader, name: str, files: Mapping[str, bytes]) -> SubmissionReport:
    """Grade a submission made of these files."""
    return grader.grade_submission(prepare(name, files, grader.assignment, grader.release))


def alarms(report: SubmissionReport) -> Iterator[str]:
    """Say what is held against a right solution, advice that costs nothing included, and which checks it breaks."""
    for check in report.checks:
        if check.outcome is Outcome.GRADER_ERROR:
            yield f"{report.id}: check {check.id} breaks: {_cause(check.staff_note)}"
        if catches(check.outcome):
            said = f"{check.message} {check.staff_note}".strip()
            yield f"{report.id}: {check.id} ({check.scope}) ended {check.outcome}: {said}"
    yield from _suspicions(report)


def _suspicions(report: SubmissionReport) -> Iterator[str]:
    """Say which flags accuse honest work."""
    for flag in report.flags:
        if flag.kind in SUSPECTED:
            yield f"{report.id}: it is flagged {flag.kind}: {flag.message}"


def inside_figures(grader: Grader) -> Iterator[str]:
    """List the checks whose verdicts code that knows how may forge."""
    if grader.tests:
        listed = ", ".join(each.id for each in grader.tests)
        yield f"judged inside, in the process of the notebook, where a verdict may be forged: {listed}"


def broken_tests(grader: Grader) -> Iterator[str]:
    """Say which tests that are judged inside do not pass on the solution."""
    if grader.tests:
        for each in grader.solved_tests.records:
            if not each.verdict.outcome.earns:
                said = f"{each.verdict.message} {each.verdict.staff_note}".strip()
                yield f"solution: {each.id} ended {each.verdict.outcome}: {said}"


def undecided(solution: SubmissionReport, checks: Sequence[Check]) -> Iterator[str]:
    """Say which checks do not come to a verdict on the solution, though nothing that they ask for is missing."""
    need = {check.id for check in checks if check.asks_for("resources") or check.asks_for("data_sets")}
    for check in solution.checks:
        if check.outcome is Outcome.INCONCLUSIVE:
            yield f"solution: check {check.id} cannot decide: {check.message}"
        if check.outcome is Outcome.NOT_GRADED and check.id not in need:
            yield f"solution: check {check.id} grades nothing, and asks for no resources that could be missing"


def shortfalls(solution: SubmissionReport, assignment: Assignment) -> Iterator[str]:
    """Say which points nobody can get: parts that no check judges, and a total that falls short for another reason.

    What this machine has no data for, and what a notebook that runs decides, is not counted.
    """
    goals = {goal.part for goal in assignment.notebooks.goals if goal.scope is Scope.HOMEWORK}
    judged = {check.part for check in solution.checks if check.scope is Scope.HOMEWORK} | goals
    graded = {check.part for check in solution.checks if check.max_points}
    excused = {check.part for check in solution.checks if check.outcome.excused} | goals
    for part in assignment.parts:
        if part.id not in judged and part.judged != BY_HAND:
            yield f"part {part.id} has no check: nobody can get its {part.points:g} points"
    whole = sum(part.points for part in assignment.parts if part.id in graded or part.id not in excused)
    if not math.isclose(solution.max_score, whole, rel_tol=1e-9):
        yield f"the checks give {solution.max_score:g} points, and the parts have {whole:g}"


_IN_CHECKS = re.compile(r'File "([^"]*/checks/[^"]*)", line ([0-9]+)')


def _cause(note: str) -> str:
    """Return from a traceback what went wrong, and in which line of the checks."""
    places = _IN_CHECKS.findall(note)
    said = note.strip().rpartition("\n")[2]
    return f"{said} ({places[-1][0]}, line {places[-1][1]})" if places else said
