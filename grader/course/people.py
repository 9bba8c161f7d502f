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

_NEW_EACH_TIME = frozenset({"moodle"})
"""Platforms that number people anew in each assignment, and teams in the same way: such a number alone says nothing."""

_OF_THE_COURSE = frozenset({"", "gradescope", "brightspace", "blackboard", "github", "nbgrader", "plain"})
"""Platforms that call people by a login or number which the course may use itself, as its own id."""


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
class MembersMeant:
    """Whoever could be meant: one, if all is well; and whether more than a name says so."""

    members: tuple[CourseMember, ...]
    sure: bool = False


@dataclass(frozen=True, slots=True)
class People:
    """All members, in the order of the file."""

    members: tuple[CourseMember, ...] = ()

    def find(
        self, *, id: str = "", email: str = "", number: str = "", name: str = "", platform: str = ""
    ) -> CourseMember | None:
        """Return who is meant; None where nobody is, or several could be; see `matching`."""
        found = self.matching(id=id, email=email, number=number, name=name, platform=platform)
        return found.members[0] if len(found.members) == 1 else None

    def matching(
        self, *, id: str = "", email: str = "", number: str = "", name: str = "", platform: str = ""
    ) -> MembersMeant:
        """Return whoever could be meant.

        What a platform calls somebody and the mail say it; where these two say different people, both could be meant.
        Else the course's own id does, and then the whole name: it may be written in another order, in another case, as
        one word and with its accents apart, but nobody is meant whom the platform calls otherwise, or who has another
        mail.

        Parameters
        ----------
        number
            What the platform calls them.
        platform
            Which one, so that a number is not somebody's on another; empty where that is not known.
        """
        told = [each for each in self.members if number and _is_called(each, number, platform, name)]
        told += [each for each in self.members if email and _same(each.email, email) and each not in told]
        if told:
            return MembersMeant(tuple(told), sure=True)
        own = (id, number) if platform in _OF_THE_COURSE else (id,)
        left = [each for each in self.members if not _is_called_otherwise(each, number, platform)]
        by_id = [each for each in left if any(_same(each.id, said) for said in own)]
        if by_id:
            return MembersMeant(tuple(by_id), sure=True)
        by_name = [each for each in left if same_name(name or id, each.name)]
        return MembersMeant(tuple(each for each in by_name if not (email and each.email)))

    def team(self, name: str) -> tuple[CourseMember, ...]:
        """Return the students of the team of this name, however its words are joined; nobody for no name."""
        key = _joined(name)
        return tuple(each for each in self.members if key and each.is_student and _joined(each.team) == key)

    def merged(self, told: Iterable[CourseMember]) -> People:
        """Return the people with what a platform tells: who is known gets what was not known, who is new is added."""
        members = {each.id: each for each in self.members}
        for each in told:
            number = next(iter(each.platforms.values()), "")
            platform = next(iter(each.platforms), "")
            known = People(tuple(members.values())).find(
                id=each.id, email=each.email, number=number, name=each.name, platform=platform
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
    """Return a name's words in lower case, without accents and what else may be left out in writing.

    Marks that are letters of their own, as vowels in India and Thailand are, stay: names differ by them alone.
    """
    parted = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(
        each for each in parted if not _OPTIONAL.match(each) and unicodedata.category(each) != "Cf"
    )
    return "".join(each if unicodedata.category(each)[0] in "LM" else " " for each in plain).split()


def same_name(one: str, other: str) -> bool:
    """Say whether two names are the same words, in any order, with apostrophes and hyphens or without, or as one."""
    for between in (" ", ""):
        words, others = (name_words(_INSIDE.sub(between, each)) for each in (one, other))
        if words and sorted(words) == sorted(others):
            return True
    if not words or not others or 1 not in {len(words), len(others)}:
        return False
    (whole,), parts = sorted((words, others), key=len)
    return any(whole == "".join(parts[at:] + parts[:at]) for at in range(len(parts)))


_INSIDE = re.compile("['\u2019\u2018\u02bc\u2010\u2011-]")
"""What stands within a word of a name, where it is not left out."""

_OPTIONAL = re.compile(
    "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\u0591-\u05c7\u064b-\u065f\u0670]"
)
"""Accents, and the vowels of Hebrew and Arabic."""


def _same(one: str, other: str) -> bool:
    written = (unicodedata.normalize("NFC", each).strip().casefold() for each in (one, other))
    return bool(one) and len(set(written)) == 1


def _joined(name: str) -> str:
    parted = unicodedata.normalize("NFKC", name.casefold())
    return "".join(each for each in parted if unicodedata.category(each)[0] in "LMN")


def _is_called(member: CourseMember, number: str, platform: str, name: str) -> bool:
    """Say whether the platform calls a member so; of one that is not known, whether any does."""
    said = [member.platforms.get(platform, "")] if platform else member.platforms.values()
    if platform in _NEW_EACH_TIME and name and not same_name(name, member.name):
        return False
    return any(_same(each, number) for each in said)


def _is_called_otherwise(member: CourseMember, number: str, platform: str) -> bool:
    known = "" if platform in _NEW_EACH_TIME else member.platforms.get(platform, "")
    return bool(known and number) and not _same(known, number)


def _free_id(wanted: str, taken: Mapping[str, CourseMember]) -> str:
    own, number = wanted or "person", 2
    while own in taken:
        own, number = f"{wanted or 'person'}-{number}", number + 1
    return own
