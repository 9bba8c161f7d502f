"""The room's two pages of contents are complete."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import grader.sandbox
import grader.sandbox.box


@pytest.mark.parametrize("package", [grader.sandbox, grader.sandbox.box])
def test_every_module_has_its_line(package) -> None:
    """Each module of the folder, and nothing else, is named in the package's own docstring."""
    folder = Path(package.__file__).parent
    there = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    there |= {path.parent.name for path in folder.glob("*/__init__.py")}
    named = set(re.findall(r"^``(\w+)``  ", package.__doc__, re.MULTILINE))
    assert there - {"canary"} == named
