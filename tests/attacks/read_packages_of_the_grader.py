"""Import the grader itself, and packages that only its own environment has."""

import importlib
import sys

sys.path.append("@REPO@")


def conv_forward_naive(x, w, b, conv_param):
    for name in ("grader.grading", "grader.checking", "pytest", "pydantic", "rich", "assignments.cnn.checks"):
        try:
            importlib.import_module(name)
        except ImportError:
            continue
        raise RuntimeError(f"BREACH: imported {name}")
    return None, None
