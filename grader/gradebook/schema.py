"""The tables, and what their columns hold: who handed in what, what it was graded to, and what people changed.

A grading belongs to content, not to a person: two students with the same files share one, and a student who
hands the same files in again has been graded already. What a class is shown hangs on ``arrivals.published_id``.
Times are UTC. The columns of results, notebooks, decisions and page folders are the fields of the dataclasses that
they hold: a new field of a `CheckResult` needs a migration and nothing here.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Any, get_args, get_type_hints

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from grader.results import CheckResult, CodeText, Decision, Flag, NotebookPage, SubmissionReport, WaitingPart


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
    """Return the type of frozen dataclasses, in whatever they are nested, kept as JSON and checked when read.

    Any text in them comes back as it was: what a database would not take is an escape in JSON.
    """

    @cache  # made when the first value is kept or read: all of them together are a tenth of a second of every start
    def adapter() -> TypeAdapter[Any]:
        return TypeAdapter(kind)

    return Kept(
        sa.JSON(none_as_null=True),
        lambda value: adapter().dump_python(value),
        lambda kept: adapter().validate_python(kept),
    )


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


@dataclass(frozen=True, slots=True)
class PageRecord:
    """What a folder of reports shows.

    Attributes
    ----------
    section_id
        None of a folder that shows nothing yet.
    version
        Of what all pages are made with.
    files
        Tells whether what covers the whole class is still what was written, as `PageStamp.file` does of a page.
    pages
        By shown id, in the order in which the class is listed.
    """

    folder: str
    section_id: int | None = None
    version: str = ""
    files: str = ""
    pages: dict[str, PageStamp] = field(default_factory=dict)


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
        float: sa.Double(),
        int: sa.Integer(),
        bool: sa.Boolean(),
        GradingState: _member_of(GradingState),
        tuple[Flag, ...]: _document(tuple[Flag, ...]),
        tuple[WaitingPart, ...]: _document(tuple[WaitingPart, ...]),
    }


class StudentRow(Base):
    """Somebody as a download calls them, in whichever assignment; the course key tells whose an ``anonymous_id`` is.

    ``member`` is who they are in people.csv, empty where nobody is known: rows of one member are one student.
    """

    __tablename__ = "students"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str]
    lms_id: Mapped[str]
    member: Mapped[str] = mapped_column(index=True, default="")
    anonymous_id: Mapped[str] = mapped_column(unique=True)

    @property
    def who(self) -> str:
        """The one student, whatever platforms call them."""
        return self.member or self.id


WHO = sa.func.coalesce(sa.func.nullif(StudentRow.member, ""), StudentRow.id)
"""One student, over downloads of several platforms."""


class SectionRow(Base):
    """Submissions that are graded and shown together: one folder for one assignment.

    Whoever writes arrivals writes here first, and so waits for the one who is at it. Until ``opened_at`` the results
    are a draft, and no student is given any.
    """

    __tablename__ = "sections"
    __table_args__ = (sa.UniqueConstraint("assignment_id", "source"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[str]
    source: Mapped[str]
    anonymous: Mapped[bool]
    published_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]


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


class ReturnRow(Base):
    """What one student was given in one place, such as an assignment of Canvas; ``content`` is its digest.

    It is written before anything leaves, and ``sent_at`` once the place has it: between the two nobody here knows.
    """

    __tablename__ = "returns"

    assignment_id: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(primary_key=True)
    student_id: Mapped[str] = mapped_column(sa.ForeignKey("students.id"), primary_key=True)
    content: Mapped[str]
    intended_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class KeyRow(Base):
    """Under what contents are graded: the versions of assignment and engine, and the options that change results."""

    __tablename__ = "grading_keys"
    __table_args__ = (sa.UniqueConstraint("assignment_id", "version", "engine", "options"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[str]
    version: Mapped[str]
    engine: Mapped[str]
    options: Mapped[str]
    last_used: Mapped[datetime]


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
    waiting: Mapped[tuple[WaitingPart, ...]] = mapped_column(default=())
    error: Mapped[str] = mapped_column(default="")
    notebook_count: Mapped[int] = mapped_column(default=0)


def columns_of(table: Any, kind: type[Any]) -> list[Any]:
    """Return the columns of a table, or of a row's class, that hold the fields of a dataclass, in their order."""
    return [getattr(getattr(table, "c", table), each.name) for each in fields(kind)]


def values_of(item: Any) -> dict[str, Any]:
    """Return what a dataclass holds, by field and so by column."""
    return {each.name: getattr(item, each.name) for each in fields(item)}


def _table_of(name: str, kind: type[Any], *given: sa.Column[Any]) -> sa.Table:
    """Return a table with the columns that are given, and one for each other field of a dataclass."""
    others = get_type_hints(kind).items()
    derived = [
        sa.Column(field, _type_of(hint), nullable=type(None) in get_args(hint))
        for field, hint in others
        if field not in {each.name for each in given}
    ]
    return sa.Table(name, Base.metadata, *given, *derived)


def _type_of(hint: Any) -> Any:
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return _member_of(hint)
    return Base.type_annotation_map.get(hint) or _document(hint)


def _place_in_a_grading() -> tuple[sa.Column[Any], sa.Column[Any]]:
    grading = sa.ForeignKey("gradings.id", ondelete="CASCADE")
    return sa.Column("grading_id", grading, primary_key=True), sa.Column(
        "position", sa.Integer, primary_key=True
    )


RESULTS = _table_of("results", CheckResult, *_place_in_a_grading())
"""The verdict of each check of a grading."""

NOTEBOOKS = _table_of(
    "notebooks", NotebookPage, *_place_in_a_grading(), sa.Column("html", _PAGE, nullable=False)
)
"""The executed notebooks of a grading."""

CODE = _table_of("code", CodeText, *_place_in_a_grading(), sa.Column("text", _PAGE, nullable=False))
"""What was written in the content of a grading."""

DECISIONS = _table_of(
    "decisions",
    Decision,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("assignment_id", _ANY_TEXT, nullable=False, index=True),
    sa.Column("student_id", sa.ForeignKey("students.id"), nullable=True, index=True),
)
"""What people decided, about one student or, without one, about all. Rows are added and never changed: together they
are the audit trail."""

ENTRIES = sa.Table("entries", Base.metadata, sa.Column("name", _ANY_TEXT, primary_key=True))
"""What was entered once and is not to be entered again."""

REVIEWERS = sa.Table(
    "reviewers",
    Base.metadata,
    sa.Column("assignment_id", _ANY_TEXT, primary_key=True),
    sa.Column("name", _ANY_TEXT, primary_key=True),
    sa.Column("student_id", sa.ForeignKey("students.id"), nullable=True),
    sa.Column("at", _MOMENT, nullable=False),
)
"""Who looked at whose submission last, so that others see it."""

PAGE_FOLDERS = _table_of(
    "page_folders",
    PageRecord,
    sa.Column("folder", _ANY_TEXT, primary_key=True),
    sa.Column("section_id", sa.ForeignKey("sections.id"), nullable=False),
)
"""What each folder of reports shows."""

REPORT_COLUMNS = GradingRow.__annotations__.keys() & get_type_hints(SubmissionReport).keys() - {
    "id",
    "sha256",
}
"""Fields of a report that its grading has a column for, by the same name, to be written when it is completed."""


def rows_of(grading_id: int, items: Iterable[CheckResult | NotebookPage | CodeText]) -> list[dict[str, Any]]:
    """Return one row for each of `items`, in order."""
    return [{"grading_id": grading_id, "position": at, **values_of(item)} for at, item in enumerate(items)]
