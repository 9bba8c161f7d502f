"""Notebooks for tests, from a few words each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from grader.intake import Stage, Submission
from grader.intake.notebooks import Cell, Notebook, Stored


def code(source: str, name: str = "", *tags: str, printed: str = "") -> Cell:
    """Return a code cell, and what the file says that it printed."""
    return Cell("code", source, name, tags, Stored(printed, bool(printed)), ran=bool(printed))


def book(*cells: Cell) -> Notebook:
    """Return a notebook of cells."""
    return Notebook(cells)


def document(*cells: Cell, minor: int = 5, **metadata: Any) -> dict[str, Any]:
    """Return what Jupyter would write for a notebook of nbformat 4; ids only where the format has them."""
    return {
        "cells": [_entry(cell, minor) for cell in cells],
        "metadata": metadata,
        "nbformat": 4,
        "nbformat_minor": minor,
    }


def written(notebook: dict[str, Any]) -> bytes:
    """Return the file Jupyter would write."""
    return (json.dumps(notebook, indent=1, sort_keys=True) + "\n").encode()


def stdout(text: str) -> dict[str, Any]:
    """Return a printed output."""
    return {"output_type": "stream", "name": "stdout", "text": text}


def _entry(cell: Cell, minor: int) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "cell_type": cell.kind,
        "metadata": {"tags": list(cell.tags)} if cell.tags else {},
        "source": cell.source.splitlines(keepends=True),
    }
    if cell.id and minor >= 5:
        entry["id"] = cell.id
    if cell.kind == "code":
        printed = [stdout(cell.stored.text + "\n")] if cell.stored.there else []
        entry |= {"outputs": printed, "execution_count": None}
    return entry


def staged(root: Path, notebooks: Mapping[str, Notebook]) -> Stage:
    """Return a stage at `root` of a submission that has these notebooks, by their released names."""
    submission = Submission("ada", "", 0, "nndl", {}, {}, {}, {}, notebooks=notebooks)
    return Stage(submission, {"full": root}, lambda: None)
