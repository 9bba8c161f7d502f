"""What a check judges, by its mark, what it is called, and the random numbers that are drawn under its name."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import pytest

from grader.results import Scope

MARK = "part"
SEPARATOR = b"\x1f"


@dataclass(frozen=True, slots=True)
class CheckMark:
    """What the mark on one check says."""

    part: str
    scope: Scope
    weight: float


def part(part_id: str, *, weight: float = 1.0) -> pytest.MarkDecorator:
    """Mark a check as judging `part_id`; a part's points are shared by its checks in proportion to `weight`."""
    mark: pytest.MarkDecorator = getattr(pytest.mark, MARK)
    return mark(part_id, scope=Scope.HOMEWORK, weight=weight)


def beyond(part_id: str) -> pytest.MarkDecorator:
    """Mark a check as advice: the docstring's contract outside the homework's own shapes. It costs nothing."""
    mark: pytest.MarkDecorator = getattr(pytest.mark, MARK)
    return mark(part_id, scope=Scope.BEYOND, weight=0.0)


def read_mark(item: pytest.Item) -> CheckMark:
    """Return what the mark on `item` says.

    Raises
    ------
    pytest.UsageError
        The check carries no mark, so nobody would know whose points it decides.
    """
    mark = item.get_closest_marker(MARK)
    if mark is None:
        raise pytest.UsageError(f"{item.nodeid} has no @part(...) or @beyond(...) mark")
    return CheckMark(mark.args[0], mark.kwargs["scope"], mark.kwargs["weight"])


def check_id(item: pytest.Item) -> str:
    """Return the check's stable name: its part, its function and its parameters."""
    return f"{read_mark(item).part}:{item.name.removeprefix('test_')}"


def title_of(item: pytest.Item) -> str:
    """Return the first paragraph of the check's docstring, its ``{parameters}`` filled in."""
    text = (getattr(getattr(item, "function", None), "__doc__", None) or item.name).strip()
    sentence = " ".join(text.split("\n\n")[0].split())
    callspec = getattr(item, "callspec", None)
    return sentence.format(**callspec.params) if callspec is not None else sentence


def submission_seed(course_key: str, assignment: str, version: str, sha256: str) -> bytes:
    """Mix what a submission's hidden inputs depend on.

    The course key is the secret: without it a student cannot draw the inputs beforehand.
    """
    return hashlib.sha256(SEPARATOR.join(map(str.encode, (course_key, assignment, version, sha256)))).digest()


def generator_for(seed: bytes, *name: object) -> np.random.Generator:
    """Return the generator that `name` denotes under `seed`."""
    text = SEPARATOR.join(str(each).encode() for each in name)
    digest = hashlib.sha256(seed + SEPARATOR + text).digest()
    return np.random.default_rng(int.from_bytes(digest))
