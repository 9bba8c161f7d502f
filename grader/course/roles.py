"""What people of the course may do, by their role in people.csv: the one table, for the console and for the review."""

from __future__ import annotations

import getpass
from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType

from grader.course.people import PEOPLE_FILE, CourseMember, People
from grader.results import Decision, DecisionKind, Refusal


class Act(StrEnum):
    """What somebody does with other people's results."""

    LOOK = "look"
    GRADE = "grade"
    COMMENT = "comment"
    DECIDE = "decide"
    PUBLISH = "publish"
    VOID = "void"
    DELETE = "delete"


_TA = frozenset({Act.LOOK, Act.GRADE, Act.COMMENT, Act.DECIDE})

ROLES: Mapping[str, frozenset[Act]] = MappingProxyType(
    {
        "student": frozenset(),
        "observer": frozenset({Act.LOOK}),
        "grader": _TA,
        "ta": _TA,
        "staff": frozenset(Act),
        "instructor": frozenset(Act),
    }
)
"""By role what it may do. Another word in the column ``role``, and none, are students'."""


_ACTS: Mapping[DecisionKind, Act] = MappingProxyType(
    {
        DecisionKind.COMMENT: Act.COMMENT,
        DecisionKind.LOOK: Act.COMMENT,
        DecisionKind.VOID: Act.VOID,
    }
)
"""What it takes to enter decisions of a kind; of all others it is to decide."""


class NotAllowed(Refusal):
    """Who asks may not do that; the message says who may."""


def acts_of(member: CourseMember) -> frozenset[Act]:
    """Return what a member may do."""
    return ROLES.get(member.role.strip().casefold(), ROLES["student"])


def require(people: People, who: str, act: Act) -> None:
    """See that somebody, named by id, mail or name, may do something; where no staff is listed, everybody may.

    Raises
    ------
    NotAllowed
        They are not listed, or their role does not allow it.
    """
    staff = [each for each in people.members if acts_of(each)]
    if not staff:
        return
    member = people.find(id=who, email=who if "@" in who else "", name=who)
    if member is not None and act in acts_of(member):
        return
    others = ", ".join(sorted(each.id for each in staff if act in acts_of(each))) or "nobody yet"
    why = f"may not {act} as {member.role or 'student'}" if member else f"is nobody of {PEOPLE_FILE}"
    raise NotAllowed(
        f"{who} {why}; who may {act}: {others} (column role of {PEOPLE_FILE}; --who, or --as of the review, says who "
        "you are)"
    )


def logged_in() -> str:
    """Return who is logged in."""
    try:
        return getpass.getuser()
    except (ImportError, KeyError, OSError):  # a container may have no name for its user
        raise Refusal("nobody is logged in under a name; say who you are with --who (review: --as)") from None


def acts_for(decisions: Iterable[Decision], entered: Iterable[Decision]) -> list[Act]:
    """Return what somebody must be allowed to who enters decisions; undoing takes what the undone took.

    Parameters
    ----------
    entered
        What was decided so far, where a number that is undone is found.
    """
    known: dict[int, list[Decision]] = {}
    for each in entered:
        known.setdefault(each.number, []).append(each)
    ahead, acts = list(decisions), set[Act]()
    while ahead:
        each = ahead.pop()
        if each.kind is DecisionKind.UNDO:
            ahead += known.pop(each.undoes, ())  # each number once, whatever undoes what
        else:
            acts.add(_ACTS.get(each.kind, Act.DECIDE))
    return sorted(acts or {Act.DECIDE})
