"""Judge tests inside: each runs in the box, in the process of the notebook, when its turn comes.

Test and answer share a process, so a verdict may be forged by code that knows how. What can be done is done. A test is
compiled here and sent as byte code when the cell that it stands for is reached. Python's own functions mean Python's
own in it, whatever the notebook calls by their names. What tests judge with must be, before and after, what it was
before the notebook ran, and what it is beside the solution. What a test says of itself decides points and is for
staff: students are shown this side's copy of the line that failed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from math import isfinite
from typing import Any

from grader.checking.marks import CheckMark
from grader.checking.run import CheckRecord
from grader.checking.verdicts import BROKEN_OFF, FAMILIAR, PASSED, Verdict
from grader.course.assignment import Assignment, Seed
from grader.course.inside import inside_tests
from grader.intake.notebooks import Cell, Notebook, read_notebook
from grader.intake.stage import Stage
from grader.notebooks.box import ROOT, NotebookPlan, preamble, root_of
from grader.notebooks.execute import Wanted, run_notebook
from grader.notebooks.goals import NOT_HANDED_IN
from grader.notebooks.merge import Merged, MergedCell, Origin, Programs, is_answer, merge
from grader.notebooks.run import released_notebook
from grader.notebooks.test_cells import Surroundings, TestCell, names_of, test_cells
from grader.results import Flag, Outcome, Scope
from grader.sandbox import Box, SubmissionError, Worker
from grader.sandbox.wire import clean

NOT_REACHED = "The notebook did not come to this test."
UNBELIEVED = "The test passed, but not with what it judges by; staff will look."
BROKEN_TEST = "This test fails on the solution as well; staff are told, and it costs nothing."
HIDDEN_FAILED = "A hidden test failed."
NOT_WRITTEN = "The answer that it needs is not written yet."

_FOR_WANT_OF_IT = frozenset({Outcome.FAILED, Outcome.ERROR, Outcome.NOT_IMPLEMENTED})

_CHARACTERS = 20_000
_ALWAYS_EQUAL = re.compile(r"def\s+__(?:eq|ne|array_ufunc|array_function|array|bool)__\b")

Names = Mapping[str, Mapping[str, str]]
"""What the names that a test uses are, by the test's id."""


@dataclass(frozen=True, slots=True)
class InsideResults:
    """What became of the tests of a submission.

    Attributes
    ----------
    names
        What the names that the tests use are.
    """

    records: tuple[CheckRecord, ...] = ()
    flags: tuple[Flag, ...] = ()
    names: Names = field(default_factory=dict)


def all_tests(assignment: Assignment, plan: NotebookPlan) -> tuple[TestCell, ...]:
    """Compile the tests of every part of the assignment that is judged inside."""
    tests = inside_tests(assignment)
    found: list[TestCell] = []
    for part in assignment.inside:
        released, solved = released_notebook(plan, part.notebook), plan.release.notebooks[part.notebook]
        found += test_cells(
            part, tests[part.id], Surroundings.of(released.cells, read_notebook(solved).cells)
        )
    return tuple(found)


def judge_inside(
    box: Box,
    stage: Stage,
    plan: NotebookPlan,
    cells: Sequence[TestCell],
    expected: InsideResults | None = None,
) -> InsideResults:
    """Run the notebooks of a staged submission with their tests.

    Parameters
    ----------
    expected
        What became of the solution's; None where this is the solution.
    """
    records: list[CheckRecord] = []
    flags: list[Flag] = []
    names: dict[str, Mapping[str, str]] = {}
    for name in dict.fromkeys(each.part.notebook for each in cells):
        here = [each for each in cells if each.part.notebook == name]
        submitted = stage.submission.notebooks.get(name)
        if submitted is None:
            missing = Verdict(Outcome.NOT_IMPLEMENTED, NOT_HANDED_IN.format(notebook=name))
            records += _records(here, {}, missing)
            continue
        run = InsideRun(released_notebook(plan, name), here, plan.limits.cell_seconds, expected)
        merged = merge(run.released, submitted)
        run.run(box, stage, merged, plan)
        run.note_unwritten(merged)
        records += _records(here, excused(run.found, expected), Verdict(Outcome.BLOCKED, NOT_REACHED))
        flags += suspicions(name, submitted, run.looks)
        names |= run.names
    return InsideResults(tuple(records), tuple(flags), names)


@dataclass(frozen=True)
class InsideRun:
    """One run of a notebook with its tests.

    Attributes
    ----------
    released
        The notebook as students received it.
    cells
        Its tests.
    seconds
        Wall time of one.
    expected
        What became of the solution's; None while that runs.
    """

    released: Notebook
    cells: Sequence[TestCell]
    seconds: float
    expected: InsideResults | None = None
    found: dict[str, Verdict] = field(default_factory=dict)
    names: dict[str, Mapping[str, str]] = field(default_factory=dict)
    looks: dict[str, str] = field(default_factory=dict)
    _clean: dict[int, object] = field(default_factory=dict)

    def run(self, box: Box, stage: Stage, merged: Merged, plan: NotebookPlan) -> None:
        """Run the notebook, and judge each test when its cell is reached."""
        run_notebook(
            self.forked(lambda: box.worker(ROOT)),
            with_tests(merged, self._places, plan.assignment.notebooks.seed),
            plan.limits,
            str(root_of(stage)),
            preamble(stage, plan),
            skipped_tags=(),
            wanted=self._wanted,
        )

    def note_unwritten(self, merged: Merged) -> None:
        """Say of tests that failed for want of an answer that it is not written, whatever they raised."""
        same = Programs().same
        stubs = {cell.id: cell.source for cell in self.released.cells if is_answer(cell)}
        open_ = {
            id for each in merged.cells if (id := each.cell.id) in stubs and same(each.cell.source, stubs[id])
        }
        for id in (each.id for each in self.cells if each.answers & open_):
            verdict = self.found.get(id, PASSED)
            if verdict.outcome in _FOR_WANT_OF_IT and not verdict.earned:
                self.found[id] = replace(verdict, outcome=Outcome.NOT_IMPLEMENTED, message=NOT_WRITTEN)

    def forked(self, fork: Callable[[], Worker]) -> Callable[[], Worker]:
        """Return `fork` with a note taken of each worker before anything runs in it."""
        modules = sorted({module for each in self.cells for module in each.modules})

        def watched() -> Worker:
            worker = fork()
            self._clean[worker.pid] = worker.watch(modules)
            return worker

        return watched

    @property
    def _places(self) -> tuple[str, ...]:
        """The cells in whose place tests run."""
        return tuple(dict.fromkeys(each.part.cell for each in self.cells))

    @property
    def _wanted(self) -> dict[str, Wanted]:
        return {place: Wanted(self.seconds, partial(self._judge, place)) for place in self._places}

    def _judge(self, place: str, worker: Worker) -> None:
        for each in (each for each in self.cells if each.part.cell == place):
            try:
                bound = () if each.part.carries else each.bound
                reply = worker.run_test((each.body, each.last), self.seconds, _CHARACTERS, each.used, bound)
            except SubmissionError as error:
                outcome, message = BROKEN_OFF.get(
                    type(error), (Outcome.ERROR, "The test had to be broken off.")
                )
                self.found[each.id] = Verdict(outcome, message, str(error))
                continue
            self.found[each.id] = self._verdict(each, reply, self._clean.get(worker.pid))

    def _verdict(self, cell: TestCell, reply: object, before: object) -> Verdict:
        if not isinstance(reply, dict):
            return Verdict(Outcome.TAMPERED, UNBELIEVED, "the worker's answer about a test is none")
        self.names[cell.id] = _texts(reply.get("names"))
        if looks := reply.get("looks"):
            self.looks[cell.id] = clean(", ".join(map(str, looks)) if isinstance(looks, list) else "?", 100)
        verdict = ended(cell, reply)
        if verdict.outcome.earns or verdict.earned:
            doubts = tuple(self._doubts(cell, reply, before))
            if doubts:
                return Verdict(Outcome.TAMPERED, UNBELIEVED, f"it passed although {'; '.join(doubts)}")
        return verdict

    def _doubts(self, cell: TestCell, reply: Mapping[str, Any], before: object) -> Iterator[str]:
        """Say what of that by which the test judges is not what it should be."""
        for when in ("before", "after"):
            seen = reply.get(when)
            if not isinstance(seen, dict) or not isinstance(before, dict):
                yield "nothing was said of what it judges by"
            elif seen != before:
                changed = sorted(name for name in {*seen, *before} if seen.get(name) != before.get(name))
                yield f"{', '.join(clean(str(name), 60) for name in changed[:5])} had been changed {when} it ran"
                return
        named = _texts(reply.get("names"))
        expected = self.expected.names.get(cell.id, {}) if self.expected else {}
        for name, what in expected.items():
            if name in self._given and named.get(name) != what:
                yield f"{name}, which the released notebook gives, was another thing"

    @cached_property
    def _given(self) -> frozenset[str]:
        """Names that the released notebook gives, and tests that leave them behind."""
        given = names_of([cell for cell in self.released.cells if not is_answer(cell)])
        left = (each.bound for each in self.cells if each.part.carries)
        return given.union(*left)


def ended(cell: TestCell, reply: Mapping[str, Any]) -> Verdict:
    """Return what became of a test by what the worker says, before it is believed."""
    test, kind = cell.test, str(reply.get("type", ""))
    if kind:
        return _failed(cell, reply, kind)
    if test.output is not None:
        printed = str(reply.get("printed", ""))
        if printed.rstrip() != test.output.rstrip():
            return _told(cell, Verdict(Outcome.FAILED, "It put out something else.", clean(printed, 500)))
        return replace(PASSED, message=test.success)
    value = reply.get("value")
    if not isinstance(value, int | float):
        return replace(PASSED, message=test.success)
    most = cell.weight if test.points is not None else cell.part.points
    share = min(max(value / most, 0.0), 1.0) if most and isfinite(value) else 0.0
    if share == 1.0:
        return replace(PASSED, message=test.success)
    earned = f"It earns {share * most:g} of {most:g} points."
    return _told(cell, Verdict(Outcome.FAILED, earned, earned=share))


def _failed(cell: TestCell, reply: Mapping[str, Any], kind: str) -> Verdict:
    number = reply.get("line")
    line, seen = cell.line(number), number in cell.shown
    note = clean(f"{kind}: {reply.get('text', '')} (line {number}: {line})", 1000)
    if reply.get("late") is True:
        late = "The test did not end within its time limit."
        return _told(cell, Verdict(Outcome.TIMEOUT, late, note), seen=seen)
    at = f" at: {line}" if line else ""
    if kind == "AssertionError":
        return _told(cell, Verdict(Outcome.FAILED, f"The test failed{at}", note), seen=seen)
    outcome = Outcome.NOT_IMPLEMENTED if kind == "NotImplementedError" else Outcome.ERROR
    name = kind if kind in FAMILIAR else "an exception of its own"
    return _told(cell, Verdict(outcome, f"{name} was raised{at}", note), seen=seen)


def _told(cell: TestCell, verdict: Verdict, *, seen: bool = False) -> Verdict:
    """Return a failed test's verdict in words that a student may read: of a hidden line, `seen` by nobody, none."""
    own = HIDDEN_FAILED if cell.test.hidden and verdict.earned is None and not seen else verdict.message
    return replace(verdict, message=" ".join(filter(None, (cell.test.failure, own))))


def _texts(named: object) -> Mapping[str, str]:
    return {str(name): str(what) for name, what in named.items()} if isinstance(named, dict) else {}


def with_tests(merged: Merged, places: Sequence[str], seed: Seed | None) -> Merged:
    """Return the notebook to run where tests are judged: theirs are empty cells, and random numbers are seeded."""
    cells = []
    for each in merged.cells:
        source = "pass" if each.cell.id in places else seeded(each.cell.source, seed)
        if each.cell.kind == "code" and seed is not None and not seed.variable:
            cells.append(MergedCell(Cell("code", _SEEDING.format(value=seed.value)), Origin.GIVEN))
        tags = () if each.cell.id in places else each.cell.tags
        code = each.cell.kind == "code"
        cells.append(replace(each, cell=replace(each.cell, source=source, tags=tags)) if code else each)
    return replace(merged, cells=tuple(cells))


_SEEDING = '__import__("numpy").random.seed({value})\n__import__("random").seed({value})'


def seeded(source: str, seed: Seed | None) -> str:
    """Return a cell in which a variable for the seed is assigned the seed of the grading."""
    if seed is None or not seed.variable:
        return source
    return re.sub(rf"(?m)^(\s*){seed.variable}\s*=(?!=).*$", rf"\g<1>{seed.variable} = {seed.value}", source)


def excused(found: Mapping[str, Verdict], expected: InsideResults | None) -> dict[str, Verdict]:
    """Return verdicts of which none costs points for a test that fails on the solution as well."""
    broken = {each.id: each.verdict for each in (expected.records if expected else ())}
    return {
        id: verdict
        if verdict.outcome.earns or id not in broken or broken[id].outcome.earns
        else Verdict(Outcome.GRADER_ERROR, BROKEN_TEST, broken[id].staff_note)
        for id, verdict in found.items()
    }


def _records(
    cells: Sequence[TestCell], found: Mapping[str, Verdict], missing: Verdict
) -> tuple[CheckRecord, ...]:
    return tuple(
        CheckRecord(
            each.id,
            CheckMark(each.part.id, Scope.HOMEWORK, each.weight),
            _title(each, len([other for other in cells if other.part == each.part])),
            found.get(each.id, missing),
            0.0,
        )
        for each in cells
    )


def _title(cell: TestCell, together: int) -> str:
    """Return what a check is called: after its part, with a name of its own where the part has several."""
    hidden = " (hidden)" if cell.test.hidden else ""
    return f"{cell.part.title}: {cell.test.name}{hidden}" if together > 1 else f"{cell.part.title}{hidden}"


def suspicions(name: str, submitted: Notebook, looks: Mapping[str, str]) -> Iterator[Flag]:
    """Give what staff should look at: objects that can agree with everything, and looks at a test that ran."""
    for number, cell in enumerate(submitted.cells, 1):
        if cell.kind == "code" and (says := _ALWAYS_EQUAL.search(cell.source)):
            what = clean(says[0], 60)
            yield Flag("noticed", f"{name}, cell {number} has {what}: such an object can agree with any test")
    for check, how in looks.items():
        yield Flag("noticed", f"{check}: the notebook looked at the test while it ran ({how})")
