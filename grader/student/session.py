"""Run the public checks on the student's machine, in this process, with pytest."""

from __future__ import annotations

import contextlib
import io
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from types import ModuleType

import pytest

from grader.checking.failures import CheckStopped
from grader.checking.marks import MARK, check_id, generator_for, read_mark, run_pytest, title_of
from grader.results import Outcome, family_of
from grader.student.results import Judgement, NotTried, PublicResult, judge
from grader.student.timelimit import TimeUp, time_limit
from grader.student.unwritten import in_written, open_methods
from grader.student.workspace import (
    ImportFailed,
    OwnWork,
    Workspace,
    WorkspaceError,
    fresh_modules,
    without_fast_layers,
)

PUBLIC = "public"
CHECK_SECONDS = 60.0
"""What one check may take: plain loops need a few seconds for the longest, on a slow machine ten times that."""

STRIKES = 2
"""Checks of one function that do not end before its others are not tried: each would take its whole time."""

PRINTED_LINES, PRINTED_CHARACTERS = 5, 2000
"""What of a student's own output is shown with a check, its end; loops print thousands of lines, or one without end."""

SEED = b"public"
"""The same numbers on every machine and in every run, so that a failure can be looked into."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run of the checks.

    Attributes
    ----------
    results
        What became of each check that ran, in the order of the assignment's parts.
    interrupted
        Name of the check during which the student stopped the run, or empty.
    """

    results: tuple[PublicResult, ...]
    interrupted: str = ""


def run_public_checks(
    workspace: Workspace,
    only: tuple[str, ...] = (),
    started: Callable[[str], object] = lambda _check: None,
    seconds: float = CHECK_SECONDS,
) -> Run:
    """Run the assignment's public checks.

    Parameters
    ----------
    workspace
        Whose checks, on what is in its folder now.
    only
        Parts, functions or checks to run; all when empty.
    started
        Told the name of each check as it begins.
    seconds
        What one check may take; then it is stopped.

    Raises
    ------
    WorkspaceError
        Nothing is called so in `only`, or the check files are damaged.
    """
    with fresh_modules(workspace) as student:
        plugin = PublicPlugin(workspace, only, student, started, seconds)
        arguments = [f"--rootdir={workspace.root}", str(workspace.package / PUBLIC)]
        code, complaints = run_pytest(arguments, plugin, plugin.fixtures())
    if plugin.unknown:
        raise WorkspaceError(plugin.unknown)
    if code == pytest.ExitCode.INTERRUPTED and plugin.running:
        return Run(tuple(plugin.results), plugin.running)
    if code not in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}:
        raise WorkspaceError(f"The checks could not be run; unpack the release again.\n{complaints}")
    return Run(tuple(plugin.results))


class PublicPlugin:
    """Fixtures and hooks of one run."""

    def __init__(
        self,
        workspace: Workspace,
        only: tuple[str, ...],
        student: OwnWork,
        started: Callable[[str], object],
        seconds: float,
    ) -> None:
        self._workspace = workspace
        self._only = only
        self._student = student
        self._started = started
        self._seconds = seconds
        self._printed = io.StringIO()
        self._since = 0.0
        self.results: list[PublicResult] = []
        self.running = ""
        self.unknown = ""

    def fixtures(self) -> ModuleType:
        """Return the fixtures that public checks ask for."""

        @pytest.fixture
        def student() -> OwnWork:
            """Return the student's functions and classes."""
            return self._student

        @pytest.fixture
        def rng(request: pytest.FixtureRequest) -> object:
            """Return a random generator of this check's own."""
            return generator_for(SEED, check_id(request.node))

        module = ModuleType("public_fixtures")
        vars(module).update(student=student, rng=rng)
        return module

    def pytest_configure(self, config: pytest.Config) -> None:
        """Declare the mark."""
        config.addinivalue_line("markers", f"{MARK}(id, scope, weight): the part a check belongs to")
        config.option.tbstyle = "no"

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the checks asked for, in the order of the assignment's parts."""
        named = [(item, read_mark(item).part, check_id(item)) for item in items]
        kept = [item for item, part, check in named if self._asked_for(part, check)]
        for wanted in self._only:
            if not any(self._workspace.selects(wanted, part, check) for _, part, check in named):
                families = ", ".join(dict.fromkeys(family_of(part) for _, part, _ in named))
                self.unknown = f"No check is called {wanted!r}. There are checks of: {families}."
        order = list(self._workspace.parts)
        items[:] = [] if self.unknown else sorted(kept, key=lambda item: order.index(read_mark(item).part))

    def _asked_for(self, part: str, check: str) -> bool:
        return not self._only or any(self._workspace.selects(each, part, check) for each in self._only)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Keep what the student's code prints away from the table, and the fast layers from who must do without."""
        self.running = check_id(item)
        self._started(self.running)
        self._printed = io.StringIO()
        self._since = time.perf_counter()
        naive = read_mark(item).part in self._workspace.naive
        withheld = without_fast_layers(self._workspace) if naive else contextlib.nullcontext()
        with contextlib.redirect_stdout(self._printed), contextlib.redirect_stderr(self._printed), withheld:
            result = yield
        self.running = ""
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        """Stop a check that does not end, and do not try a function again that has not ended twice."""
        family = family_of(read_mark(item).part)
        late = [each for each in self.results if each.family == family and each.outcome is Outcome.TIMEOUT]
        if len(late) >= STRIKES:
            raise NotTried(family)
        with time_limit(self._seconds, self.running):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Note what came out: at the call, or at the setup when that already failed."""
        error = call.excinfo.value if call.excinfo is not None else None
        if call.when == "call" or (call.when == "setup" and error is not None):
            mark = read_mark(item)
            self.results.append(
                PublicResult(
                    id=check_id(item),
                    part=mark.part,
                    scope=mark.scope,
                    title=title_of(item),
                    judgement=self._judged(error, mark.part),
                    seconds=time.perf_counter() - self._since,
                    question=_question(item),
                    printed="\n".join(
                        self._printed.getvalue()[-PRINTED_CHARACTERS:].splitlines()[-PRINTED_LINES:]
                    ),
                )
            )
        return (yield)

    def _judged(self, error: BaseException | None, part: str) -> Judgement:
        """Say how a check ended; what breaks for want of a method that is not written is no mistake yet."""
        symbol = self._workspace.parts[part]
        if not (error is None or isinstance(error, _TOLD) or in_written(error.__traceback__)):
            lacks = open_methods(getattr(self._student, symbol))
            if lacks:
                return Judgement(Outcome.NOT_IMPLEMENTED, f"Not written yet in {symbol}: {', '.join(lacks)}.")
        return judge(error, self._workspace)


_TOLD = (CheckStopped, ImportFailed, TimeUp, NotTried, AssertionError)
"""Endings of a check that say more than that something broke."""


def _question(item: pytest.Item) -> str:
    """Return the second paragraph of the check's docstring: what to think about where it is not right."""
    paragraphs = (getattr(getattr(item, "function", None), "__doc__", None) or "").strip().split("\n\n")
    return " ".join(paragraphs[1].split()) if len(paragraphs) > 1 else ""
