"""Demand of an answer that is no array that it is the right one: texts, sets, dicts, dates, tables."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from grader.checking.expectations import NUMBERS, Away, as_array
from grader.checking.failures import Failed, NotImplementedYet
from grader.instruments.compare import Grade, compare


def assert_same(actual: object, expected: object, what: str = "output") -> None:
    """Demand that texts, sets, dicts, dates or tables are equal, and numbers in them equal up to rounding.

    A list equals a tuple with the same items, and a Counter a dict. The message does not tell the right answer.

    Raises
    ------
    NotImplementedYet
        The answer is None, as a stub's is.
    Failed
        The answer differs.
    """
    actual = whole(actual)
    if actual is None and expected is not None:
        raise NotImplementedYet(f"What came back as the {what} is None: this part is not written yet.")
    said = difference(actual, expected)
    if said:
        raise Failed(f"{what}: {said}.")


def whole(value: object) -> object:
    """Bring what stays in the box out of it, also as an element of a tuple of results."""
    if isinstance(value, tuple):
        return tuple(map(whole, value))
    return value.value() if isinstance(value, Away) else value


def difference(actual: Any, expected: Any) -> str:  # noqa: PLR0911  # one for each kind
    """Say how an answer differs from the right one; nothing where it does not."""
    if hasattr(expected, "to_numpy"):
        return _of_tables(actual, expected)
    match expected:
        case dict():
            return _of_dicts(actual, expected)
        case set() | frozenset():
            found = isinstance(actual, set | frozenset)
            return _of_elements(actual, expected, "element") if found else _kind(actual, "a set")
        case list() | tuple():
            return _of_sequences(actual, expected)
        case np.ndarray() if expected.dtype.kind not in f"{NUMBERS}c":
            if not isinstance(actual, np.ndarray) or actual.shape != expected.shape:
                return _kind(actual, f"an array of shape {expected.shape}")
            return _of_sequences(actual.ravel().tolist(), expected.ravel().tolist())
        case np.ndarray() | np.number() | int() | float() | complex() if not isinstance(expected, bool):
            return _of_numbers(actual, expected)
    plain = actual.item() if isinstance(actual, np.ndarray | np.generic) and np.ndim(actual) == 0 else actual
    return "" if type(plain) is type(expected) and plain == expected else "it is not what is asked for"


def _kind(actual: object, wanted: str) -> str:
    return f"{wanted} is asked for, and not what came ({type(actual).__name__})"


def _of_numbers(actual: Any, expected: Any) -> str:
    found = as_array(actual)
    if not isinstance(found, np.ndarray | np.generic | int | float | complex):
        return _kind(actual, "a number" if np.ndim(expected) == 0 else "an array")
    if np.ndim(expected) == 0 and expected != expected:  # noqa: PLR0124  # not a number
        return "" if np.ndim(found) == 0 and found != found else "it is a number where there is none"  # noqa: PLR0124
    if np.iscomplexobj(found) or np.iscomplexobj(expected):
        parts = (_of_numbers(take(found), take(expected)) for take in (np.real, np.imag))
        return next((f"in its real or imaginary part: {said}" for said in parts if said), "")
    comparison = compare(found, np.asarray(expected))
    return "" if comparison.grade is Grade.RIGHT else comparison.reason.rstrip(".")


def _of_dicts(actual: Any, expected: dict[Any, Any]) -> str:
    if not isinstance(actual, dict):
        return _kind(actual, "a dict")
    if said := _of_elements(actual.keys(), expected.keys(), "key"):
        return said
    differences = (difference(actual[key], each) for key, each in expected.items())
    return next((f"an item is wrong: {said}" for said in differences if said), "")


def _of_elements(actual: Any, expected: Any, name: str) -> str:
    missing, more = len(expected - actual), len(actual - expected)
    counts = [f"{missing} of {len(expected)} {name}s are missing"] if missing else []
    counts += [f"{more} {name}s do not belong there"] if more else []
    return " and ".join(counts)


def _of_sequences(actual: Any, expected: Any) -> str:
    actual = list(actual) if isinstance(actual, np.ndarray) and actual.ndim else actual
    if not isinstance(actual, list | tuple):
        return _kind(actual, "a list")
    if len(actual) != len(expected):
        return f"it has {len(actual)} entries instead of {len(expected)}"
    pairs = enumerate(zip(actual, expected, strict=True))
    differences = ((place, difference(*pair)) for place, pair in pairs)
    return next((f"entry {place} is wrong: {said}" for place, said in differences if said), "")


def _of_tables(actual: Any, expected: Any) -> str:
    """Compare tables of pandas by their names, rows and columns, whatever dtypes hold them."""
    if type(actual).__name__ != type(expected).__name__:
        return _kind(actual, f"a {type(expected).__name__}")
    ours, theirs = _columns(actual), _columns(expected)
    if said := _of_sequences(list(ours), list(theirs)):
        return f"its names differ: {said}"
    if len(actual) != len(expected):
        return f"it has {len(actual)} rows instead of {len(expected)}"
    differences = ((name, _of_sequences(ours[name], each)) for name, each in theirs.items())
    return next((f"{name}: {said}" for name, said in differences if said), "")


def _columns(table: Any) -> dict[str, list[Any]]:
    """Return the columns of a table by name and place, its index first."""
    if table.ndim > 1:
        found = {f"column {name!r}": table.iloc[:, place] for place, name in enumerate(table.columns)}
    else:
        found = {f"values of {table.name!r}": table}
    found = {"index": table.index, **found} if hasattr(table, "index") else found
    return {
        name: [math.nan if _is_missing(each) else each for each in column.tolist()]
        for name, column in found.items()
    }


def _is_missing(value: Any) -> bool:
    nan = isinstance(value, float) and math.isnan(value)
    return value is None or nan or type(value).__name__ in {"NAType", "NaTType"}
