"""pytest without the parts that running checks does without."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Iterator

import pytest

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


class Complaints:
    """Keeps what pytest says of modules it could not collect; there is no terminal to say it to."""

    def __init__(self, sink: io.StringIO) -> None:
        self._sink = sink

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note a module that could not be collected."""
        if report.failed:
            self._sink.write(f"{report.nodeid}: {report.longreprtext}\n")


@contextlib.contextmanager
def no_autoloaded_plugins() -> Iterator[None]:
    """Keep plugins that happen to be installed out of the sessions started meanwhile."""
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
