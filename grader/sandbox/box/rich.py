"""What crosses beside numbers, texts, arrays and containers: bytes, fractions, dates, arrays of texts, tables, tensors.

Tables are those of pandas, and tensors those of torch, where a process has loaded them; nothing is imported here.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import sys
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Any, Final

import numpy as np

COLUMNS: Final = 1024
"""Most columns of a table."""

_UNITS: Final = ("Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns")
TIMES: Final = {f"<{kind}8[{unit}]": np.dtype(f"<{kind}8[{unit}]") for kind in "Mm" for unit in _UNITS}
"""The dtypes of dates and durations in arrays, by the names they cross under."""

_MOMENTS: Final[dict[str, Any]] = {
    "datetime": datetime.datetime,
    "date": datetime.date,
    "time": datetime.time,
}
_FACTS: Final = 3

Write = Callable[[Any], Any]
"""Tags a value that is held by another."""


class Wrong(Exception):
    """What describes a value here describes none. The text says why, without the value."""


@dataclass(frozen=True, slots=True)
class Tensor:
    """A tensor on its way into the box, as the array that it holds; there it becomes one again."""

    array: np.ndarray


def tagged(value: Any, write: Write) -> dict[str, Any] | None:  # noqa: PLR0911  # one for each kind
    """Return what describes `value`, None where it is of no kind that is known here.

    Raises
    ------
    Wrong
        A table has too many columns.
    """
    match value:
        case complex():
            return {"c": [write(value.real), write(value.imag)]}
        case bytes() | bytearray():
            return {"b": base64.b64encode(bytes(value)).decode("ascii")}
        case Fraction():
            return {"q": [write(value.numerator), write(value.denominator)]}
        case datetime.timedelta():
            return {"w": ["timedelta", [value.days, value.seconds, value.microseconds]]}
        case datetime.date() | datetime.time():
            name = next(name for name, kind in _MOMENTS.items() if isinstance(value, kind))
            return {"w": [name, value.isoformat()]}
        case np.ndarray() if value.dtype.kind in "UO":
            return {
                "o": [value.dtype.kind, list(value.shape), [write(each) for each in value.ravel().tolist()]]
            }
    if _is_of(value, "torch", "Tensor"):
        return {"x": write(_numbers(value))["a"]}
    if _is_of(value, "pandas", "DataFrame", "Series", "Index"):
        return {"p": _table(value, write)}
    return None


def _is_of(value: Any, library: str, *names: str) -> bool:
    loaded = sys.modules.get(library)
    return loaded is not None and isinstance(value, tuple(getattr(loaded, name) for name in names))


def is_tensor(value: Any) -> bool:
    """Say whether `value` is a tensor."""
    return _is_of(value, "torch", "Tensor")


def _numbers(tensor: Any) -> Any:
    plain = tensor.detach().cpu()
    return (plain.float() if str(plain.dtype) == "torch.bfloat16" else plain).numpy()


def _table(value: Any, write: Write) -> list[Any]:
    """Return kind, names, index and columns of a table, each column by itself."""
    if _is_of(value, "pandas", "Index"):
        return ["Index", [write(name) for name in value.names], None, [_column(value, write)]]
    index = write(value.index)
    if _is_of(value, "pandas", "Series"):
        return ["Series", [write(value.name)], index, [_column(value, write)]]
    if value.shape[1] > COLUMNS:
        raise Wrong(f"it is a table of {value.shape[1]} columns; {COLUMNS} may cross")
    columns = [_column(value.iloc[:, number], write) for number in range(value.shape[1])]
    return ["DataFrame", [write(name) for name in value.columns], index, columns]


def _column(column: Any, write: Write) -> Any:
    array = column.to_numpy()
    if array.dtype.kind in "biufcMm":
        return write(array)
    missing = sys.modules["pandas"].isna
    return [write(None if np.ndim(each) == 0 and missing(each) else each) for each in column.tolist()]


def sequence_of_bytes(content: Any) -> bytes:
    """Return the bytes that a text stands for."""
    if type(content) is not str:
        raise Wrong("bytes that are no text")
    try:
        return base64.b64decode(content.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise Wrong("bytes in another form than base64") from None


def number_of(tag: str, pair: list[Any]) -> complex | Fraction:
    """Return the complex number or the fraction that two plain numbers make."""
    kind = float if tag == "c" else int
    if len(pair) != 2 or any(type(each) is not kind for each in pair):  # noqa: PLR2004
        raise Wrong("a number that is not made of two")
    if tag == "c":
        return complex(*pair)
    if pair[1] <= 0:
        raise Wrong("a fraction without a denominator")
    return Fraction(*pair)


def moment(content: Any) -> Any:
    """Return the date, the time or the duration that a kind and its figures stand for."""
    match content:
        case ["timedelta", [int(days), int(seconds), int(rest)]]:
            figures: Any = {"days": days, "seconds": seconds, "microseconds": rest}
            make: Any = lambda: datetime.timedelta(**figures)  # noqa: E731
        case [("datetime" | "date" | "time") as name, str(text)] if len(text) < 100:  # noqa: PLR2004
            make = lambda: _MOMENTS[name].fromisoformat(text)  # noqa: E731
        case _:
            raise Wrong("a date of no known form")
    try:
        return make()
    except (ValueError, OverflowError):
        raise Wrong("a date that cannot be") from None


def array_of(kind: Any, shape: Any, values: list[Any], most: int) -> np.ndarray:
    """Return the array of texts or objects of a shape; `most` bytes may become of its texts."""
    if kind not in ("U", "O") or type(shape) is not list or len(shape) > 32:  # noqa: PLR2004
        raise Wrong("an array of no known kind")
    if any(type(length) is not int or length < 0 for length in shape) or prod(shape) != len(values):
        raise Wrong("an array whose entries do not fill its shape")
    if prod(length or 1 for length in shape) * 8 > most:
        raise Wrong("an array with lengths for too many entries")
    if kind == "U":
        if any(type(each) is not str for each in values):
            raise Wrong("an array of texts that holds something else")
        if 4 * len(values) * max(map(len, values), default=0) > most:
            raise Wrong(f"an array of texts that takes more than {most} bytes")
        return np.array(values, dtype=np.str_).reshape(shape)
    array = np.empty(len(values), dtype=object)
    for place, each in enumerate(values):
        array[place] = each
    return array.reshape(shape)


def table_of(kind: Any, names: list[Any], index: Any, columns: list[Any]) -> Any:
    """Return the table, or a dict of its columns where this process has no pandas.

    Parameters
    ----------
    index
        The table's index, which is a table by itself; None of one that is an index.
    """
    pandas = sys.modules.get("pandas")
    lengths = set(map(_length, columns))
    single = kind in ("Series", "Index")
    if (not single and kind != "DataFrame") or len(columns) > COLUMNS or None in lengths or len(lengths) > 1:
        raise Wrong("a table whose columns are none, or not of one length")
    if (single and len(columns) != 1) or (kind != "Index" and len(names) != len(columns)):
        raise Wrong("a table with other names than columns")
    if pandas is None:
        return dict(zip(names, columns, strict=False))
    if kind != "Index" and not isinstance(index, pandas.Index):
        raise Wrong("a table without an index")
    try:
        return _made(pandas, kind, names, index, columns)
    except (ValueError, TypeError, OverflowError) as error:
        raise Wrong(f"a table that cannot be ({type(error).__name__})") from None


def _made(pandas: Any, kind: str, names: list[Any], index: Any, columns: list[Any]) -> Any:
    if kind == "Index":
        made = pandas.Index(columns[0])
        return made.set_names(names) if len(names) == made.nlevels else made
    if columns and len(index) != _length(columns[0]):
        raise Wrong("a table with another number of rows than its index")
    if kind == "Series":
        return pandas.Series(columns[0], index=index, name=names[0])
    table = pandas.DataFrame(dict(enumerate(columns)), index=index)
    if names:
        table.columns = pandas.Index(names)
    return table


def _length(column: Any) -> int | None:
    if type(column) is list:
        return len(column)
    return len(column) if type(column) is np.ndarray and column.ndim == 1 else None


def tensor_of(value: Tensor) -> Any:
    """Return the tensor of an array that came into the box, the array itself where there is no torch."""
    torch = sys.modules.get("torch")
    return value.array if torch is None else torch.from_numpy(np.ascontiguousarray(value.array))
