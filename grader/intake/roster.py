"""Find in people.csv who handed in each arrival of a download, every member of a team included.

Nobody is guessed: whoever could be two people, or is nobody's name, is graded and said, and no student gets that grade.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from grader.course.people import CourseMember, MembersMeant, People, same_name
from grader.intake.arrivals import Arrival, Candidate, Person
from grader.intake.lms.pieces import NOBODYS, Download
from grader.intake.names import clean_id, printable

_NAMED_BY_THE_GROUP = frozenset({"canvas"})
"""Platforms that call a group's work by its name and one member's number."""

_EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Found:
    """Who was found for one of a download's people: members, of a team all; or none, and why."""

    members: tuple[CourseMember, ...]
    team: str = ""
    why: str = ""


def joined(download: Download, people: People) -> Download:
    """Return a download whose arrivals say who of people.csv handed them in, a team's once for each member.

    Without people nothing is joined. Who handed in alone beside a team is said in any case.
    """
    arrivals, notes = download.arrivals, download.notes
    if people.members:
        found = _found(download, people)
        notes += tuple(each.why for each in found.values() if each.why)
        arrivals = tuple(each for arrival in arrivals for each in _of_members(arrival, found, download))
    arrivals, more = _in_order(arrivals)
    return replace(download, arrivals=arrivals, notes=(*notes, *more))


def _found(download: Download, people: People) -> dict[str, _Found]:
    """Return by a person's id who they are, each member only where nobody else of the download may be the same."""
    platform = download.platform.name
    persons = {each.student.id: each.student for each in download.arrivals}
    matching = {
        id: people.matching(id=id, email=each.email, number=each.lms_id, name=each.name, platform=platform)
        for id, each in persons.items()
    }
    claims: dict[str, list[str]] = defaultdict(list)
    for id, each in matching.items():
        if len(each.members) == 1:
            claims[each.members[0].id].append(id)
    return {id: _settled(person, platform, matching, claims, people) for id, person in persons.items()}


def _settled(
    person: Person,
    platform: str,
    matching: Mapping[str, MembersMeant],
    claims: Mapping[str, Sequence[str]],
    people: People,
) -> _Found:
    mine, team = matching[person.id], people.team(person.name or person.id)
    shown = printable(person.name or person.id)
    alone = mine.members[0] if len(mine.members) == 1 else None
    if team and (not mine.members or alone in team):
        return _Found(team, shown)
    if team or len(mine.members) > 1:
        could = sorted({each.id for each in (*mine.members, *team)})
        return _Found((), why=_nobodys(shown, f"could be {' or '.join(could)} of people.csv"))
    if alone is None:
        return _Found((), why=_nobodys(shown, "is in no row of people.csv"))
    if mine.sure and platform in _NAMED_BY_THE_GROUP and not same_name(person.name, alone.name):
        why = f"{shown} is not what {alone.id} is called, who alone gets its grade"
        return _Found((alone,), why=f"{why}: a group's counts for all whose team in people.csv is {shown}")
    others = [each for each in claims[alone.id] if each != person.id]
    if others and not mine.sure:
        return _Found((), why=_nobodys(shown, f"may be {alone.id}, and so may {printable(others[0])}"))
    return _Found((alone,))


def _nobodys(shown: str, why: str) -> str:
    return f"{shown} {why}: it is graded, and {NOBODYS}"


def _of_members(arrival: Arrival, found: Mapping[str, _Found], download: Download) -> Iterator[Arrival]:
    """Yield an arrival once for each member that it is from; as it was where that is nobody."""
    who = found[arrival.student.id]
    if not who.members:
        yield arrival
    for each in who.members:
        if not who.team:
            yield replace(arrival, student=replace(arrival.student, member=each.id))
            continue
        number = each.platforms.get(download.platform.name, "")
        person = Person(clean_id((each.id,)), each.name, each.email, number, each.id)
        candidate = Candidate(clean_id((arrival.candidate.id, each.id)), arrival.candidate.path)
        yield replace(arrival, candidate=candidate, student=person)


def _in_order(arrivals: Sequence[Arrival]) -> tuple[tuple[Arrival, ...], list[str]]:
    """Number the attempts of who handed in under two names, as alone and in a team; say who did that.

    They go by the time; where that is not known a team's work comes after what one of them handed in alone.
    """
    hands: dict[object, set[str]] = defaultdict(set)
    of: dict[str, list[Arrival]] = defaultdict(list)
    for each in arrivals:
        hands[each.candidate.path].add(each.student.who)
        of[each.student.who].append(each)
    numbers: dict[str, int] = {}
    notes: list[str] = []
    for who, mine in sorted(of.items()):
        in_team = {each.candidate.id: len(hands[each.candidate.path]) > 1 for each in mine}
        if len({each.student.id for each in mine}) > 1:
            numbers |= {id: at for at, id in enumerate(_oldest_first(mine, in_team), start=1)}
        if len(set(in_team.values())) > 1:
            notes.append(
                f"{printable(who)} handed in alone and in a team: these count as attempts of one student"
            )
    return tuple(
        replace(each, attempt=numbers.get(each.candidate.id, each.attempt)) for each in arrivals
    ), notes


def _oldest_first(arrivals: Sequence[Arrival], in_team: Mapping[str, bool]) -> list[str]:
    timed = all(each.submitted_at for each in arrivals)
    aged = [
        (
            (timed and each.submitted_at) or _EARLIEST,
            in_team[each.candidate.id],
            each.attempt,
            each.candidate.id,
        )
        for each in arrivals
    ]
    return [id for *_, id in sorted(aged)]
