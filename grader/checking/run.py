"""Run an assignment's checks: collected by pytest once per process, run once per submission."""

from __future__ import annotations

import contextlib
import io
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Self

import pytest

from grader.checking.bare import OPTIONS, Complaints, no_autoloaded_plugins
from grader.checking.marks import CheckMark, check_id, read_mark, title_of
from grader.checking.plugin import PROVIDED, CheckContext, CheckingPlugin, CheckRecord, fixtures_of
from grader.checking.verdicts import PASSED, judge

CHECKS = "checks"


class ChecksBroken(Exception):
    """The checks themselves could not be run; the text is pytest's own."""


Selection = Callable[[CheckMark, str], bool]
"""Whether a check with this mark and this id is to run."""


def everything(_mark: CheckMark, _check_id: str) -> bool:
    """Select every check."""
    return True


def run_checks(context: CheckContext, selected: Selection = everything) -> tuple[CheckRecord, ...]:
    """Run the selected checks of the context's assignment and return what became of each.

    Raises
    ------
    ChecksBroken
        A check module does not import, or a check is not marked.
    """
    return load_checks(context.assignment.folder).run(context, selected)


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
        self._context: CheckContext | None = None
        plugin, complaints = CheckingPlugin(), io.StringIO()
        # pytest keeps check modules by their path below the root: loaded once per process, apart per assignment.
        arguments = ["--collect-only", *OPTIONS, f"--rootdir={folder.parent.parent}", str(folder)]
        plugins = [plugin, fixtures_of(self._provide), Complaints(complaints)]
        with no_autoloaded_plugins(), contextlib.redirect_stderr(complaints):
            code = pytest.main(arguments, plugins=plugins)
        if code not in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}:
            raise ChecksBroken(f"the checks in {folder} could not be run:\n{complaints.getvalue().strip()}")
        self._checks = tuple(map(Check.of, plugin.items))
        self._check = ""
        self._at_hand: dict[str, object] = {}

    def run(self, context: CheckContext, selected: Selection) -> tuple[CheckRecord, ...]:
        """Run the selected checks, family by family, and return their records in the order of the parts.

        Within a family the checks run as pytest collected them, those that share a fixture next to each other:
        three gradients of one backward pass need that pass once.

        Raises
        ------
        ChecksBroken
            A check judges a part that the assignment does not have.
        """
        self._context = context
        checks = [check for check in self._in_order(context) if selected(check.mark, check.id)]
        records = []
        family = None
        for check, following in zip_longest(checks, checks[1:]):
            part = context.assignment.part(check.mark.part)
            if part.family != family:  # a fresh worker, so that one family cannot poison the next
                family = part.family
                context.student.begin(context.root or ("naive" if part.naive else "full"))
            self._check, self._at_hand = check.id, {}
            records.append(_run_check(check, following, self._provide))
        context.student.close()
        order = {each.id: position for position, each in enumerate(context.assignment.parts)}
        return tuple(sorted(records, key=lambda record: order[record.mark.part]))

    def _in_order(self, context: CheckContext) -> list[Check]:
        parts = context.assignment.parts
        order = {family: place for place, family in enumerate(dict.fromkeys(each.family for each in parts))}
        families = {part.id: order[part.family] for part in parts}
        for check in self._checks:
            if check.mark.part not in families:
                raise ChecksBroken(
                    f"{check.item.nodeid} judges {check.mark.part!r}, which the assignment does not have"
                )
        return sorted(self._checks, key=lambda check: families[check.mark.part])

    def _provide(self, name: str) -> object:
        """Return what the running check, or one of its fixtures, asks for: the same thing for both."""
        if self._context is None:
            raise RuntimeError("fixtures exist only while checks run")
        if name not in self._at_hand:
            self._at_hand[name] = PROVIDED[name](self._context, self._check)
        return self._at_hand[name]


def _run_check(check: Check, following: Check | None, provide: Callable[[str], object]) -> CheckRecord:
    """Set up, call and tear down one check; without a following one, every fixture is torn down."""
    started, item = time.perf_counter(), check.item
    state = item.session._setupstate
    verdict = PASSED
    item._initrequest()  # an item that has run before needs a fresh one
    # What is at hand need not be fetched by pytest, which takes longer than many a check.
    item.funcargs |= {name: provide(name) for name in item.fixturenames if name in PROVIDED}
    try:
        state.setup(item)
        item.runtest()
    except (Exception, pytest.fail.Exception, pytest.skip.Exception) as error:
        verdict = judge(error, item.path.parent)
        _let_go(error)
    finally:
        state.teardown_exact(following.item if following else None)
        item.funcargs = {}
    return CheckRecord(check.id, check.mark, check.title, verdict, time.perf_counter() - started)


def _let_go(error: BaseException | None) -> None:
    """Part an exception from its frames, and with it all those that led to it.

    A frame of pytest's holds the exception that holds the frame. Both would wait for the collector, together
    with the answers on which the check failed; a few dozen large ones fill the memory before it comes.
    """
    while error is not None:
        error.__traceback__ = None
        error = error.__cause__ or error.__context__
