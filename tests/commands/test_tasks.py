"""The tasks run wherever the checkout lies."""

from __future__ import annotations

import importlib.util
import shlex
import sys
from pathlib import Path

import pytest

TASKS = Path(__file__).parents[2] / "tasks.py"


def test_python_is_found_in_a_folder_with_a_space(monkeypatch: pytest.MonkeyPatch):
    """The interpreter's path goes through a shell, which must take it for one word."""
    monkeypatch.setattr(sys, "executable", "/home/Kurs Zürich/it's here/.venv/bin/python")
    spec = importlib.util.spec_from_file_location("tasks_elsewhere", TASKS)
    assert spec is not None
    assert spec.loader is not None
    tasks = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tasks)
    assert shlex.split(f"{tasks.PYTHON} setup.py") == [sys.executable, "setup.py"]
