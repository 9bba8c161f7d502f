"""A box with a shell that all tests of one run share, on the solution's package."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.course.limits import MEBIBYTE, Limits
from grader.course.repository import Course
from grader.intake.notebooks import Cell
from grader.notebooks.box import matplotlib_fonts
from grader.notebooks.execute import CellRun, NotebookLimits, run_notebook
from grader.notebooks.merge import Merged, MergedCell, Origin
from grader.sandbox import Box, BoxSpec, Isolation, IsolationUnavailable, choose_isolation
from grader.sandbox.libraries import NOTEBOOK_LIBRARIES

LIMITS = NotebookLimits(cell_seconds=2.0, output_characters=100_000)


@pytest.fixture(scope="session")
def root(repository: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder the box is opened on: a solved submission beside the support package."""
    folder = tmp_path_factory.mktemp("submission").resolve()
    hidden = shutil.ignore_patterns("build", "__pycache__", "*.c", "*.h")
    shutil.copytree(repository.root / "solutions" / "nndl", folder / "nndl", ignore=hidden)
    shutil.copytree(repository.root / "starter" / "cs231n", folder / "cs231n", ignore=hidden)
    (folder / "faulty.py").write_text("def divide(x):\n    return x / 0\n", encoding="utf-8")
    for each in (folder, *folder.rglob("*")):
        each.chmod(0o755 if each.is_dir() else 0o644)
    return folder


@pytest.fixture(scope="session")
def isolation() -> Isolation:
    """The best tier of this machine."""
    try:
        return choose_isolation()
    except IsolationUnavailable as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def shell_box(root: Path, isolation: Isolation) -> Iterator[Box]:
    """A box whose workers run notebook cells, in the best tier of this machine."""
    spec = BoxSpec({"full": root}, NOTEBOOK_LIBRARIES, fonts=matplotlib_fonts())
    with Box.open(spec, isolation, Limits(header_bytes=8 * MEBIBYTE)) as box:
        yield box


@pytest.fixture
def run(shell_box: Box, root: Path) -> Callable[..., list[CellRun]]:
    """Run cells, given as sources or as cells, and return what became of them."""

    def run_cells(*cells: str | Cell, limits: NotebookLimits = LIMITS, preamble: str = "") -> list[CellRun]:
        made = (Cell("code", each) if isinstance(each, str) else each for each in cells)
        merged = Merged(tuple(MergedCell(each, Origin.GIVEN) for each in made))
        return list(run_notebook(lambda: shell_box.worker("full"), merged, limits, str(root), preamble))

    return run_cells
