"""Compiling the fast layers on a student's machine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from grader.student.commands import LOG, build_fast_layers
from grader.student.workspace import WorkspaceError
from tests.student.workspaces import make_workspace

NO_COMPILER = (
    "import sys\nprint('building')\nsys.exit(\"error: command 'cc' failed: No such file or directory\")\n"
)
NO_CC = f"Command 'cc {'-Wall ' * 40}kernels.c' failed: No such file or directory"
MAKES_ONE = """
from importlib.machinery import EXTENSION_SUFFIXES
open("kernel" + EXTENSION_SUFFIXES[0], "w").close()
"""


def test_done(tmp_path: Path) -> None:
    """A build that succeeds says so."""
    workspace = make_workspace(tmp_path)
    (tmp_path / "cs231n" / "setup.py").write_text(MAKES_ONE, encoding="utf-8")
    built = build_fast_layers(workspace)
    assert built.done
    assert not (tmp_path / "cs231n" / LOG).exists()


@pytest.mark.parametrize(
    ("platform", "words"), [("linux", "apt"), ("darwin", "xcode-select"), ("win32", "Visual")]
)
def test_failed(tmp_path: Path, platform: str, words: str) -> None:
    """A build that fails gives one message: why, what still works, what to install; the rest is in a log."""
    workspace = make_workspace(tmp_path)
    (tmp_path / "cs231n" / "setup.py").write_text(NO_COMPILER, encoding="utf-8")
    built = build_fast_layers(workspace, platform=platform)
    assert not built.done
    assert (
        "(error: command 'cc' failed: No such file or directory). Nothing else is affected" in built.message
    )
    assert words in built.message
    assert "building" in (tmp_path / "cs231n" / LOG).read_text(encoding="utf-8")


def test_failed_without_an_error(tmp_path: Path) -> None:
    """A setup that ends well and has built nothing has failed."""
    workspace = make_workspace(tmp_path)
    (tmp_path / "cs231n" / "setup.py").write_text("", encoding="utf-8")
    assert not build_fast_layers(workspace).done


def test_failed_over_an_old_build(tmp_path: Path) -> None:
    """The given setup tells that it could not compile, and is believed although an older build is there."""
    workspace = make_workspace(tmp_path)
    setup = tmp_path / "cs231n" / "setup.py"
    told = re.search(r"The fast layers could not be compiled: ", setup.read_text(encoding="utf-8"))
    assert told is not None
    setup.write_text(f"{MAKES_ONE}\nprint({told[0] + NO_CC!r})\n", encoding="utf-8")
    built = build_fast_layers(workspace)
    assert not built.done
    assert f"(... {NO_CC[-120:]})" in built.message


def test_nothing_to_build(tmp_path: Path) -> None:
    """A folder without the given package says what to do."""
    workspace = make_workspace(tmp_path)
    (tmp_path / "cs231n" / "setup.py").unlink()
    with pytest.raises(WorkspaceError, match="nothing to compile"):
        build_fast_layers(workspace)
