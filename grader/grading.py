"""Grade one submission: take it in, stage it, run the checks against it in a box, add up the points."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType, SimpleNamespace

from grader.bank import explain
from grader.bank.entries import Mistake, load_mistakes
from grader.checking.carried import carry_forward
from grader.checking.faults import confirm_faults
from grader.checking.marks import CheckMark
from grader.checking.places import KnownPlaces
from grader.checking.plugin import CheckContext, CheckRecord
from grader.checking.run import run_checks
from grader.checking.seeds import submission_seed
from grader.checking.student import Student
from grader.checking.trusted import defining_modules, trusted_student
from grader.course.assignment import Assignment
from grader.course.repository import Repository
from grader.intake import (
    Candidate,
    ReleaseSource,
    Stage,
    Submission,
    SubmissionUnreadable,
    prepare_contents,
    read_contents,
    write_stage,
)
from grader.notebooks.grading import NotebookPlan, NotebookResults, kept_box, run_notebooks
from grader.reference import load_modules, load_reference
from grader.results import GRADER_FAILED, GRADER_FAULT, Flag, Outcome, SubmissionReport
from grader.sandbox import Isolation, ReusableBox
from grader.scoring import score_checks


@dataclass(frozen=True, slots=True)
class GradingPlan:
    """What all gradings of one run share; small and picklable, so that it can travel to other processes.

    Attributes
    ----------
    root
        The homework repository.
    assignment_id
        Which homework.
    isolation
        How submissions are boxed, already probed.
    course_key
        The secret that hidden inputs depend on.
    only
        Grade this part, or this family of parts, alone.
    data
        Folder with the data set that some checks need; None where there is none.
    notebooks
        Whether submitted notebooks are run and shown to their students; it takes longer than all checks.
    """

    root: Path
    assignment_id: str
    isolation: Isolation
    course_key: str
    only: str | None = None
    data: Path | None = None
    notebooks: bool = False


@dataclass(frozen=True)
class Grader:
    """A plan with everything loaded that one process needs to grade many submissions."""

    plan: GradingPlan
    assignment: Assignment
    reference: SimpleNamespace
    modules: Mapping[str, ModuleType]
    mistakes: tuple[Mistake, ...]
    release: ReleaseSource
    box: ReusableBox
    shared: dict[str, object] = field(default_factory=dict)

    @property
    def repository(self) -> Repository:
        """Where the homework lives."""
        return Repository(self.plan.root)

    @property
    def symbols(self) -> dict[str, ModuleType]:
        """Each symbol of the assignment and the solution's module that defines it."""
        return defining_modules(self.assignment.symbols, self.modules.values())

    @cached_property
    def notebook_plan(self) -> NotebookPlan:
        """How notebooks are run."""
        return NotebookPlan(self.assignment, self.release, self.plan.isolation, data=self.plan.data)

    @cached_property
    def notebook_box(self) -> ReusableBox:
        """Where notebooks run; made at first use, because it takes matplotlib."""
        return kept_box(self.notebook_plan, self.box.stages)

    def grade(self, candidate: Candidate) -> SubmissionReport:
        """Grade what lies at `candidate`; where there is no result, the report says why and the class goes on."""
        try:
            contents = read_contents(candidate, self.assignment)
            submission = prepare_contents(contents, self.assignment, self.release)
        except SubmissionUnreadable as error:
            return without_result(candidate.id, str(error))
        except Exception:  # one submission that breaks the grader must not cost the others theirs
            return without_result(candidate.id, GRADER_FAILED, _fault())
        report = self.grade_read(submission)
        return replace(report, flags=tuple(dict.fromkeys((*submission.arrival_flags, *report.flags))))

    def grade_read(self, submission: Submission) -> SubmissionReport:
        """Grade a submission that has been read, with a report whatever happens."""
        started = time.perf_counter()
        try:
            report = self.grade_submission(submission)
        except Exception:  # as above
            return without_result(submission.id, GRADER_FAILED, _fault())
        return replace(report, seconds=round(time.perf_counter() - started, 3))

    def grade_submission(self, submission: Submission) -> SubmissionReport:
        """Grade a submission that has been read already."""
        with TemporaryDirectory(prefix="stage-", dir=self.box.stages) as folder:
            Path(folder).chmod(0o755)  # the box runs as another user and must be able to enter
            stage = write_stage(submission, self.release, Path(folder))
            records, explanations, noticed = self._run(submission, stage)
            notebooks = self._run_notebooks(submission, stage)
        records = (*records, *notebooks.records)
        checks, score, max_score = score_checks(self.assignment.parts, records, explanations)
        flags = (*submission.flags, *noticed, *notebooks.flags)
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
        )

    def _run_notebooks(self, submission: Submission, stage: Stage) -> NotebookResults:
        if not self.plan.notebooks:
            return NotebookResults()
        return run_notebooks(stage, submission.files, self.notebook_plan, self.notebook_box)

    def _run(
        self, submission: Submission, stage: Stage
    ) -> tuple[tuple[CheckRecord, ...], dict[str, str], tuple[Flag, ...]]:
        """Run the checks in a box; return what became of them, what explains the failures, what staff should see."""
        with self.box.showing(stage.roots) as box:
            limits, places = self.assignment.limits, KnownPlaces(stage.roots.values())
            patience = limits.strikes * limits.call_seconds
            student = Student(box.worker, stage.modules, limits.strikes, places, patience)
            context = CheckContext(
                assignment=self.assignment,
                student=student,
                reference=self.reference,
                seed=submission_seed(
                    self.plan.course_key, self.assignment.id, self.assignment.version, submission.sha256
                ),
                resources={"weights": stage.weights, "data": self.plan.data, "shared": self.shared},
            )
            records = run_checks(context, selection(self.plan.only))
            records = carry_forward(records, context, stage.carry)
        records = confirm_faults(records, replace(context, student=trusted_student(self.symbols)))
        explanations = explain(records, context, self.mistakes, self.modules)
        return records, explanations, (*tampering(records), *noticed(student))


def tampering(records: Sequence[CheckRecord]) -> Iterator[Flag]:
    """Tell staff which checks found that a submission tries to score without solving."""
    found: dict[str, list[str]] = {}
    for record in records:
        if record.verdict.outcome is Outcome.TAMPERED:
            what = record.verdict.staff_note or record.verdict.message
            found.setdefault(what, []).append(record.id)
    for what, checks in found.items():
        yield Flag("tampering", f"{what} ({', '.join(checks)})")


def noticed(student: Student) -> Iterator[Flag]:
    """Tell staff how results came to be."""
    yield from (Flag("noticed", each) for each in student.flags)
    if student.stopped:
        yield Flag("stopped", f"nothing more was run after {student.why_stopped()}")


def without_result(id: str, reason: str, *flags: Flag) -> SubmissionReport:
    """Return the report of a submission that could not be graded at all."""
    return SubmissionReport(id, "", 0.0, 0.0, "", 0.0, flags=flags, error=reason)


def _fault() -> Flag:
    return Flag(GRADER_FAULT, traceback.format_exc())


@cache
def load_grader(plan: GradingPlan) -> Grader:
    """Load what `plan` needs, once per process."""
    repository = Repository(plan.root)
    assignment = repository.load(plan.assignment_id)
    return Grader(
        plan=plan,
        assignment=assignment,
        reference=load_reference(assignment, repository.import_path(assignment)),
        modules=load_modules(assignment, repository.import_path(assignment)),
        mistakes=load_mistakes(assignment.folder),
        release=ReleaseSource.of(repository, assignment),
        box=ReusableBox(plan.isolation, assignment.limits),
    )


def selection(only: str | None) -> Callable[[CheckMark, str], bool]:
    """Return which checks run: all, or those of one part or one family of parts."""
    if only is None:
        return lambda _mark, _check: True
    return lambda mark, _check: mark.part == only or mark.part.startswith(f"{only}.")
