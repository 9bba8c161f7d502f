"""Grade one submission: the page to start with, which lists the steps in their order.

`intake` has read the submission in a process of its own, and hands it over as one frame. Then, in
`Grader.grade_submission`:

1. what the box will see is written to a folder, the stage;
2. the hidden checks run as pytest in this process, ask the box for answers and judge them (`checking`);
3. failures run again without the faults of earlier work, and checks that broke run on the solution: neither an earlier
   mistake nor a fault of the grader is charged twice (`checking.reruns`);
4. a part that could not be read is told apart from one that is not written;
5. known mistakes explain what they can (`bank`);
6. the submitted notebooks run, and the tests that are judged inside one (`notebooks`), each in a box of its own;
7. parts that need a person are set aside: text and figures, and answers that hold given code (`checking.waiting`);
8. the points of what was judged are added up (`scoring`).

Lateness, caps and what people decided come later, on kept results: `gradebook.final`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import chdir, contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType, SimpleNamespace

import numpy as np

from grader.bank.diagnosis import Elsewhere, Lineup, explain
from grader.bank.entries import Mistake, load_mistakes
from grader.bank.rebuild import with_functions
from grader.checking.marks import CheckMark, submission_seed
from grader.checking.reruns import carry_forward, confirm_faults
from grader.checking.run import CheckContext, CheckRecord, run_checks
from grader.checking.student import Student
from grader.checking.trusted import defining_modules, trusted_student
from grader.checking.verdicts import SourceLocations, judge
from grader.checking.waiting import beside_given_code, doubts, left_to_people
from grader.course.assignment import Assignment, Part, PartKind
from grader.course.data_sets import data_sets_of
from grader.course.repository import Course
from grader.course.version import verdict_version
from grader.intake import (
    Candidate,
    Reader,
    ReleaseSource,
    Stage,
    Submission,
    SubmissionUnreadable,
    decode_submission,
    prepare,
    write_stage,
)
from grader.intake.source import module_name
from grader.intake.written import as_written, written
from grader.notebooks.box import ROOT, NotebookPlan, kept_box, root_of
from grader.notebooks.inside import InsideResults, all_tests, judge_inside
from grader.notebooks.run import NotebookResults, released_notebook, run_notebooks
from grader.notebooks.test_cells import TestCell
from grader.plan import NO_MEMORY, GradingPlan, covers, fault, without_result
from grader.reference import load_modules, load_reference, reference_of
from grader.results import (
    GRADER_FAILED,
    NOT_WHOLE,
    OTHER_VERSION,
    Flag,
    Outcome,
    SubmissionReport,
    WaitingPart,
)
from grader.sandbox import Box, BoxSpec, ReusableBox
from grader.sandbox.box.former_names import FORMER, FORMER_NOTE
from grader.sandbox.box.substitutes import MISSING_NOTE
from grader.sandbox.libraries import CHECK_LIBRARIES, imported_names
from grader.scoring import score_checks

IN_PARTS = (
    "{module} was not imported as a whole. {why} Its definitions, and the imports and assignments that they use, were "
    "taken by themselves."
)
RENAMED = "NumPy {version}, which grades, has no np.{name}; write {today}. This time it was understood."


@dataclass(frozen=True)
class Grader:
    """A plan with everything loaded that one process needs to grade many submissions.

    Attributes
    ----------
    reference
        What checks ask for right values: the solution's functions by name.
    modules
        The solution's modules by name.
    mistakes
        The bank, tried on what fails.
    release
        What students received: given files are put back from it.
    reader
        The process that reads strangers' files.
    box
        Where answers run; one box serves one submission after another.
    tests
        The cells of tests that are judged inside a notebook, in the process where they run.
    shared
        What checks keep from one submission to the next, such as right values that take long.
    """

    plan: GradingPlan
    assignment: Assignment
    reference: SimpleNamespace
    modules: Mapping[str, ModuleType]
    mistakes: tuple[Mistake, ...]
    release: ReleaseSource
    reader: Reader
    box: ReusableBox
    tests: tuple[TestCell, ...] = ()
    shared: dict[str, object] = field(default_factory=dict)

    def grade(self, candidate: Candidate) -> SubmissionReport:
        """Read and grade what lies at `candidate`, as one submission by itself is graded."""
        try:
            frame = self.reader.read(candidate)
            arrived = decode_submission(frame, candidate.id).arrival_flags
        except SubmissionUnreadable as error:
            return without_result(candidate.id, str(error))
        except Exception:
            return without_result(candidate.id, GRADER_FAILED, fault())
        report = self.grade_frame(frame, candidate.id)
        return replace(report, flags=tuple(dict.fromkeys((*arrived, *report.flags))))

    def grade_frame(self, frame: bytes, id: str) -> SubmissionReport:
        """Grade a submission as the reader hands it over, with a report whatever happens; a class is graded so."""
        started = time.perf_counter()
        try:
            report = self.grade_submission(decode_submission(frame, id))
        except MemoryError:
            return without_result(id, f"{NO_MEMORY}; staff must look at it", fault())
        except Exception:  # one submission that breaks the grader must not cost the others theirs
            return without_result(id, GRADER_FAILED, fault())
        return replace(report, seconds=round(time.perf_counter() - started, 3))

    def grade_submission(self, submission: Submission) -> SubmissionReport:
        """Grade a submission that has been read: stage, check, explain, run its notebooks, score."""
        # The solution finds data where a student's code does: beside it.
        with stage_of(submission, self) as stage, chdir(self.repository.solution(self.assignment)):
            with self.box.showing(stage.roots) as box:
                student = student_in(box, stage, self.assignment)
                context = context_of(submission, student, self)
                records = run_checks(context, selection(self.plan.only))
                records = carry_forward(records, context, stage.carry, self.following)
                records = confirm_faults(records, replace(context, student=trusted_student(self.symbols)))
                records = not_read(records, submission, self.assignment)
                elsewhere = self.elsewhere(student_in(box, stage, self.assignment))
                explanations = explain(records, context, self.mistakes, self.modules, elsewhere)
            # These two run the submission again, in the box for notebooks.
            notebooks = notebooks_of(stage, self)
            inside = inside_of(stage, self)
        records = (*records, *inside.records)
        copies = {each.symbol: each for each in submission.copied}
        records = beside_given_code(records, copies, self.assignment.parts)
        waiting = (
            *by_hand(submission, self),
            *left_to_people(records, self.assignment.parts),
        )
        checks, score, max_score = score_checks(
            self.assignment.parts, (*records, *notebooks.records), explanations, waiting
        )
        flags = (
            *submission.flags,
            *tampering(records),
            *doubts(records, copies, self.assignment.parts),
            *broken(records),
            *noticed(student, self.given_imports),
            *notebooks.flags,
            *inside.flags,
        )
        return SubmissionReport(
            id=submission.id,
            sha256=submission.sha256,
            score=score,
            max_score=max_score,
            isolation=self.plan.isolation.value,
            seconds=0.0,
            flags=tuple(dict.fromkeys(flags)),
            checks=checks,
            notebooks=notebooks.pages,
            waiting=waiting,
            code=submission.code,
        )

    @property
    def repository(self) -> Course:
        """Where the course lives."""
        return Course(self.plan.root)

    @property
    def symbols(self) -> dict[str, ModuleType]:
        """As `Loaded.symbols`."""
        return defining_modules(self.assignment.symbols, self.modules.values())

    def following(self, functions: Mapping[str, Callable[..., object]]) -> SimpleNamespace:
        """Return the reference as it is with other functions in place of its own of these names."""
        return reference_of(with_functions(functions, self.modules).values())

    def elsewhere(self, student: Student) -> Elsewhere:
        """Return what a submission, asked by a student of its own, and the mistakes show on inputs that all share."""

        def ask(check_id: str) -> CheckRecord | None:
            context = replace(self.shared_context, student=student)
            return next(iter(run_checks(context, lambda _mark, id: id == check_id)), None)

        return Elsewhere(self.acquainted, ask)

    @cached_property
    def acquainted(self) -> Lineup:
        """What the mistakes show on inputs that all submissions share, as far as one has asked for it."""
        return Lineup({}, self.shared_context, self.mistakes, self.modules)

    @cached_property
    def shared_context(self) -> CheckContext:
        """What checks may ask for that is the same for all submissions, inputs included."""
        plan, assignment = self.plan, self.assignment
        return CheckContext(
            assignment=assignment,
            student=trusted_student(self.symbols),
            reference=self.reference,
            seed=submission_seed(plan.course_key, assignment.id, assignment.version, ""),
            resources={"weights": None, "data": plan.data, "shared": self.shared},
            told=False,
        )

    @cached_property
    def notebook_plan(self) -> NotebookPlan:
        """How notebooks are run, with the goals of the parts that are graded."""
        plan = NotebookPlan(self.assignment, self.release, self.plan.isolation, data=self.plan.data)
        return plan.with_goals(each for each in plan.goals if covers(self.plan.only, each.part))

    @cached_property
    def given_imports(self) -> frozenset[str]:
        """The modules that released code imports, and the packages they are in."""
        named = {name for text in self.release.stubs.values() for name in imported_names(text)}
        return frozenset(name.rsplit(".", at)[0] for name in named for at in range(name.count(".") + 1))

    @cached_property
    def solved_tests(self) -> InsideResults:
        """What comes of `tests` beside the solution: a test that fails there costs nobody points."""
        folder, answers = self.repository.solution(self.assignment), self.assignment.release.answers
        files = {**self.release.notebooks, **{path: (folder / path).read_bytes() for path in answers}}
        solution = prepare("solution", files, self.assignment, self.release)
        with stage_of(solution, self) as stage, self.notebook_box.showing({ROOT: root_of(stage)}) as box:
            return judge_inside(box, stage, self.notebook_plan, self.tests)

    @cached_property
    def notebook_box(self) -> ReusableBox:
        """Where notebooks run; made at first use, because it takes matplotlib."""
        return kept_box(self.notebook_plan, self.box.stages)


@contextmanager
def stage_of(submission: Submission, grader: Grader) -> Iterator[Stage]:
    """Yield what the box will see of a submission, in a folder that goes with the block."""
    with TemporaryDirectory(prefix="stage-", dir=grader.box.stages) as folder:
        Path(folder).chmod(0o755)  # the box runs as another user and must be able to enter
        yield write_stage(submission, grader.release, Path(folder))


def student_in(box: Box, stage: Stage, assignment: Assignment) -> Student:
    """Return the submission as checks meet it: each call goes to a worker of the box, in its layout's names."""
    limits, submission = assignment.limits, stage.submission
    layout = assignment.layout(submission.layout)
    patience = limits.strikes * limits.call_seconds
    places = SourceLocations(stage.roots.values())
    packages = (layout.support, *assignment.release.support)
    return Student(
        box.worker,
        submission.modules,
        limits.strikes,
        places,
        patience,
        names={symbol: layout.names[symbol].only(own) for symbol, own in submission.renamed.items()},
        lacks=frozenset(layout.lacks),
        variables=assignment.variables,
        given=[*map(module_name, layout.given.values()), *(f"{each}." for each in packages if each)],
    )


def context_of(submission: Submission, student: Student, grader: Grader) -> CheckContext:
    """Return what checks may ask for; hidden inputs depend on the content and on no name."""
    assignment, plan = grader.assignment, grader.plan
    return CheckContext(
        assignment=assignment,
        student=student,
        reference=grader.reference,
        seed=submission_seed(plan.course_key, assignment.id, assignment.version, submission.sha256),
        resources={"weights": submission.weights, "data": plan.data, "shared": grader.shared},
    )


def notebooks_of(stage: Stage, grader: Grader) -> NotebookResults:
    """Run the submitted notebooks, if that is asked for."""
    if not grader.plan.notebooks:
        return NotebookResults()
    return run_notebooks(stage, grader.notebook_plan, grader.notebook_box)


def inside_of(stage: Stage, grader: Grader) -> InsideResults:
    """Run the tests that are judged in the process of a notebook."""
    if not grader.tests:
        return InsideResults()
    expected = grader.solved_tests  # before the box is taken: it shows one stage at a time
    with grader.notebook_box.showing({ROOT: root_of(stage)}) as box:
        return judge_inside(box, stage, grader.notebook_plan, grader.tests, expected)


def tampering(records: Sequence[CheckRecord]) -> Iterator[Flag]:
    """Tell staff which checks found that a submission tries to score without solving."""
    found: dict[str, list[str]] = {}
    for record in records:
        if record.verdict.outcome is Outcome.TAMPERED:
            what = record.verdict.staff_note or record.verdict.message
            found.setdefault(what, []).append(record.id)
    for what, checks in found.items():
        yield Flag("tampering", f"{what} ({', '.join(checks)})")


def broken(records: Sequence[CheckRecord]) -> Iterator[Flag]:
    """Tell staff which checks broke, on the solution as well: their points are left out of the total."""
    for record in records:
        if record.verdict.outcome is Outcome.GRADER_ERROR:
            cause = record.verdict.staff_note.strip().rpartition("\n")[2]
            yield Flag("broken_check", f"check {record.id} broke and took no points: {cause}")


def not_read(
    records: Sequence[CheckRecord], submission: Submission, assignment: Assignment
) -> tuple[CheckRecord, ...]:
    """Say why, where a part looks as if it was not written yet and something was written that could not be read."""

    def told(record: CheckRecord) -> CheckRecord:
        why = submission.unread.get(assignment.part(record.mark.part).symbol)
        if why is None or record.verdict.outcome is not Outcome.NOT_IMPLEMENTED:
            return record
        message = f"{why[:1].upper()}{why[1:]}."
        return replace(record, verdict=replace(record.verdict, outcome=Outcome.IMPORT_ERROR, message=message))

    return tuple(map(told, records))


def noticed(student: Student, given: Collection[str]) -> Iterator[Flag]:
    """Tell staff how results came to be, and the student what of it is theirs to mend.

    What the released code itself imports, such as a library for figures, is nobody's doing.
    """
    nobodys = {MISSING_NOTE.format(module=each) for each in given}
    yield from student.remarks
    for module, why in student.in_parts.items():
        reason = judge(why, Path()).message.rstrip(".")
        yield Flag(NOT_WHOLE, IN_PARTS.format(module=module, why=f"{reason}."))
    for note in student.flags:
        # A worker can say anything, and students read this: it is our own table that gives the words.
        name = next((each for each in FORMER if note == FORMER_NOTE.format(name=each)), None)
        if name is None and note not in nobodys:
            yield Flag("noticed", note)
        elif name is not None:
            yield Flag(OTHER_VERSION, RENAMED.format(version=np.__version__, name=name, today=FORMER[name]))
    if student.stopped:
        yield Flag("stopped", f"nothing more was run after {student.why_stopped()}")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What an assignment is graded with, whatever the plan."""

    assignment: Assignment
    release: ReleaseSource
    reference: SimpleNamespace
    modules: Mapping[str, ModuleType]
    mistakes: tuple[Mistake, ...]

    @property
    def symbols(self) -> dict[str, ModuleType]:
        """Each symbol of the assignment and the solution's module that defines it."""
        return defining_modules(self.assignment.symbols, self.modules.values())


def load(root: Path, assignment_id: str) -> Loaded:
    """Load an assignment once per process and version; it is known before the plan is."""
    course = Course(root)
    return _loaded(root, assignment_id, verdict_version(course, course.load(assignment_id)))


@cache
def _loaded(root: Path, assignment_id: str, _version: str) -> Loaded:
    repository = Course(root)
    assignment = repository.load(assignment_id)
    path = repository.import_path(assignment)
    return Loaded(
        assignment=assignment,
        release=ReleaseSource.of(repository, assignment),
        reference=load_reference(assignment, path),
        modules=load_modules(assignment, path),
        mistakes=load_mistakes(assignment.folder),
    )


@cache
def load_grader(plan: GradingPlan) -> Grader:
    """Load what `plan` needs, once per process."""
    loaded = load(plan.root, plan.assignment_id)
    assignment, release = loaded.assignment, loaded.release
    libraries, data = (*CHECK_LIBRARIES, *assignment.libraries), tuple(data_sets_of(assignment).values())
    spec = BoxSpec(libraries=libraries, preload=release.imports, data=data)
    tests = all_tests(assignment, NotebookPlan(assignment, release, plan.isolation))
    return Grader(
        plan=plan,
        assignment=assignment,
        reference=loaded.reference,
        modules=loaded.modules,
        mistakes=loaded.mistakes,
        release=release,
        reader=Reader.open(plan.root, plan.assignment_id, at_once=False),
        box=ReusableBox(plan.isolation, assignment.limits, spec),
        tests=tuple(each for each in tests if covers(plan.only, each.part.id)),
    )


def selection(only: str | None) -> Callable[[CheckMark, str], bool]:
    """Return which checks run: all, or those of one part or one family of parts."""
    return lambda mark, _check: covers(only, mark.part)


def by_hand(submission: Submission, grader: Grader) -> tuple[WaitingPart, ...]:
    """Return the parts of those that are graded which only a person can judge, with what the student wrote there."""
    return tuple(
        WaitingPart(each.id, each.points, written=_written(each, submission, grader))
        for each in grader.assignment.parts
        if each.kind is PartKind.HAND and covers(grader.plan.only, each.id)
    )


def _written(part: Part, submission: Submission, grader: Grader) -> str:
    name = grader.assignment.notebook_of(part)
    if not part.cell or name not in submission.notebooks or name not in grader.release.notebooks:
        return ""
    released = released_notebook(grader.notebook_plan, name)
    return as_written(written(released.cells, submission.notebooks[name].cells, part.cell))
