"""Whether an assignment can be graded with at all: asked first, so that a broken one costs nobody a result."""

from __future__ import annotations

import traceback
from contextlib import suppress
from pathlib import Path

from grader.bank.bank_file import BankError
from grader.checking.run import CheckContext, ChecksBroken, run_checks
from grader.checking.trusted import trusted_student
from grader.course.assignment import AssignmentError
from grader.course.libraries import distribution_of
from grader.course.regions import AuthoringError
from grader.course.repository import Course
from grader.grading import Grader, Loaded, load, load_grader
from grader.intake import IntakeError
from grader.plan import GradingPlan
from grader.results import Refusal


class AssignmentBroken(Refusal):
    """The assignment does not load; the message says where."""


def load_or_explain(plan: GradingPlan) -> Grader:
    """Load everything that grading needs, once per process, and see that every check judges a part.

    Raises
    ------
    AssignmentError
        There is no such assignment, or assignment.toml does not describe one.
    AssignmentBroken
        Something of it does not load: the solution, the checks, or a mistake.
    """
    try:
        grader = load_grader(plan)
        run_checks(_context(grader), lambda _mark, _check: False)
    except AssignmentError:
        raise
    except (AuthoringError, BankError, ChecksBroken, IntakeError) as error:
        raise AssignmentBroken(_told(plan, str(error))) from error
    except ModuleNotFoundError as error:
        library = (error.name or "").partition(".")[0]
        if library not in Course(plan.root).load(plan.assignment_id).libraries:
            raise AssignmentBroken(_told(plan, f"{_where(error)}{_line(error)}")) from error
        raise AssignmentBroken(
            f"the assignment {plan.assignment_id} needs {library}, which is not installed here: "
            f"pip install {distribution_of(library)}"
        ) from error
    except Exception as error:  # the solution is a program, and may raise whatever it likes
        raise AssignmentBroken(_told(plan, f"{_where(error)}{_line(error)}")) from error
    return grader


def load_ahead(root: Path, assignment_id: str) -> None:
    """Load what does not hang on the plan before there is one; what is wrong with it is told when it is asked for."""
    with suppress(Exception):
        run_checks(_context(load(root, assignment_id)), lambda _mark, _check: False)


def _context(loaded: Grader | Loaded) -> CheckContext:
    return CheckContext(loaded.assignment, trusted_student(loaded.symbols), loaded.reference, seed=b"")


def _told(plan: GradingPlan, what: str) -> str:
    return f"the assignment {plan.assignment_id} is broken, so nothing was done:\n{what}\nMend it and run this again"


def _line(error: Exception) -> str:
    return "".join(traceback.format_exception_only(error)).strip()


def _where(error: Exception) -> str:
    """Name the line that raised; a syntax error names its own."""
    frames = traceback.extract_tb(error.__traceback__)
    if isinstance(error, SyntaxError) or not frames:
        return ""
    return f"{frames[-1].filename}, line {frames[-1].lineno}: "
