"""Run an assignment's checks: collected by pytest once per process, run once per submission."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import zip_longest
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any, Literal, Self

import pytest

from grader.checking.expectations import unread
from grader.checking.failures import NotGraded
from grader.checking.helpers import Helpers
from grader.checking.marks import (
    MARK,
    CheckMark,
    check_id,
    generator_for,
    read_mark,
    run_pytest,
    title_of,
)
from grader.checking.student import Student
from grader.checking.verdicts import PASSED, Verdict, judge
from grader.course.assignment import Assignment
from grader.course.data_sets import data_sets_of
from grader.intake.submission import FULL, NAIVE
from grader.results import Refusal

CHECKS = "checks"


class ChecksBroken(Refusal):
    """The checks themselves could not be run; the text is pytest's own."""


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
    told
        Whether anybody reads what is said of a wrong answer; a diagnosis looks at the answer alone.
    """

    assignment: Assignment
    student: Student
    reference: Any
    seed: bytes
    resources: dict[str, object] = field(default_factory=dict)
    root: str | None = None
    told: bool = True


@dataclass(frozen=True, slots=True)
class CheckRecord:
    """One check as it ran, before points are shared out."""

    id: str
    mark: CheckMark
    title: str
    verdict: Verdict
    seconds: float
    inputs: str = ""


Selection = Callable[[CheckMark, str], bool]
"""Whether a check with this mark and this id is to run."""


def everything(_mark: CheckMark, _check_id: str) -> bool:
    """Select every check."""
    return True


def run_checks(context: CheckContext, selected: Selection = everything) -> tuple[CheckRecord, ...]:
    """Run the selected checks, family by family, and return their records in the order of the parts.

    Within a family the checks run as pytest collected them, those that share a fixture next to each other:
    three gradients of one backward pass need that pass once.

    Raises
    ------
    ChecksBroken
        A check module does not import, a check is not marked, or it judges a part that the assignment does not have.
    """
    assignment, student = context.assignment, context.student
    suite = load_checks(assignment.folder)
    checks = [check for check in suite.in_order(assignment) if selected(check.mark, check.id)]
    records = []
    family = None
    with nullcontext() if context.told else unread():
        for check, following in zip_longest(checks, checks[1:]):
            part = assignment.part(check.mark.part)
            if part.family != family:  # a fresh worker, so that one family cannot poison the next
                family = part.family
                student.begin(context.root or (NAIVE if part.naive else FULL))
            records.append(suite.run(check, following, context))
    student.close()
    order = {each.id: position for position, each in enumerate(assignment.parts)}
    return tuple(sorted(records, key=lambda record: order[record.mark.part]))


PROVIDED: Mapping[str, Callable[[CheckContext, str], object]] = MappingProxyType(
    {
        "student": lambda context, _check: context.student,
        "reference": lambda context, _check: context.reference,
        "in_box": lambda context, _check: Helpers(context.student, context.assignment.folder / CHECKS),
        "data_sets": lambda context, _check: DataSets(context.assignment),
        "resources": lambda context, _check: context.resources,
        "draw": lambda context, _check: lambda *name: generator_for(context.seed, *name),
        "rng": lambda context, check: generator_for(context.seed, check),
    }
)
"""What checks and their fixtures may ask for, and how it is made for a check in a context.

The submission; the solution; the author's module that lives in the box; what else the grading of the submission
brought along, by name; a maker of generators named by its arguments, the same in every grading of a submission; a
random generator of the check's own.
"""


class DataSets:
    """The folders of an assignment's data sets by name, as the box and this process read them."""

    def __init__(self, assignment: Assignment) -> None:
        self._asked_for = assignment.data_sets
        self._here = data_sets_of(assignment)

    def __getitem__(self, name: str) -> str:
        """Return a folder.

        Raises
        ------
        NotGraded
            It is not on this machine.
        KeyError
            The assignment names no such data set.
        """
        if name not in self._asked_for:
            raise KeyError(
                f"assignment.toml has no [data_sets.{name}]; it has {', '.join(self._asked_for) or 'none'}"
            )
        if name not in self._here:
            raise NotGraded(
                f"This needs the data set {name}, which is not here: it does not count.",
                f"set {self._asked_for[name].variable} to its folder, with {', '.join(self._asked_for[name].files)}",
            )
        return str(self._here[name])


@cache
def load_checks(folder: Path) -> CheckSuite:
    """Collect the checks of the assignment in `folder`, once per process."""
    return CheckSuite(folder / CHECKS)


@dataclass(frozen=True, slots=True)
class Check:
    """A collected check, and what its mark, its name and its docstring say."""

    item: pytest.Function
    mark: CheckMark
    id: str
    title: str

    @classmethod
    def of(cls, item: pytest.Function) -> Self:
        """Read a collected check."""
        # Of the fixtures that it asks for, pytest would fetch those that they ask for as well, each anew.
        item.fixturenames = list(item._fixtureinfo.initialnames)
        return cls(item, read_mark(item), check_id(item), title_of(item))

    def asks_for(self, name: str) -> bool:
        """Say whether it, or a fixture that it uses, asks for something that is `PROVIDED`."""
        return name in self.item._fixtureinfo.names_closure

    def functions(self) -> Iterator[object]:
        """Yield what runs: the check and its fixtures."""
        yield self.item.function
        for fixtures in self.item._fixtureinfo.name2fixturedefs.values():
            yield from (each.func for each in fixtures)


class CheckSuite:
    """An assignment's checks, collected by pytest once and run as often as there are submissions.

    Collecting costs as much as running, and pytest's own way of running a test, with three reports for each, as
    much again. So the suite drives setup, call and teardown of the collected items itself; fixtures, their scopes
    and their parameters stay pytest's.

    Raises
    ------
    ChecksBroken
        A check module does not import, or a check is not marked.
    """

    def __init__(self, folder: Path) -> None:
        self._running: tuple[CheckContext, str] | None = None
        self._at_hand: dict[str, object] = {}
        self._checks: tuple[Check, ...] = ()
        # Kept, because a diagnosis asks for one check after the other.
        self._ordered = lru_cache(maxsize=8)(lambda parts: _in_order(self._checks, parts))
        if not folder.is_dir():  # an assignment may be judged inside, or by people
            return
        plugin = _Collector()
        # pytest keeps check modules by their path below the root: loaded once per process, apart per assignment.
        _forget_others(folder)
        arguments = ["--collect-only", f"--rootdir={folder.parent.parent}", str(folder)]
        code, complaints = run_pytest(arguments, plugin, self._fixtures())
        if code not in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}:
            raise ChecksBroken(f"the checks in {folder} could not be run:\n{complaints}")
        self._checks = tuple(map(Check.of, plugin.items))

    def in_order(self, assignment: Assignment) -> tuple[Check, ...]:
        """Return the checks, those of a family of parts together.

        Raises
        ------
        ChecksBroken
            A check judges a part that the assignment does not have.
        """
        return self._ordered(tuple((each.id, each.family) for each in assignment.parts))

    def run(self, check: Check, following: Check | None, context: CheckContext) -> CheckRecord:
        """Set up, call and tear down one check; without a following one, every fixture is torn down."""
        started, item = time.perf_counter(), check.item
        state = item.session._setupstate
        verdict = PASSED
        self._running, self._at_hand = (context, check.id), {}
        context.student.next_check()
        item._initrequest()  # an item that has run before needs a fresh one
        # What is at hand need not be fetched by pytest, which takes longer than many a check.
        item.funcargs |= {name: self._provide(name) for name in item.fixturenames if name in PROVIDED}
        try:
            state.setup(item)
            item.obj(**{name: item.funcargs[name] for name in item._fixtureinfo.argnames})
        except (Exception, pytest.fail.Exception, pytest.skip.Exception) as error:
            verdict = judge(_named(error), item.path.parent)
            _let_go(error)
        finally:
            state.teardown_exact(following.item if following else None)
            item.funcargs = {}
        inputs = context.student.called if verdict.evidence else ""
        return CheckRecord(check.id, check.mark, check.title, verdict, time.perf_counter() - started, inputs)

    def _provide(self, name: str) -> object:
        """Return what the running check, or one of its fixtures, asks for: the same thing for both."""
        if self._running is None:
            raise RuntimeError("fixtures exist only while checks run")
        if name not in self._at_hand:
            self._at_hand[name] = PROVIDED[name](*self._running)
        return self._at_hand[name]

    def _fixtures(self) -> ModuleType:
        """Return what is `PROVIDED` as fixtures, in a module: pytest takes none of a wide scope from methods."""

        def fixture(name: str) -> object:
            scope: Literal["function", "session"] = "function" if name == "rng" else "session"
            return pytest.fixture(scope=scope, name=name)(lambda: self._provide(name))

        fixtures = ModuleType("checking_fixtures")
        vars(fixtures).update({name: fixture(name) for name in PROVIDED})
        return fixtures


def _in_order(checks: tuple[Check, ...], parts: tuple[tuple[str, str], ...]) -> tuple[Check, ...]:
    order = {family: place for place, family in enumerate(dict.fromkeys(family for _, family in parts))}
    families = {part: order[family] for part, family in parts}
    for check in checks:
        if check.mark.part not in families:
            raise ChecksBroken(
                f"{check.item.nodeid} judges {check.mark.part!r}, which the assignment does not have"
            )
    return tuple(sorted(checks, key=lambda check: families[check.mark.part]))


class _Collector:
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


def _named(error: BaseException) -> BaseException:
    """Return an error that says what checks may ask for, where one asks for something else."""
    if not isinstance(error, pytest.FixtureLookupError):
        return error
    known = ", ".join(PROVIDED)
    return LookupError(
        f"no fixture is called {error.argname}; there are {known}, and those of your conftest.py"
    )


def _forget_others(folder: Path) -> None:
    """Drop the check modules that another course's assignment of the same name left in this process."""
    package = f"{folder.parent.name}.{folder.name}"
    for name in [each for each in sys.modules if f"{each}.".startswith(f"{package}.")]:
        file = getattr(sys.modules[name], "__file__", None)
        if file is None or not Path(file).is_relative_to(folder):
            del sys.modules[name]


def _let_go(error: BaseException | None) -> None:
    """Part an exception from its frames, and with it all those that led to it.

    A frame of pytest's holds the exception that holds the frame. Both would wait for the collector, together
    with the answers on which the check failed; a few dozen large ones fill the memory before it comes.
    """
    while error is not None:
        error.__traceback__ = None
        error = error.__cause__ or error.__context__
