"""Every task that a person or CI runs. `invoke --list` is the table of contents, `invoke --help TASK` the manual."""

from __future__ import annotations

import shlex
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from invoke import Collection, Exit, task as invoke_task

if TYPE_CHECKING:
    from invoke import Context

ROOT = Path(__file__).resolve().parent
PYTHON = shlex.quote(sys.executable)  # goes through a shell, and a folder may have a space in its name

# Options have long names alone: one letter would mean one thing here and another there.
task = partial(invoke_task, auto_shortflags=False)


@task
def setup(c: Context) -> None:
    """Build the fast layers' extension in starter/cs231n; without a C compiler the slow path stays."""
    with c.cd(str(ROOT / "starter" / "cs231n")):
        c.run(f"{PYTHON} setup.py --quiet build_ext --inplace")


@task(
    help={
        "assignment": "which homework, by the name of its folder in assignments/ (default: what pyproject.toml says)",
        "submissions": "folder of submissions, or one submission; without it the built-in sample class is graded",
        "out": "where grades.json, grades.csv and the pages go",
        "jobs": "how many submissions to grade at a time (default: one per core)",
        "only": "grade this part alone, such as conv_backward_naive.dx or conv_backward_naive",
        "isolation": "auto, A (namespaces and lockdown), B (lockdown) or none (not isolated; every result says so)",
        "data": "folder with CIFAR-10's python batches (default: $CIFAR10_DIR)",
        "notebooks": "also run the submitted notebooks and link them from the students' pages; earns no points",
        "retrain": "also run the cell that trains each network, always on this machine; staff see what it reaches; "
        "needs the data set",
        "gradebook": "file or database URL that keeps all results (default: gradebook.sqlite in the folder of --out)",
        "scheduler": "grade on the workers of a Dask scheduler, such as tcp://host:8786",
        "cluster": "start --jobs workers and grade on them: slurm, or local",
        "fresh": "grade everything anew, also what has not changed since it was graded",
        "anonymous": "show ids that do not tell who the students are",
        "from_": "whose download it is: canvas, moodle, gradescope or plain (default: recognised by its names)",
    }
)
def grade(  # one keyword per option
    c: Context,  # noqa: ARG001  # invoke passes it
    assignment: str = "",
    submissions: str = "",
    out: str = "grades",
    jobs: str = "",
    only: str = "",
    isolation: str = "auto",
    data: str = "",
    notebooks: bool = False,
    retrain: bool = False,
    gradebook: str = "",
    scheduler: str = "",
    cluster: str = "",
    fresh: bool = False,
    anonymous: bool = False,
    from_: str = "",
) -> None:
    """Grade a folder of submissions: scores, feedback pages and a table at the end."""
    from grader.classrun.open import GradeOptions
    from grader.commands.grade import run_grade

    options = GradeOptions(
        root=ROOT,
        assignment=assignment,
        submissions=Path(submissions) if submissions else None,
        out=Path(out),
        jobs=jobs,
        only=only or None,
        isolation=isolation,
        data=Path(data) if data else None,
        notebooks=notebooks,
        retrain=retrain,
        gradebook=gradebook,
        scheduler=scheduler,
        cluster=cluster,
        fresh=fresh,
        anonymous=anonymous,
        platform=from_,
    )
    raise Exit(code=run_grade(options))


@task(
    positional=["student", "part", "points"],
    help={
        "student": "the student's id, as grades.json has it",
        "part": "which part, such as conv_forward_naive, or total",
        "points": "how many points to give; --points=-2 takes two",
        "why": "the reason, which the student reads",
        "who": "who decided it (default: who is logged in)",
        "assignment": "which homework",
        "out": "the folder of reports to bring up to date",
        "gradebook": "file or URL of the gradebook (default: in the folder of --out)",
    },
)
def adjust(  # one keyword per option
    c: Context,  # noqa: ARG001
    student: str,
    part: str,
    points: str,
    why: str = "",
    who: str = "",
    assignment: str = "",
    out: str = "grades",
    gradebook: str = "",
) -> None:
    """Give or take points by hand; kept across every regrade, with who, when and why."""
    from grader.commands.adjust import AdjustOptions, run_adjust

    options = AdjustOptions(ROOT, student, part, points, why, who, assignment, Path(out), gradebook)
    raise Exit(code=run_adjust(options))


@task(
    help={
        "assignment": "which homework",
        "submissions": "the folder of submissions; without it the built-in sample class",
        "from_": "whose download it is: canvas, moodle, gradescope or plain (default: recognised by its names)",
        "out": "the folder of reports",
        "jobs": "how many submissions to grade at a time (default: one per core)",
        "isolation": "auto, A, B or none",
        "data": "folder with the data set",
        "notebooks": "also run the submitted notebooks",
        "gradebook": "file or URL of the gradebook (default: in the folder of --out)",
        "scheduler": "grade on the workers of a Dask scheduler",
        "cluster": "start --jobs workers and grade on them: slurm, or local",
        "fresh": "grade anew even what nothing has changed about",
        "publish": "make the new scores those that are shown",
    }
)
def regrade(  # one keyword per option
    c: Context,  # noqa: ARG001
    assignment: str = "",
    submissions: str = "",
    from_: str = "",
    out: str = "grades",
    jobs: str = "",
    isolation: str = "auto",
    data: str = "",
    notebooks: bool = False,
    gradebook: str = "",
    scheduler: str = "",
    cluster: str = "",
    fresh: bool = False,
    publish: bool = False,
) -> None:
    """Grade a class anew and print who moves, by how much and because of which check, before anything is published."""
    from grader.classrun.open import GradeOptions
    from grader.commands.regrade import RegradeOptions, run_regrade

    options = GradeOptions(
        root=ROOT,
        assignment=assignment,
        submissions=Path(submissions) if submissions else None,
        out=Path(out),
        jobs=jobs,
        only=None,
        isolation=isolation,
        data=Path(data) if data else None,
        notebooks=notebooks,
        gradebook=gradebook,
        scheduler=scheduler,
        cluster=cluster,
        fresh=fresh,
        platform=from_,
    )
    raise Exit(code=run_regrade(RegradeOptions(options, publish)))


@task(
    help={
        "to": "canvas, moodle, gradescope, autograder (a zip for Gradescope), junit or csv",
        "grades": "the folder that `invoke grade` wrote, or a grades.json",
        "assignment": "which homework, for the autograder",
        "submissions": "the folder that was graded: it says more about the students than grades.json",
        "from_": "whose download that folder is: canvas, moodle, gradescope or plain (default: recognised)",
        "template": "the gradebook of Canvas or the grading worksheet of Moodle to fill in",
        "column": "which column of it to fill, where that is not clear",
        "scale": "write the share of the platform's maximum instead of the points",
        "out": "the file or folder to write",
        "visibility": "for Gradescope: visible, after_due_date, after_published or hidden",
        "isolation": "for the autograder: auto, A, B or none",
        "with_key": "put the course key into the autograder, so that it draws the hidden inputs that you draw",
    },
)
def export(  # one keyword per option
    c: Context,  # noqa: ARG001
    to: str = "",
    grades: str = "grades",
    assignment: str = "",
    submissions: str = "",
    from_: str = "",
    template: str = "",
    column: str = "",
    scale: bool = False,
    out: str = "",
    visibility: str = "visible",
    isolation: str = "auto",
    with_key: bool = False,
) -> None:
    """Write the scores for Canvas, Moodle, Gradescope, JUnit or a spreadsheet."""
    from grader.commands.export import ExportOptions, run_export

    options = ExportOptions(
        root=ROOT,
        to=to,
        grades=Path(grades),
        assignment=assignment,
        submissions=Path(submissions) if submissions else None,
        platform=from_ or None,
        template=Path(template) if template else None,
        column=column or None,
        scale=scale,
        out=Path(out) if out else None,
        visibility=visibility,
        isolation=isolation,
        with_key=with_key,
    )
    raise Exit(code=run_export(options))


@task(
    help={
        "grades": "the folder that `invoke grade` wrote, or a grades.json",
        "submissions": "the folder that was graded, to compare answers and to know when they came",
        "from_": "whose download that folder is: canvas, moodle, gradescope or plain (default: recognised)",
        "out": "where the site goes",
    }
)
def report(
    c: Context,  # noqa: ARG001
    grades: str = "grades",
    submissions: str = "",
    from_: str = "",
    out: str = "reports",
) -> None:
    """Write what the class learned as a static site: parts, mistakes, checks, time, answers that are alike."""
    from grader.commands.report import ReportOptions, run_report

    options = ReportOptions(
        root=ROOT,
        grades=Path(grades),
        out=Path(out),
        submissions=Path(submissions) if submissions else None,
        platform=from_ or None,
    )
    raise Exit(code=run_report(options))


@task(
    positional=["homework"], help={"homework": "its id: lower-case letters, digits and hyphens, such as rnn"}
)
def new(c: Context, homework: str) -> None:  # noqa: ARG001
    """Make a new homework in assignments/: a tiny example that passes every gate, to be rewritten."""
    from grader.commands.new import run_new

    raise Exit(code=run_new(ROOT, homework))


@task(
    help={
        "assignment": "which homework",
        "check": "change nothing; fail when starter/ is out of date or leaks",
    }
)
def release(c: Context, assignment: str = "", check: bool = False) -> None:  # noqa: ARG001
    """Make what students receive from solutions/: starter/ and a reproducible archive in dist/."""
    from grader.commands.release import run_release

    raise Exit(code=run_release(ROOT, assignment, check=check))


@task
def doctor(c: Context) -> None:  # noqa: ARG001
    """Say what isolation, compiler, clock and data this machine has, and what to install."""
    from grader.commands.doctor import run_doctor

    raise Exit(code=run_doctor(ROOT))


@task(
    help={
        "assignment": "which homework",
        "certify": "run the certification of the gradient and timing instruments in full",
        "matrix": "print what each check and each mistake came to, not only the sums",
    }
)
def validate(c: Context, assignment: str = "", certify: bool = False, matrix: bool = False) -> None:  # noqa: ARG001
    """Test the homework and the engine: mistakes, variants, attacks, and the instruments' error rates."""
    from grader.commands.validate import run_validate

    raise Exit(code=run_validate(ROOT, assignment, certify=certify, matrix=matrix))


@task(
    help={
        "assignment": "which assignment (default: what pyproject.toml says)",
        "out": "the page (default: docs/solution-ID.md)",
    }
)
def solution(c: Context, assignment: str = "", out: str = "") -> None:  # noqa: ARG001
    """Print the solution, without banners, as one page of the documentation."""
    from grader.commands.solution import run_solution

    raise Exit(code=run_solution(ROOT, assignment, out))


@task(help={"only": "a folder or file below tests/"})
def test(c: Context, only: str = "") -> None:
    """Run the test suite."""
    c.run(f"{PYTHON} -m pytest {only or 'tests'}", pty=sys.stdout.isatty())


@task
def lint(c: Context) -> None:
    """Check format, style and types."""
    c.run(f"{PYTHON} -m ruff format --check .")
    c.run(f"{PYTHON} -m ruff check .")
    c.run(f"{PYTHON} -m mypy")


@task(
    positional=["what"],
    help={
        "what": "layers, scaling, train, grade, class or notebook",
        "json": "also write the figures to this file",
        "quick": "fewer rounds",
        "size": "how many submissions the class has",
    },
)
def bench(c: Context, what: str, json: str = "", quick: bool = False, size: str = "") -> None:
    """Measure: the fast layers, one training step, or what grading costs beside the student's own code."""
    options = (
        f"{f' --json {json}' if json else ''}{' --quick' if quick else ''}{f' --size {size}' if size else ''}"
    )
    c.run(f"{PYTHON} -m benchmarks {what}{options}", pty=sys.stdout.isatty())


namespace = Collection(
    setup, doctor, new, grade, adjust, regrade, export, report, validate, release, solution, test, lint, bench
)
