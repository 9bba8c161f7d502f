"""The tables, and what their columns hold: who handed in what, what it was graded to, and what people changed.

A grading belongs to content, not to a person: two students with the same files share one, and a student who
hands the same files in again has been graded already. What a class is shown hangs on ``arrivals.published_id``.
Times are UTC. The columns of results and notebooks are the fields of `CheckResult` and `NotebookPage`, by name:
a new field needs a migration and nothing here.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, get_args, get_type_hints

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from grader.results import CheckResult, Flag, NotebookPage, SubmissionReport


class Kept(sa.types.TypeDecorator[Any]):
    """A value that `write` turns into what the database keeps as `impl`, and `read` turns back; None stays None."""

    impl: Any = sa.Text
    cache_ok = True

    def __init__(
        self, impl: sa.types.TypeEngine[Any], write: Callable[[Any], Any], read: Callable[[Any], Any]
    ) -> None:
        super().__init__()
        self.impl = impl
        self.write = write
        self.read = read

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> Any:  # noqa: ARG002
        """Return what is kept."""
        return None if value is None else self.write(value)

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Any:  # noqa: ARG002
        """Return what was kept."""
        return None if value is None else self.read(value)


def storable(text: str) -> str:
    """Return `text` with what no database takes, NUL and lone surrogates, written out as escapes."""
    return text.replace("\0", "\\x00").encode("utf-8", "backslashreplace").decode("utf-8")


def _in_utc(moment: datetime) -> datetime:
    """Return a moment as all databases keep it: they disagree about zones, so none is left to them."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone cannot be kept")
    return moment.astimezone(UTC).replace(tzinfo=None)


def _member_of(members: type[StrEnum]) -> Kept:
    """Return the type of a member, kept as its value: a new member needs no migration."""
    return Kept(sa.Text(), str, members)


def _document(kind: Any) -> Kept:
    """Return the type of frozen dataclasses, in whatever they are nested, kept as JSON and checked when read."""
    adapter = TypeAdapter[Any](kind)
    return Kept(
        sa.JSON(none_as_null=True),
        lambda value: _storable_within(adapter.dump_python(value)),
        adapter.validate_python,
    )


def _storable_within(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {storable(name): _storable_within(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_storable_within(each) for each in value]
    return value


_MOMENT = Kept(sa.DateTime(), _in_utc, lambda kept: kept.replace(tzinfo=UTC))
_ANY_TEXT = Kept(sa.Text(), storable, str)
_PAGE = Kept(  # whole pages take a fifth of their size, and come back letter for letter
    sa.LargeBinary(),
    lambda html: zlib.compress(html.encode("utf-8", "backslashreplace")),
    lambda kept: zlib.decompress(kept).decode("utf-8"),
)


class GradingState(StrEnum):
    """How far a grading is."""

    CLAIMED = "claimed"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class PageStamp:
    """What a page in a folder of reports shows.

    Attributes
    ----------
    digest
        Of the standing that it was made from.
    file
        Tells whether the file that lies there is still the one that was written.
    """

    digest: str
    file: str


class Base(DeclarativeBase):
    """What all tables share; constraints have names, so that migrations can speak of them."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012  # SQLAlchemy's own declaration
        datetime: _MOMENT,
        str: _ANY_TEXT,
        float: sa.Double,
        GradingState: _member_of(GradingState),
        tuple[Flag, ...]: _document(tuple[Flag, ...]),
        dict[str, PageStamp]: _document(dict[str, PageStamp]),
    }


class StudentRow(Base):
    """A member of the course, in whichever assignment; the course key tells whose an ``anonymous_id`` is."""

    __tablename__ = "students"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str]
    lms_id: Mapped[str]
    anonymous_id: Mapped[str] = mapped_column(unique=True)


class SectionRow(Base):
    """Submissions that are graded and shown together: one folder for one assignment."""

    __tablename__ = "sections"
    __table_args__ = (sa.UniqueConstraint("assignment_id", "source"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[str]
    source: Mapped[str]
    anonymous: Mapped[bool]


class ArrivalRow(Base):
    """One attempt of one student; ``present`` is false once a later look at the folder misses it.

    ``fingerprint`` tells without opening a file whether it is still what was read; ``error`` says why it could
    not be read, and ``flags`` what staff should see about how it was packed.
    """

    __tablename__ = "arrivals"
    __table_args__ = (sa.UniqueConstraint("section_id", "candidate_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int] = mapped_column(sa.ForeignKey("sections.id"))
    student_id: Mapped[str] = mapped_column(sa.ForeignKey("students.id"), index=True)
    candidate_id: Mapped[str]
    fingerprint: Mapped[str]
    attempt: Mapped[int]
    submitted_at: Mapped[datetime | None]
    late_seconds: Mapped[float | None]
    sha256: Mapped[str | None]
    flags: Mapped[tuple[Flag, ...]]
    error: Mapped[str]
    present: Mapped[bool]
    published_id: Mapped[int | None] = mapped_column(sa.ForeignKey("gradings.id"), index=True)


class KeyRow(Base):
    """Under what contents are graded: the versions of assignment and engine, and the options that change results."""

    __tablename__ = "grading_keys"
    __table_args__ = (sa.UniqueConstraint("assignment_id", "version", "engine", "options"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[str]
    version: Mapped[str]
    engine: Mapped[str]
    options: Mapped[str]


class GradingRow(Base):
    """What one content was graded to under one key, the ``serial``-th time anew.

    While it is claimed, ``token`` names who holds the claim, and ``lease_until`` when it lapses unless renewed.
    """

    __tablename__ = "gradings"
    __table_args__ = (sa.UniqueConstraint("key_id", "sha256", "serial"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key_id: Mapped[int] = mapped_column(sa.ForeignKey("grading_keys.id"))
    sha256: Mapped[str]
    serial: Mapped[int]
    state: Mapped[GradingState]
    token: Mapped[str]
    lease_until: Mapped[datetime]
    claims: Mapped[int]
    finished_at: Mapped[datetime | None]
    score: Mapped[float] = mapped_column(default=0.0)
    max_score: Mapped[float] = mapped_column(default=0.0)
    isolation: Mapped[str] = mapped_column(default="")
    seconds: Mapped[float] = mapped_column(default=0.0)
    flags: Mapped[tuple[Flag, ...]] = mapped_column(default=())
    error: Mapped[str] = mapped_column(default="")
    notebook_count: Mapped[int] = mapped_column(default=0)


class AdjustmentRow(Base):
    """Points a person gave or took. Rows are added and never changed: together they are the audit trail."""

    __tablename__ = "adjustments"

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[str] = mapped_column(index=True)
    student_id: Mapped[str] = mapped_column(sa.ForeignKey("students.id"), index=True)
    part: Mapped[str]
    points: Mapped[float]
    why: Mapped[str]
    who: Mapped[str]
    made_at: Mapped[datetime]


class PageFolderRow(Base):
    """A folder of reports: which section it shows, the version of what its pages are made with, and each page.

    ``files`` tells whether what covers the whole class is still what was written.
    """

    __tablename__ = "page_folders"

    folder: Mapped[str] = mapped_column(primary_key=True)
    section_id: Mapped[int] = mapped_column(sa.ForeignKey("sections.id"))
    version: Mapped[str]
    files: Mapped[str]
    pages: Mapped[dict[str, PageStamp]]


REPORT_COLUMNS = tuple(
    each.name
    for each in fields(SubmissionReport)
    if each.name in GradingRow.__annotations__.keys() - {"id", "sha256"}
)
"""Fields of a report that its grading has a column for, by the same name, to be written when it is completed."""


def _table_of(name: str, kind: type[Any], types: Mapping[str, Kept] = MappingProxyType({})) -> sa.Table:
    """Return the table of what a grading has several of, in order: with a column for each field of `kind`."""
    hints = get_type_hints(kind)
    return sa.Table(
        name,
        Base.metadata,
        sa.Column("grading_id", sa.ForeignKey("gradings.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        *(
            sa.Column(field, types.get(field) or _type_of(hint), nullable=type(None) in get_args(hint))
            for field, hint in hints.items()
        ),
    )


def _type_of(hint: Any) -> sa.types.TypeEngine[Any]:
    plain: dict[Any, sa.types.TypeEngine[Any]] = {
        str: _ANY_TEXT,
        float: sa.Double(),
        int: sa.Integer(),
        bool: sa.Boolean(),
    }
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return _member_of(hint)
    return plain.get(hint) or _document(hint)


RESULTS = _table_of("results", CheckResult)
NOTEBOOKS = _table_of("notebooks", NotebookPage, {"html": _PAGE})


def rows_of(grading_id: int, items: Iterable[CheckResult | NotebookPage]) -> list[dict[str, Any]]:
    """Return one row for each of `items`, in order."""
    return [
        {"grading_id": grading_id, "position": at}
        | {each.name: getattr(item, each.name) for each in fields(item)}
        for at, item in enumerate(items)
    ]
