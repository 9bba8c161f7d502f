"""What answers that are no plain arrays are told when they differ: tables by names, rows and values."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from grader.checking.same import difference


class Column(list[Any]):
    """A column of a table, with pandas' ways to ask."""

    ndim = 1
    name = "x"

    @property
    def index(self) -> Column:
        """Return the names of the values."""
        return Column(range(len(self)))

    def to_numpy(self) -> None:
        """Be known as a table by."""

    def tolist(self) -> list[Any]:
        """Return the values."""
        return list(self)


@dataclass
class Table:
    """A table, with pandas' ways to ask; pandas itself need not be here."""

    columns: dict[str, list[Any]]
    index: Column
    ndim = 2

    def to_numpy(self) -> None:
        """Be known as a table by."""

    def __len__(self) -> int:
        return len(self.index)

    @property
    def iloc(self) -> Table:
        """Columns by place."""
        return self

    def __getitem__(self, at: tuple[slice, int]) -> Column:
        return Column(list(self.columns.values())[at[1]])


def table(*values: float | None, name: str = "x") -> Table:
    """Return a table of one column."""
    return Table({name: [*values]}, Column(range(len(values))))


@pytest.mark.parametrize(
    ("actual", "expected", "said"),
    [
        (table(1, None), table(1, math.nan), ""),
        (table(1, 2), table(1, 3), r"column 'x': entry 1 is wrong"),
        (table(1, 2), table(1, 2, name="y"), r"its names differ: entry 1 is wrong"),
        (table(1, 2), table(1, 2, 3), "it has 2 rows instead of 3"),
        (Column([1]), table(1), "a Table is asked for, and not what came"),
        (Column([1]), Column([2]), "values of 'x': entry 0 is wrong"),
        ([1], {"a": 1}, "a dict is asked for"),
        (1, [1], "a list is asked for"),
        (np.ones(2), [1, 1], ""),
    ],
)
def test_what_differs_is_said(actual: object, expected: object, said: str) -> None:
    """By kind first, then by names and size, then by the first wrong value; any missing value is like any other."""
    found = difference(actual, expected)
    assert found.startswith(said)
    assert bool(found) == bool(said)
