"""A platform's own CSV file, read so that it can be written back with nothing changed but what is filled in."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, replace
from pathlib import Path

from grader.reporting.exports.formulas import neutralised, restored
from grader.reporting.files import ReportError, advice

_BOM = "\ufeff"
_LARGEST_CELL = 2**24
"""Moodle's worksheet can hold whole texts that students typed."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with a header, all cells text.

    Attributes
    ----------
    name
        What messages call it.
    delimiter, newline, bom
        How its cells and lines are separated, and whether it begins with a byte-order mark.
    """

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    delimiter: str = ","
    newline: str = "\r\n"
    bom: bool = False

    def column(self, name: str) -> int | None:
        """Return where the column called `name` is, upper or lower case; None where there is none."""
        lower = [each.strip().casefold() for each in self.header]
        return lower.index(name.casefold()) if name.casefold() in lower else None

    def with_cells(self, cells: dict[tuple[int, int], str]) -> Sheet:
        """Return the sheet with the cells at (row, column) changed."""
        rows = tuple(
            tuple(cells.get((number, at), cell) for at, cell in enumerate(row))
            for number, row in enumerate(self.rows)
        )
        return replace(self, rows=rows)

    def render(self, keys: frozenset[int] = frozenset()) -> str:
        """Return the file's text, formulas neutralised but in the columns `keys`, by which rows are found again."""
        stream = io.StringIO()
        writer = csv.writer(stream, delimiter=self.delimiter, lineterminator=self.newline)
        writer.writerow(self.header)
        for row in self.rows:
            writer.writerow([cell if at in keys else neutralised(cell) for at, cell in enumerate(row)])
        return (_BOM if self.bom else "") + stream.getvalue()


def read_sheet(path: Path) -> Sheet:
    """Read a CSV file that a platform wrote, or one that was filled in here before.

    Raises
    ------
    ReportError
        It cannot be read, is not text in UTF-8, or has no header.
    """
    try:
        return parse_sheet(path.read_bytes().decode("utf-8"), str(path))
    except OSError as error:
        raise ReportError(f"cannot read {path}: {advice(error)}") from error
    except UnicodeDecodeError as error:
        raise ReportError(f"{path} is not in UTF-8; download it again and do not open it before") from error


def parse_sheet(text: str, name: str) -> Sheet:
    """Read the text of a CSV file; see `read_sheet`."""
    bom, text = text.startswith(_BOM), text.removeprefix(_BOM)
    first = text.partition("\n")[0]
    if not first.strip():
        raise ReportError(f"{name} has no header; download it again")
    delimiter = max(",;\t", key=first.count)
    csv.field_size_limit(_LARGEST_CELL)
    try:
        header, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error as error:
        raise ReportError(f"{name} is not CSV ({error}); download it again") from error
    padded = (row + [""] * (len(header) - len(row)) for row in rows if row)
    return Sheet(
        name=name,
        header=tuple(header),
        rows=tuple(tuple(map(restored, row[: len(header)])) for row in padded),
        delimiter=delimiter,
        newline="\r\n" if first.endswith("\r") else "\n",
        bom=bom,
    )
