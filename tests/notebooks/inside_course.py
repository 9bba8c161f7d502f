"""A small course whose one assignment is judged inside, and submissions to it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from grader.course.repository import Course
from grader.grading import Grader, load_grader
from grader.intake import prepare
from grader.plan import GradingPlan
from grader.results import CheckResult, SubmissionReport
from grader.sandbox import Isolation

RULE = "# " + "=" * 64 + " #"

ASSIGNMENT = """\
id = "ps1"
version = "1"
title = "Squares"
draft = true

[folders]
solution = "solutions/ps1"
starter = "starter/ps1"

[release]
answers = []
notebooks = ["ps1.ipynb"]

[[layouts]]
name = "own"
answers = {{}}
{more}
[[parts]]
id = "squares"
kind = "inside"
notebook = "ps1.ipynb"
cell = "squares-tests"
points = 4
title = "Squares"

[[parts]]
id = "mean"
kind = "inside"
notebook = "ps1.ipynb"
cell = "mean-tests"
points = 2
title = "Mean"
"""

SQUARES = """\
# %% visible
# points = 1
assert squares(1) == [1]

# %% hidden
# points = 3
# hidden = true
# failure = "Try a larger number."
assert squares(3) == [1, 4, 9]
for number in range(5):
    assert len(squares(number)) == number, "the length"
"""

MEAN = """\
# %% close
assert_close(mean([1.0, 2.0]), 1.5)
assert np.isclose(mean([3.0]), 3.0)
"""


def answer(code: str) -> str:
    """Return a cell with an answer between its banners."""
    return f"{RULE}\n# YOUR CODE HERE:\n{RULE}\n{code}\n{RULE}\n# END YOUR CODE HERE\n{RULE}"


SOLUTION: Mapping[str, str] = {
    "imports": "import numpy as np\nfrom numpy.testing import assert_allclose as assert_close",
    "squares": answer("def squares(n):\n    return [i * i for i in range(1, n + 1)]"),
    "squares-tests": "assert squares(1) == [1]",
    "mean": answer("def mean(values):\n    return sum(values) / len(values)"),
    "mean-tests": "assert_close(mean([1.0, 2.0]), 1.5)",
}


def notebook(cells: Mapping[str, str] | Sequence[tuple[str, str]]) -> bytes:
    """Return a notebook of code cells by their ids."""
    pairs = cells.items() if isinstance(cells, Mapping) else cells
    made = [
        {
            "cell_type": "code",
            "id": id,
            "metadata": {},
            "source": source,
            "outputs": [],
            "execution_count": None,
        }
        for id, source in pairs
    ]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def write_course(root: Path, more: str = "", tests: Mapping[str, str] | None = None) -> Course:
    """Write the course below `root`."""
    folder = root / "assignments" / "ps1"
    files = {
        root / "pyproject.toml": "",
        folder / "assignment.toml": ASSIGNMENT.format(more=more),
        folder / "inside" / "squares.py": SQUARES,
        folder / "inside" / "mean.py": MEAN,
        folder / "handout.md": "# {{ assignment.title }}\n",
        root / "solutions" / "ps1" / "ps1.ipynb": notebook(SOLUTION).decode(),
        **{folder / "inside" / f"{part}.py": text for part, text in (tests or {}).items()},
    }
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Course(root)


class Bench:
    """Grades submissions to the course."""

    def __init__(self, course: Course, isolation: Isolation, only: str | None = None) -> None:
        self.grader: Grader = load_grader(GradingPlan(course.root, "ps1", isolation, "key", only=only))

    def report(self, **cells: str) -> SubmissionReport:
        """Grade the solution with some of its cells replaced; names have underscores for hyphens."""
        own = {name.replace("_", "-"): source for name, source in cells.items()}
        files = {"ps1.ipynb": notebook({**SOLUTION, **own})}
        return self.grader.grade_submission(
            prepare("ada", files, self.grader.assignment, self.grader.release)
        )

    def checks(self, **cells: str) -> dict[str, CheckResult]:
        """Return the checks of such a submission by their ids."""
        return {check.id: check for check in self.report(**cells).checks}
