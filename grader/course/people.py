"""Who is in the course: people.csv, with what each platform calls everybody, so that one student stays one student."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from grader.results import Refusal

PEOPLE_FILE = "people.csv"

_OWN = ("id", "name", "email", "section", "team", "role")


class PeopleError(Refusal):
    """people.csv cannot be used; the message says what to do."""


@dataclass(frozen=True, slots=True)
class CourseMember:
    """One person of the course.

    Attributes
    ----------
    id
        The course's own name for them, unique.
    role
        Empty for students; ``staff`` for those who grade.
    platforms
        By platform what it calls them: a number, a login.
    """

    id: str
    name: str = ""
    email: str = ""
    section: str = ""
    team: str = ""
    role: str = ""
    platforms: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_student(self) -> bool:
        """Whether work is expected of them."""
        return self.role.casefold() in {"", "student"}


@dataclass(frozen=True, slots=True)
class People:
    """All members, in the order of the file."""

    members: tuple[CourseMember, ...] = ()

    def find(self, *, id: str = "", email: str = "", number: str = "", name: str = "") -> CourseMember | None:
        """Return who is meant; None where nobody is, or several could be.

        What a platform calls somebody goes before the mail, that before the course's own id, and a name comes last:
        it may be written in another order, in another case, and with its accents apart.
        """
        wanted = name_words(name)
        ways = (
            [each for each in self.members if number and number in each.platforms.values()],
            [each for each in self.members if email and each.email.casefold() == email.casefold()],
            [each for each in self.members if id and each.id.casefold() == id.casefold()],
            [each for each in self.members if wanted and sorted(name_words(each.name)) == sorted(wanted)],
        )
        found = next((each for each in ways if each), [])
        return found[0] if len(found) == 1 else None

    def merged(self, told: Iterable[CourseMember]) -> People:
        """Return the people with what a platform tells: who is known gets what was not known, who is new is added."""
        members = {each.id: each for each in self.members}
        for each in told:
            number = next(iter(each.platforms.values()), "")
            known = People(tuple(members.values())).find(
                id=each.id, email=each.email, number=number, name=each.name
            )
            if known is None:
                own = _free_id(each.id, members)
                members[own] = replace(each, id=own)
            else:
                said = {name: getattr(known, name) or getattr(each, name) for name in _OWN}
                members[known.id] = CourseMember(**said, platforms={**known.platforms, **each.platforms})
        return People(tuple(members.values()))

    def render(self) -> str:
        """Return people.csv."""
        platforms = sorted({name for each in self.members for name in each.platforms})
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([*_OWN, *platforms])
        for each in self.members:
            own = [getattr(each, name) for name in _OWN]
            writer.writerow([*own, *(each.platforms.get(name, "") for name in platforms)])
        return stream.getvalue()


def load_people(root: Path) -> People:
    """Read the people of the course at `root`; without a file there are none.

    Raises
    ------
    PeopleError
        It is not CSV in UTF-8, has no column ``id``, or an id is missing or stands twice.
    """
    path = root / PEOPLE_FILE
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file, restval=""))
    except FileNotFoundError:
        return People()
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise PeopleError(f"{path} cannot be read ({error}); write it as CSV in UTF-8") from error
    members: dict[str, CourseMember] = {}
    for at, row in enumerate(rows, start=2):
        said = {name.strip(): (value or "").strip() for name, value in row.items() if name}
        if not said.get("id"):
            raise PeopleError(
                f"row {at} of {path} has no id; every person needs one of their own, in the column id"
            )
        if said["id"] in members:
            raise PeopleError(
                f"row {at} of {path}: the id {said['id']} stands twice; give each person one of their own"
            )
        own = {name: said.pop(name, "") for name in _OWN}
        members[own["id"]] = CourseMember(
            **own, platforms={name: value for name, value in said.items() if value}
        )
    return People(tuple(members.values()))


def name_words(name: str) -> list[str]:
    """Return a name's words in lower case, without accents and other marks that combine with letters."""
    parted = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(each for each in parted if not unicodedata.category(each).startswith("M"))
    return [word for word in re.split(r"[\W\d_]+", plain) if word]


def _free_id(wanted: str, taken: Mapping[str, CourseMember]) -> str:
    own, number = wanted or "person", 2
    while own in taken:
        own, number = f"{wanted or 'person'}-{number}", number + 1
    return own
