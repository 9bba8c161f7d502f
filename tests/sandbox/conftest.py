"""A box that all tests of one run share, and workers of it for code written in the test."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from grader.course.limits import Limits
from grader.sandbox import Box, BoxSpec, Isolation, IsolationUnavailable, Worker, choose_isolation

LIMITS = Limits(call_seconds=2.0, cpu_seconds=30, address_space=2**29, reply_bytes=2**24, output_bytes=1000)


@pytest.fixture(scope="session")
def isolation() -> Isolation:
    """The best tier this machine has."""
    try:
        return choose_isolation()
    except IsolationUnavailable as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def submission(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder the shared box is opened on; tests put their files there before they fork a worker."""
    folder = tmp_path_factory.mktemp("submission")
    folder.chmod(0o755)
    return folder


@pytest.fixture(scope="session")
def box(submission: Path, isolation: Isolation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    """A box on the shared folder and on another one that holds ``other.py``."""
    other = tmp_path_factory.mktemp("other")
    (other / "other.py").write_text("name = 'other'\n", encoding="utf-8")
    with Box.open(BoxSpec({"main": submission, "other": other}), isolation, LIMITS) as opened:
        yield opened


class Student:
    """A worker that has loaded one module."""

    def __init__(self, worker: Worker, module: str) -> None:
        self.worker = worker
        self.module = module

    def call(self, function: str, *args: object, **kwargs: object) -> Any:
        """Call a function of the module."""
        return self.worker.call(self.worker.resolve(self.module, function), args, kwargs)


@pytest.fixture
def student(box: Box, submission: Path, request: pytest.FixtureRequest) -> Iterator[Callable[..., Student]]:
    """Make a module of the given source, named after the test, and load it in a fresh worker."""
    with ExitStack() as stack:

        def make(source: str | bytes, files: Sequence[tuple[str, str]] = (), seed: int = 0) -> Student:
            module = request.node.originalname + str(len(list(submission.iterdir())))
            data = source if isinstance(source, bytes) else textwrap.dedent(source).encode()
            (submission / f"{module}.py").write_bytes(data)
            for name, text in files:
                (submission / name).parent.mkdir(parents=True, exist_ok=True)
                (submission / name).write_text(textwrap.dedent(text), encoding="utf-8")
            worker = stack.enter_context(box.worker("main", seed))
            made = Student(worker, module)
            worker.load(module)
            return made

        yield make
