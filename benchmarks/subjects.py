"""What is measured: the solution's naive layers, the given fast layers, and PyTorch where it is installed."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from types import ModuleType, SimpleNamespace

from grader.course.repository import Course
from grader.reference import load_reference


def load_solution() -> SimpleNamespace:
    """Return the solution's functions and classes by name."""
    repository = Course.open()
    cnn = repository.load("cnn")
    return load_reference(cnn, repository.import_path(cnn))


def load_fast_layers() -> ModuleType:
    """Return the given fast layers; `load_solution` has imported them already."""
    load_solution()
    return sys.modules["cs231n.fast_layers"]


def load_torch() -> ModuleType | None:
    """Return PyTorch on one thread, or None where it is not installed."""
    if importlib.util.find_spec("torch") is None:
        return None
    torch = importlib.import_module("torch")
    torch.set_num_threads(1)
    return torch
