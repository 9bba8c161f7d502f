"""Find the data sets of an assignment on this machine: the folders that its environment variables name."""

from __future__ import annotations

import os
from pathlib import Path

from grader.course.assignment import Assignment


def data_sets_of(assignment: Assignment) -> dict[str, Path]:
    """Return the real folder of each data set that is here, by its name."""
    found = {}
    for name, data_set in assignment.data_sets.items():
        folder = Path(os.environ.get(data_set.variable) or os.devnull).resolve()
        if folder.is_dir() and all((folder / each).is_file() for each in data_set.files):
            found[name] = folder
    return found
