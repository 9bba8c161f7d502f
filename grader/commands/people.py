"""`numgrade people`: keep people.csv, who is who on which platform, and say who has not handed in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from rich.console import Console
from rich.text import Text

from grader.commands.terminal import command
from grader.course.people import PEOPLE_FILE, CourseMember, People, PeopleError, load_people
from grader.course.repository import Course
from grader.gradebook import handed_in, open_gradebook
from grader.gradebook.database import gradebook_at, is_there
from grader.intake.arrivals import Person
from grader.reporting.exports.gradebook_sheet import Sheet, read_sheet
from grader.reporting.files import write_atomically
from grader.reporting.text import counted, one_line

DONE = 0

_LONGEST = 120
_NAMES = ("Student", "Full name", "Name", "name")
_MAILS = ("Email", "Email address", "E-mail", "SIS Login ID")
_SECTIONS = ("Section", "Sections", "Group", "Groups")

_IDENTITIES: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        "canvas": ("ID", ("SIS Login ID", "SIS User ID", "ID")),
        "moodle": ("Identifier", ("Username", "ID number", "Email address", "Identifier")),
        "gradescope": ("SID", ("Email", "SID")),
        "brightspace": ("Username", ("Username", "OrgDefinedId")),
        "blackboard": ("Username", ("Username", "Student ID")),
        "github": ("github_username", ("identifier", "github_username")),
    }
)
"""By platform the column of what it calls somebody, and those that the course's own id is taken from, best first."""


@dataclass(frozen=True, slots=True)
class PeopleOptions:
    """What the command line asked for.

    Attributes
    ----------
    platform, table
        A file that the platform wrote: its gradebook, worksheet or roster.
    missing
        Say who has not handed in.
    """

    root: Path
    platform: str = ""
    table: Path | None = None
    missing: bool = False
    assignment: str = ""
    out: Path = Path("grades")
    gradebook: str = ""


@command()
def run_people(console: Console, options: PeopleOptions) -> int:
    """Take over what a platform says of people, or say who is there and who has not handed in; return the exit code."""
    people = load_people(options.root)
    if options.platform or options.table:
        before, people = people, people.merged(_told(options))
        path = write_atomically(options.root / PEOPLE_FILE, people.render())
        new = len(people.members) - len(before.members)
        console.print(Text(f"{path}: {counted(len(people.members), 'person', 'people')}, {new} of them new"))
    elif options.missing:
        _print_missing(console, people, options)
    else:
        students = [each for each in people.members if each.is_student]
        sections = sorted({each.section for each in students if each.section})
        told = f" in sections {', '.join(sections)}" if sections else ""
        console.print(
            Text(
                f"{counted(len(students), 'student')} of {counted(len(people.members), 'person', 'people')}{told}"
            )
        )
    return DONE


def _told(options: PeopleOptions) -> Iterator[CourseMember]:
    """Give everybody whom a platform's file names."""
    if options.platform not in _IDENTITIES or options.table is None:
        raise PeopleError(f"name a platform and its file: --from {' or '.join(_IDENTITIES)}, and --file FILE")
    sheet = read_sheet(options.table)
    number, ids = _IDENTITIES[options.platform]
    if sheet.column(number) is None:
        raise PeopleError(f"{options.table} has no column {number}; export it from {options.platform} again")
    for row in sheet.rows:
        said = _first(sheet, row, (number,)).removeprefix("#")
        called = _first(sheet, row, _NAMES) or " ".join(
            filter(None, (_first(sheet, row, (name,)) for name in ("First Name", "Last Name")))
        )
        if (
            not said or "student, test" in called.casefold()
        ):  # Canvas's rows about points, and its test student
            continue
        mail = _first(sheet, row, _MAILS)
        own = _first(sheet, row, ids).removeprefix("#").partition("@")[0]
        yield CourseMember(
            id=own,
            name=called,
            email=mail if "@" in mail else "",
            section=_first(sheet, row, _SECTIONS),
            platforms={options.platform: said.rpartition(" ")[2] if options.platform == "moodle" else said},
        )


def _first(sheet: Sheet, row: tuple[str, ...], names: tuple[str, ...]) -> str:
    """Return what the first of some columns says that is there and says anything."""
    columns = (sheet.column(name) for name in names)
    return next((row[at].strip() for at in columns if at is not None and row[at].strip()), "")


def _print_missing(console: Console, people: People, options: PeopleOptions) -> None:
    assignment = Course(options.root).load(options.assignment)
    if not people.members:
        raise PeopleError(
            f"there is no {PEOPLE_FILE}; make it with --from canvas (or moodle, ...) and --file FILE"
        )
    came: list[Person] = []
    where = gradebook_at(options.gradebook, options.out)
    if is_there(where):
        with open_gradebook(where) as book:
            came = handed_in(book, assignment.id)
    members = {each.id: each for each in people.members}
    found = [
        members.get(each.member) or people.find(id=each.id, email=each.email, name=each.name) for each in came
    ]
    there = {each.id for each in found if each is not None}
    missing = [each for each in people.members if each.is_student and each.id not in there]
    for each in missing:
        words = " ".join(filter(None, (each.id, each.name, f"({each.section})" if each.section else "")))
        console.print(Text(one_line(words, _LONGEST)))
    console.print(Text(f"{counted(len(missing), 'student')} handed in nothing for {assignment.id}."))
    strangers = [each.id for each, member in zip(came, found, strict=True) if member is None]
    if strangers:
        console.print(Text(f"In no row of {PEOPLE_FILE}: {one_line(', '.join(strangers), 10 * _LONGEST)}"))
