"""What a check judges, by its mark, what it is called, which random numbers it draws, and the pytest it runs in."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from grader.results import Scope

MARK = "part"
SEPARATOR = b"\x1f"

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

_NO_PLUGINS = "PYTEST_DISABLE_PLUGIN_AUTOLOAD"
_FOR_OTHER_TESTS = (_NO_PLUGINS, "PYTEST_ADDOPTS", "PYTEST_PLUGINS")


@dataclass(frozen=True, slots=True)
class CheckMark:
    """What the mark on one check says."""

    part: str
    scope: Scope
    weight: float


def part(part_id: str, *, weight: float = 1.0) -> pytest.MarkDecorator:
    """Mark a check as judging `part_id`; the part's checks share its points in proportion to `weight`."""
    mark: pytest.MarkDecorator = getattr(pytest.mark, MARK)
    return mark(part_id, scope=Scope.HOMEWORK, weight=weight)


def beyond(part_id: str) -> pytest.MarkDecorator:
    """Mark a check as advice about `part_id`, beyond what the assignment asks; it costs no points."""
    mark: pytest.MarkDecorator = getattr(pytest.mark, MARK)
    return mark(part_id, scope=Scope.BEYOND, weight=0.0)


def read_mark(item: pytest.Item) -> CheckMark:
    """Return what the mark on `item` says.

    Raises
    ------
    pytest.UsageError
        The check carries no mark, so nobody would know whose points it decides.
    """
    mark = item.get_closest_marker(MARK)
    if mark is None:
        raise pytest.UsageError(f"{item.nodeid} has no @part(...) or @beyond(...) mark")
    return CheckMark(mark.args[0], mark.kwargs["scope"], mark.kwargs["weight"])


def check_id(item: pytest.Item) -> str:
    """Return the check's stable name: its part, its function and its parameters."""
    return f"{read_mark(item).part}:{item.name.removeprefix('test_')}"


def title_of(item: pytest.Item) -> str:
    """Return the first paragraph of the check's docstring, its ``{parameters}`` filled in."""
    text = (getattr(getattr(item, "function", None), "__doc__", None) or item.name).strip()
    sentence = " ".join(text.split("\n\n")[0].split())
    callspec = getattr(item, "callspec", None)
    return sentence.format(**callspec.params) if callspec is not None else sentence


def submission_seed(course_key: str, assignment: str, version: str, sha256: str) -> bytes:
    """Mix what a submission's hidden inputs depend on.

    The course key is the secret: without it a student cannot draw the inputs beforehand.
    """
    return hashlib.sha256(SEPARATOR.join(map(str.encode, (course_key, assignment, version, sha256)))).digest()


def generator_for(seed: bytes, *name: object) -> np.random.Generator:
    """Return the generator that `name` denotes under `seed`."""
    text = SEPARATOR.join(str(each).encode() for each in name)
    digest = hashlib.sha256(seed + SEPARATOR + text).digest()
    return np.random.default_rng(int.from_bytes(digest))


def run_pytest(arguments: Sequence[str], *plugins: object) -> tuple[int, str]:
    """Run pytest on checks; return its exit code, and what it says of modules that it could not collect."""
    complaints = io.StringIO()
    with _undisturbed(), contextlib.redirect_stderr(complaints):
        code = pytest.main([*OPTIONS, *arguments], plugins=[*plugins, _Complaints(complaints)])
    return code, complaints.getvalue().strip()


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Keep from checks what the environment tells pytest: plugins and options made for somebody's own tests."""
    before = {name: os.environ.pop(name, None) for name in _FOR_OTHER_TESTS}
    os.environ[_NO_PLUGINS] = (
        "1"  # those that happen to be installed would see, and could change, every check
    )
    try:
        yield
    finally:
        del os.environ[_NO_PLUGINS]
        os.environ.update({name: value for name, value in before.items() if value is not None})


class _Complaints:
    """Keeps what pytest says of modules it could not collect; there is no terminal to say it to."""

    def __init__(self, sink: io.StringIO) -> None:
        self._sink = sink

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note a module that could not be collected."""
        if report.failed:
            self._sink.write(f"{report.nodeid}: {report.longreprtext}\n")
