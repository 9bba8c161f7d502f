"""A notebook as grading sees it: cells of plain strings, and what was wrong with the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Output = Mapping[str, Any]
"""One output as nbformat 4 writes it."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    Attributes
    ----------
    kind
        ``"code"``, ``"markdown"`` or ``"raw"``.
    id
        The cell's own id; empty where it has none, or shares it with an earlier cell.
    outputs
        What the file stores as the cell's outputs, in the words of nbformat 4.
    """

    kind: str
    source: str
    id: str = ""
    tags: tuple[str, ...] = ()
    outputs: tuple[Output, ...] = ()


@dataclass(frozen=True, slots=True)
class Notebook:
    """The cells of a notebook, as far as they could be read.

    Attributes
    ----------
    complaints
        What was wrong with the file and what was done about it, one plain sentence each.
    """

    cells: tuple[Cell, ...]
    complaints: tuple[str, ...] = ()
