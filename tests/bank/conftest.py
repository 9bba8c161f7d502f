"""A tiny assignment on disk: its solution, its checks and its bank."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from grader.bank.rebuild import rebuild
from grader.course.assignment import load_assignment
from grader.gate.kill_matrix import Bench
from tests.bank.tiny import ASSIGNMENT, CHECKS, FILES


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the assignment's folder, its bank still empty."""
    # pytest keeps check modules by folder and name, so each test has a folder's name of its own.
    home = tmp_path / "assignments" / tmp_path.name
    for name in ("checks", "mistakes", "variants"):
        (home / name).mkdir(parents=True)
    (home / "assignment.toml").write_text(ASSIGNMENT, encoding="utf-8")
    (home / "checks" / "test_tiny.py").write_text(CHECKS, encoding="utf-8")
    return home


@pytest.fixture
def modules(tmp_path: Path) -> Mapping[str, ModuleType]:
    """Return the solution's modules, which know their files."""
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(text)
    built = rebuild(FILES)
    for path, module in zip(FILES, built.values(), strict=True):
        module.__file__ = str(tmp_path / path)
    return built


@pytest.fixture
def bench(folder: Path, modules: Mapping[str, ModuleType]) -> Bench:
    """Return the bench of the tiny assignment."""
    names = {name: each for module in modules.values() for name, each in vars(module).items()}
    public = {name: each for name, each in names.items() if isinstance(each, types.FunctionType)}
    return Bench(load_assignment(folder), SimpleNamespace(**public), modules)


@pytest.fixture
def write(folder: Path) -> Callable[..., Path]:
    """Return a writer of files of the bank."""

    def put(kind: str, name: str, text: str) -> Path:
        path = folder / kind / f"{name}.py"
        path.write_text(text, encoding="utf-8")
        return path

    return put
