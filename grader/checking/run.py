"""Run an assignment's checks, one pytest session per submission, in this process."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Callable, Iterator, Sequence

import pytest

from grader.checking.marks import CheckMark
from grader.checking.plugin import CheckContext, CheckingPlugin, CheckRecord

CHECKS = "checks"

UNUSED_PLUGINS = (
    *(
        "cacheprovider",
        "debugging",
        "doctest",
        "faulthandler",
        "junitxml",
        "logging",
        "monkeypatch",
        "pastebin",
    ),
    *("recwarn", "setuponly", "setupplan", "skipping", "stepwise", "subtests", "terminal", "threadexception"),
    *("tmpdir", "unittest", "unraisableexception", "warnings"),
)
"""Parts of pytest that checks do without. Each wraps every step of every check; together they took two thirds of
the time of a run over right answers. A warning, in particular, is never a verdict."""

OPTIONS = (
    "--capture=no",
    "--assert=plain",  # verdicts come from typed failures; rewriting every module would cost more than it tells
    "--import-mode=importlib",
    f"--config-file={os.devnull}",
    *(f"-pno:{name}" for name in UNUSED_PLUGINS),
)


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
    return run_checks_for_each((context,), selected)[0]


def run_checks_for_each(
    contexts: Sequence[CheckContext], selected: Selection = everything
) -> tuple[tuple[CheckRecord, ...], ...]:
    """Run the selected checks once for each context, all of one assignment, in one pytest session.

    Raises
    ------
    ChecksBroken
        As `run_checks`.
    """
    folder = contexts[0].assignment.folder / CHECKS
    plugin = CheckingPlugin(contexts, selected)
    complaints = io.StringIO()
    # pytest keeps check modules by their path below the root: loaded once per process, and apart per assignment.
    arguments = [*OPTIONS, f"--rootdir={folder.parent.parent}", str(folder)]
    with _no_autoloaded_plugins(), contextlib.redirect_stderr(complaints):
        code = pytest.main(arguments, plugins=[plugin, plugin.fixtures, _Complaints(complaints)])
    if code not in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED}:
        raise ChecksBroken(f"the checks in {folder} could not be run:\n{complaints.getvalue().strip()}")
    return tuple(map(tuple, plugin.records))


class _Complaints:
    """Keeps what pytest says of modules it could not collect; there is no terminal to say it to."""

    def __init__(self, sink: io.StringIO) -> None:
        self._sink = sink

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note a module that could not be collected."""
        if report.failed:
            self._sink.write(f"{report.nodeid}: {report.longreprtext}\n")


@contextlib.contextmanager
def _no_autoloaded_plugins() -> Iterator[None]:
    name = "PYTEST_DISABLE_PLUGIN_AUTOLOAD"
    before = os.environ.get(name)
    os.environ[name] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before
