"""A class that was collected into one folder is as many submissions as files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from grader.intake.discover import find_submissions
from tests.kinds.course import write

ONE = frozenset({"hw1.py", "hw1.ipynb"})
PACKAGE = frozenset({"nndl"})


@pytest.mark.parametrize(
    ("names", "packages", "ids"),
    [
        (["ada.ipynb", "ben.ipynb", "cyd.ipynb"], ONE, ["ada", "ben", "cyd"]),
        (["ada_hw1.py", "hw1-ben.py", "Cyd Hw1.py"], ONE, ["Cyd", "ada", "ben"]),
        (["ada_hw1.ipynb", "ada_hw1 (1).ipynb"], ONE, ["ada_1", "ada"]),
        (["hw1.py", "helpers.py"], ONE, ["loose"]),
        (["HW1.ipynb", "mine.py", "more.py"], ONE, ["loose"]),
        (["mine.py"], ONE, ["loose"]),
        (["ada/hw1.py", "ben/hw1.py", "ben/more.py"], ONE, ["ada", "ben"]),
        (["ada/mine.ipynb", "ben/other.ipynb", "script.py", "tools.py"], ONE, ["loose"]),
        (["conv_layers.py", "layers.py"], PACKAGE, ["loose"]),
        (["ada.txt", "ben.txt", "hw1.txt", "mine.py"], ONE, ["loose"]),
    ],
)  # fmt: skip
def test_loose_files(tmp_path: Path, names: list[str], packages: Iterable[str], ids: list[str]) -> None:
    """Files of other names than the answers' are one submission each; with an answer of its name they are one."""
    folder = write(tmp_path / "loose", dict.fromkeys(names, "x"))
    assert [each.id for each in find_submissions(folder, frozenset(packages))] == ids
