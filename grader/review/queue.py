"""What is to be looked at: filters that stand in the address, groups by diagnosis, and how far everybody is."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from urllib.parse import urlencode

from grader.reporting.standing import PartState
from grader.results import DecisionKind
from grader.review.class_view import ClassView, Reviewed, diagnosis_id

PAGE = 50
"""Submissions on one page of the queue."""

LONGEST_SEARCH = 100
_JUDGING = frozenset(DecisionKind) - {DecisionKind.LOOK, DecisionKind.SHARE}


@dataclass(frozen=True, slots=True)
class Filters:
    """Which submissions are wanted, as the address of a page says it; empty is no filter.

    Attributes
    ----------
    part
        Those with something to look at in this part.
    diagnosis
        Its short name.
    flag
        The kind.
    waiting, new, mine
        ``1``: a person has yet to judge them; nobody has looked at them; they are the reviewer's share.
    q
        In names and ids.
    group
        ``diagnosis``: counted by it.
    """

    part: str = ""
    diagnosis: str = ""
    flag: str = ""
    waiting: str = ""
    section: str = ""
    team: str = ""
    new: str = ""
    mine: str = ""
    q: str = ""
    group: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Filters:
        """Read them from the query of an address; what is not known is left out."""
        return cls(**{each.name: query.get(each.name, "")[:LONGEST_SEARCH] for each in fields(cls)})

    @property
    def query(self) -> str:
        """The query of an address that asks for the same, with its question mark; empty where nothing is asked."""
        said = {each.name: getattr(self, each.name) for each in fields(self)}
        return (
            f"?{urlencode(wanted)}" if (wanted := {name: each for name, each in said.items() if each}) else ""
        )

    def but(self, **changed: str) -> str:
        """Return the query with another value of some of them."""
        return replace(self, **changed).query

    def toggled(self, name: str, value: str) -> str:
        """Return the query with a filter set, or left out where it is set already."""
        return self.but(**{name: "" if getattr(self, name) == value else value})

    def wants(self, each: Reviewed, sentence: str, who: str, *, blind: bool) -> bool:
        """Say whether a submission is wanted by `who`; `sentence` is that of the diagnosis."""
        return (
            (not self.part or each.state(self.part) not in {None, PartState.FULL, PartState.NOT_GRADED})
            and (not self.diagnosis or sentence in each.diagnoses)
            and (not self.flag or any(flag.kind == self.flag for flag in each.report.flags))
            and (not self.waiting or each.waits)
            and (not self.section or each.facts.section == self.section)
            and (not self.team or each.facts.team == self.team)
            and (not self.new or not each.looked)
            and (not self.mine or who in each.shares.values())
            and (not self.q or _is_called(each, self.q, blind=blind))
        )


def _is_called(each: Reviewed, words: str, *, blind: bool) -> bool:
    if words.casefold() in each.key.casefold():
        return True
    if blind or each.standing.shown != each.standing.candidate_id:
        return False
    ids = " ".join((each.facts.id, each.facts.email, each.standing.shown)).casefold()
    wanted, name = _folded(words).split(), _folded(each.facts.name)
    return words.casefold() in ids or bool(wanted and all(word in name for word in wanted))


def _folded(text: str) -> str:
    """Return a text in lower case and without accents: nobody types them when looking for somebody."""
    parted = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in parted if not unicodedata.combining(each))


def listed_in(view: ClassView, filters: Filters, who: str, *, blind: bool) -> tuple[Reviewed, ...]:
    """Return the submissions that are wanted, in the order in which they are looked at."""
    sentence = view.diagnoses.get(filters.diagnosis, "\0")
    found = [each for each in view.students if filters.wants(each, sentence, who, blind=blind)]
    return tuple(sorted(found, key=lambda each: each.key) if blind else found)


def neighbours(
    view: ClassView, filters: Filters, key: str, who: str, *, blind: bool
) -> tuple[int, int, str, str]:
    """Return the place of a submission among those that are wanted, how many those are, and the ones beside it.

    It need not be wanted any more: what was judged is not waiting, and the next is still the next.
    """
    wanted = [each.key for each in listed_in(view, filters, who, blind=blind)]
    order = [each.key for each in listed_in(view, Filters(), who, blind=blind)]
    at = {each: place for place, each in enumerate(order)}
    mine = at.get(key, -1)
    before = [each for each in wanted if at[each] < mine]
    after = [each for each in wanted if at[each] > mine]
    place = len(before) + 1
    return place, len(wanted), (before or [""])[-1], (after or [""])[0]


@dataclass(frozen=True, slots=True)
class DiagnosisGroup:
    """Submissions with one diagnosis, or with none."""

    id: str
    sentence: str
    students: tuple[Reviewed, ...]

    @property
    def looked(self) -> int:
        """How many of them somebody has looked at."""
        return sum(bool(each.looked) for each in self.students)


def grouped(students: Iterable[Reviewed]) -> tuple[DiagnosisGroup, ...]:
    """Put together those with one diagnosis, the largest group first; who has several is in several."""
    found: dict[str, list[Reviewed]] = {}
    for each in students:
        for sentence in each.diagnoses or ("",):
            found.setdefault(sentence, []).append(each)
    groups = (
        DiagnosisGroup(diagnosis_id(each) if each else "", each, tuple(some)) for each, some in found.items()
    )
    return tuple(sorted(groups, key=lambda each: (not each.sentence, -len(each.students), each.sentence)))


@dataclass(frozen=True, slots=True)
class PartProgress:
    """How far a part is: of how many submissions it is full, lost points, waits, and how often a person decided."""

    id: str
    title: str
    full: int
    lost: int
    waiting: int
    decided: int


@dataclass(frozen=True, slots=True)
class GraderProgress:
    """What somebody did, and what of their share is left."""

    name: str
    looked: int
    decisions: int
    share: int
    left: int


def part_progress(view: ClassView) -> tuple[PartProgress, ...]:
    """Return how far each part is."""
    states: dict[str, Counter[PartState]] = {}
    decided: Counter[str] = Counter()
    for student in view.students:
        for part in student.parts:
            states.setdefault(part.id, Counter())[part.state] += 1
        decided.update({each.part for each in student.decisions if each.kind in _JUDGING})
    titles = {part.id: part.title for part in view.assignment.parts}
    order = [*(each for each in titles if each in states), *(each for each in states if each not in titles)]
    return tuple(
        PartProgress(
            part,
            titles.get(part, part),
            states[part][PartState.FULL],
            states[part][PartState.PARTIAL] + states[part][PartState.NONE],
            states[part][PartState.WAITING],
            decided[part],
        )
        for part in order
    )


def grader_progress(view: ClassView) -> tuple[GraderProgress, ...]:
    """Return how far everybody is who looked, decided, or has a share."""
    looked: Counter[str] = Counter()
    decisions: Counter[str] = Counter()
    share: Counter[str] = Counter()
    left: Counter[str] = Counter()
    for student in view.students:
        looked.update(student.looked)
        decisions.update(each.who for each in student.decisions if each.kind in _JUDGING)
        owners = set(student.shares.values())
        share.update(owners)
        left.update(owners - set(student.looked))
    names = sorted((looked + decisions + share).keys() - {"policy"})
    return tuple(
        GraderProgress(each, looked[each], decisions[each], share[each], left[each]) for each in names
    )


def choices(view: ClassView) -> Mapping[str, Sequence[tuple[str, int]]]:
    """Return what can be filtered by, each with how many submissions have it."""
    flags: Counter[str] = Counter()
    sections: Counter[str] = Counter()
    teams: Counter[str] = Counter()
    for each in view.students:
        flags.update({flag.kind for flag in each.report.flags})
        sections[each.facts.section] += 1
        teams[each.facts.team] += 1
    counted = {"flag": flags, "section": sections, "team": teams}
    return {name: sorted((item, n) for item, n in some.items() if item) for name, some in counted.items()}


def shared_out(students: Sequence[Reviewed], graders: Sequence[str]) -> Iterable[tuple[Reviewed, str]]:
    """Share submissions out in runs of nearly one length; a team's go to one person."""
    groups: dict[str, list[Reviewed]] = {}
    for each in students:
        groups.setdefault(each.facts.team or f"\0{each.key}", []).append(each)
    done = 0
    for group in groups.values():
        grader = graders[min(done * len(graders) // max(len(students), 1), len(graders) - 1)]
        done += len(group)
        yield from ((each, grader) for each in group)
