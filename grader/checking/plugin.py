"""The pytest plugin that runs an assignment's checks and notes every verdict."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from grader.assignment import Assignment
from grader.checking.marks import MARK, CheckMark, read_mark
from grader.checking.seeds import generator_for
from grader.checking.student import Student
from grader.checking.verdicts import Verdict, judge


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
    """Fixtures and hooks of one session: the same checks over one or more contexts, one after the other."""

    def __init__(self, contexts: Sequence[CheckContext], selected: Callable[[CheckMark, str], bool]) -> None:
        self._contexts = contexts
        self._context = contexts[0]
        self._selected = selected
        self._family: str | None = None
        self._started = 0.0
        self.records: list[list[CheckRecord]] = [[] for _ in contexts]
        self._current = self.records[0]
        self.fixtures = _fixtures(lambda: self._context)

    def pytest_configure(self, config: pytest.Config) -> None:
        """Declare the mark."""
        config.addinivalue_line("markers", f"{MARK}(id, scope, weight): the part a check judges")
        # Nobody reads pytest's own report, and laying out one traceback costs more than most checks.
        config.option.tbstyle = "no"

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Keep the selected checks, in the order of the assignment's parts."""
        order = {each.id: position for position, each in enumerate(self._context.assignment.parts)}
        marks = {item: read_mark(item) for item in items}
        for item, mark in marks.items():
            if mark.part not in order:
                raise pytest.UsageError(
                    f"{item.nodeid} judges {mark.part!r}, which the assignment does not have"
                )
        kept = [item for item in items if self._selected(marks[item], check_id(item))]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
        items[:] = sorted(kept, key=lambda item: order[marks[item].part])

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run all checks once for each context; collecting them anew each time would cost more than running."""
        if session.testsfailed:  # modules that could not be collected
            raise session.Interrupted("the checks do not import")
        for context, records in zip(self._contexts, self.records, strict=True):
            self._context, self._current, self._family = context, records, None
            for item, following in zip_longest(session.items, session.items[1:]):
                # The last item tears down every fixture, so that the next context gets its own.
                session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            context.student.close()
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Give every family of parts a fresh worker, so that one cannot poison the next."""
        self._started = time.perf_counter()
        part = self._context.assignment.part(read_mark(item).part)
        if part.family != self._family:
            self._family = part.family
            self._context.student.begin(self._context.root or ("naive" if part.naive else "full"))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Note the verdict: at the call, or at the setup when that already failed."""
        error = call.excinfo.value if call.excinfo is not None else None
        if call.when == "call" or (call.when == "setup" and error is not None):
            self._current.append(
                CheckRecord(
                    id=check_id(item),
                    mark=read_mark(item),
                    title=title_of(item),
                    verdict=judge(error, item.path.parent),
                    seconds=time.perf_counter() - self._started,
                )
            )
        return (yield)


def _fixtures(context: Callable[[], CheckContext]) -> ModuleType:
    """Return the fixtures that checks ask for; `context` says whose turn it is.

    They form a module because pytest takes no fixtures of a wide scope from a plugin's methods.
    """

    @pytest.fixture(scope="session")
    def student() -> Student:
        """Return the submission."""
        return context().student

    @pytest.fixture(scope="session")
    def reference() -> Any:
        """Return the solution."""
        return context().reference

    @pytest.fixture(scope="session")
    def draw() -> Callable[..., np.random.Generator]:
        """Return a maker of generators named by its arguments, the same in every grading of a submission."""
        return lambda *name: generator_for(context().seed, *name)

    @pytest.fixture
    def rng(request: pytest.FixtureRequest) -> np.random.Generator:
        """Return a random generator of this check's own."""
        return generator_for(context().seed, check_id(request.node))

    @pytest.fixture(scope="session")
    def resources() -> dict[str, object]:
        """Return what else the grading of this submission brought along, by name."""
        return context().resources

    fixtures = ModuleType("checking_fixtures")
    vars(fixtures).update(student=student, reference=reference, draw=draw, rng=rng, resources=resources)
    return fixtures


def check_id(item: pytest.Item) -> str:
    """Return the check's stable name: its part, its function and its parameters."""
    return f"{read_mark(item).part}:{item.name.removeprefix('test_')}"


def title_of(item: pytest.Item) -> str:
    """Return the first paragraph of the check's docstring, its ``{parameters}`` filled in."""
    text = (getattr(getattr(item, "function", None), "__doc__", None) or item.name).strip()
    sentence = " ".join(text.split("\n\n")[0].split())
    callspec = getattr(item, "callspec", None)
    return sentence.format(**callspec.params) if callspec is not None else sentence
