"""Given files that came back changed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from grader.intake.layout import ResolvedLayout
from grader.intake.plan import edited_given_files
from grader.intake.release import ReleaseSource
from tests.intake.homework import IN_ONE_PACKAGE, SOLUTION, SOLVED, SUPPORT

Files = dict[str, str | bytes]
Resolve = Callable[[Files], ResolvedLayout]
SOLVER = SUPPORT["cs231n/solver.py"]
HELPERS = SOLUTION["nndl/conv_layer_utils.py"]
assert isinstance(SOLVER, str)


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"cs231n/solver.py": SOLVER},
        {"cs231n/solver.py": SOLVER.replace("\n", "\r\n").replace("Train.", "Mine.")},
        {"cs231n/solver.py": f"# mine\n{SOLVER}   \n\n"},
        {"cs231n/my_tools.py": "x = 1"},
        {"nndl/conv_layer_utils.py": HELPERS},
        {"nndl/conv_layer_utils.py": HELPERS.replace("from nndl.", "from .").replace("cs231n", "utils")},
        {"nndl/conv_layer_utils.py": HELPERS + "def conv_bn_relu_forward():\n    return 1\n"},
        {"nndl/__init__.py": ""},
    ],
)
def test_what_is_no_edit_is_not_flagged(files: Files, resolve: Resolve, release: ReleaseSource) -> None:
    """Line ends, comments, docstrings, package names and added functions are fine, and so is a missing file."""
    assert not list(edited_given_files(resolve({**SOLVED, **files}), release))


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("cs231n/solver.py", SOLVER.replace('"trained"', '"not at all"')),
        ("cs231n/solver.py", "def f(:\n"),
        ("cs231n/solver.py", ""),
        ("nndl/conv_layer_utils.py", HELPERS.replace("released", "mine")),
        ("nndl/conv_layer_utils.py", "def f(:\n"),
    ],
)
def test_an_edit_is_flagged_with_its_file(
    path: str, content: str, resolve: Resolve, release: ReleaseSource
) -> None:
    """Staff see which given file was changed and that the released one was used."""
    (flag,) = edited_given_files(resolve({**SOLVED, path: content}), release)
    assert flag.kind == "edited_given_file"
    assert path in flag.message


def test_in_one_package_only_the_given_definitions_are_compared(
    resolve: Resolve, release: ReleaseSource
) -> None:
    """A file that holds the student's work and given code is flagged by the name of the function."""
    edited = IN_ONE_PACKAGE["cs231n/layer_utils.py"] + "def conv_relu_forward(x=None):\n    return 1\n"
    (flag,) = edited_given_files(resolve({**IN_ONE_PACKAGE, "cs231n/layer_utils.py": edited}), release)
    assert "conv_relu_forward" in flag.message
    assert not list(edited_given_files(resolve(dict(IN_ONE_PACKAGE)), release))
