"""Insert rows that others may be inserting at the same moment, on any database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute, Session

from grader.gradebook.schema import Base

CHUNK = 500
"""Values in one list of a query; every database takes as many."""

_TRIES = 5

Item = TypeVar("Item")


def add_missing(
    session: Session, table: type[Base], key: InstrumentedAttribute[Any], rows: Mapping[str, dict[str, Any]]
) -> None:
    """Insert those of `rows`, by their `key`, that are not there; what is there stays as it is."""
    for chunk in in_chunks(list(rows)):
        for last in (*[False] * (_TRIES - 1), True):
            present = set(session.scalars(select(key).where(key.in_(chunk))))
            missing = [rows[each] for each in chunk if each not in present]
            try:
                with session.begin_nested():
                    if missing:
                        session.execute(insert(table), missing)
                break
            except IntegrityError:
                if last:
                    raise


def in_chunks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """Yield `items` in lists that fit into one query."""
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]
