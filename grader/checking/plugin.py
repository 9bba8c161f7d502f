"""What pytest brings to the checks: collection, marks and fixtures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType, ModuleType
from typing import Any, Literal

import numpy as np
import pytest

from grader.checking.marks import MARK, CheckMark, read_mark
from grader.checking.seeds import generator_for
from grader.checking.student import Student
from grader.checking.verdicts import Verdict
from grader.course.assignment import Assignment


@dataclass(frozen=True, slots=True)
class CheckRecord:
    """One check as it ran, before points are shared out."""

    id: str
    mark: CheckMark
    title: str
    verdict: Verdict
    seconds: float


@dataclass(frozen=True)
class CheckContext:
    """What the fixtures of one run hand out.

    Attributes
    ----------
    assignment
        Whose parts the checks judge.
    student
        The submission.
    reference
        The solution: its functions and classes as attributes.
    seed
        Mixed into every random draw, so that inputs differ per submission and repeat on a regrade.
    resources
        Further things checks may ask for by name, such as the submission's weights.
    root
        Run every part in this root of the stage; None lets each part choose.
    """

    assignment: Assignment
    student: Student
    reference: Any
    seed: bytes
    resources: dict[str, object] = field(default_factory=dict)
    root: str | None = None


class CheckingPlugin:
    """What pytest needs to know while it collects: the mark, and that every check carries one."""

    def __init__(self) -> None:
        self.items: tuple[pytest.Function, ...] = ()

    def pytest_configure(self, config: pytest.Config) -> None:
        """Declare the mark."""
        config.addinivalue_line("markers", f"{MARK}(id, scope, weight): the part a check judges")

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Keep the collected checks."""
        for item in session.items:
            read_mark(item)
        self.items = tuple(item for item in session.items if isinstance(item, pytest.Function))


def _draw(context: CheckContext, _check: str) -> Callable[..., np.random.Generator]:
    return lambda *name: generator_for(context.seed, *name)


PROVIDED: Mapping[str, Callable[[CheckContext, str], object]] = MappingProxyType(
    {
        "student": lambda context, _check: context.student,
        "reference": lambda context, _check: context.reference,
        "resources": lambda context, _check: context.resources,
        "draw": _draw,
        "rng": lambda context, check: generator_for(context.seed, check),
    }
)
"""What checks and their fixtures may ask for, and how it is made for a check in a context.

The submission; the solution; what else the grading of the submission brought along, by name; a maker of generators
named by its arguments, the same in every grading of a submission; a random generator of the check's own.
"""


def fixtures_of(provide: Callable[[str], object]) -> ModuleType:
    """Return what is `PROVIDED` as fixtures; `provide` makes it, or has it made already, for the check that runs.

    They form a module because pytest takes no fixtures of a wide scope from a plugin's methods.
    """

    def fixture(name: str) -> object:
        scope: Literal["function", "session"] = "function" if name == "rng" else "session"
        return pytest.fixture(scope=scope, name=name)(lambda: provide(name))

    fixtures = ModuleType("checking_fixtures")
    vars(fixtures).update({name: fixture(name) for name in PROVIDED})
    return fixtures
