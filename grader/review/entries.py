"""From what was sent to what is decided: one form, one batch of decisions, each with who and why."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from grader.reporting.text import number, whole_number
from grader.results import WHOLE, CodePlace, CodeText, Decision, DecisionKind, Refusal
from grader.review.class_view import ClassView, Reviewed

LONGEST_TEXT = 20_000
"""Characters of one comment or reason."""

BY_HAND = "Judged by hand."
"""The reason of points in a part that people judge, where none is said."""

Entry = tuple[str | None, Decision]
"""Whom a decision is about, None for all, and the decision."""


class EntryRefused(Refusal):
    """What was sent cannot be entered; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as it was sent from the page of a submission.

    Attributes
    ----------
    fields
        By name, as text.
    code
        What the student wrote, where the form is about a line of it.
    """

    view: ClassView
    student: Reviewed
    who: str
    fields: Mapping[str, str]
    code: tuple[CodeText, ...] = ()

    def text(self, name: str) -> str:
        """Return what was written, without the white space around it."""
        return self.fields.get(name, "").strip()

    def number(self, name: str) -> int:
        """Return a number that a page wrote."""
        said = whole_number(self.text(name))
        if said is None:
            raise EntryRefused(f"the form says no {name}; load the page again")
        return said

    @property
    def part(self) -> str:
        """Which part it is about."""
        part = self.text("part") or WHOLE
        if part != WHOLE and part not in {each.id for each in self.view.assignment.parts}:
            raise EntryRefused(f"{self.view.assignment.id} has no part {part!r}")
        return part

    @property
    def about(self) -> tuple[Reviewed, ...]:
        """Whom it is about: this student, or all who have the diagnosis that it names."""
        if not self.fields.get("all"):
            return (self.student,)
        return self.view.with_diagnosis(self.sentence)

    @property
    def sentence(self) -> str:
        """The diagnosis of those it is about; empty where it is about one."""
        asked = self.fields.get("all", "")
        if asked and asked not in self.view.diagnoses:
            raise EntryRefused("nobody has this diagnosis any more; load the page again")
        return self.view.diagnoses.get(asked, "")


def entries_of(sent: Sent) -> tuple[Entry, ...]:
    """Return what is to be entered.

    Raises
    ------
    EntryRefused
        A word or number is missing, or says nothing that can be counted.
    """
    make = _MAKERS.get(sent.text("do"))
    if make is None:
        raise EntryRefused("the form does not say what to do; load the page again")
    if any(len(each) > LONGEST_TEXT for each in sent.fields.values()):
        raise EntryRefused(f"write at most {number(LONGEST_TEXT)} characters at a time")
    goes_on = sent.text("next") and make is not _look
    return (*make(sent), *(_look(sent) if goes_on else ()))


def application(item: int, who: str) -> Decision:
    """Return the decision that applies an item of the rubric."""
    return Decision(WHOLE, DecisionKind.APPLY, 0.0, "", who, item=item)


def _comment(sent: Sent) -> Sequence[Entry]:
    decision = Decision(
        sent.part, DecisionKind.COMMENT, 0.0, _needed(sent, "text"), sent.who, place=_place(sent)
    )
    if not sent.fields.get("all"):
        return [(sent.student.facts.id, decision)]
    everybody = replace(decision, diagnosis=sent.sentence, place=None)  # others have other lines
    return [(each.facts.id, everybody) for each in sent.about]


def _edit(sent: Sent) -> Sequence[Entry]:
    old = next((each for each in sent.student.decisions if each.number == sent.number("number")), None)
    if old is None or old.kind is not DecisionKind.COMMENT:
        raise EntryRefused("this comment is not there any more; what you wrote can be entered as a new one")
    student = sent.student.facts.id
    new = replace(old, why=_needed(sent, "text"), who=sent.who, when="", number=0)
    return [(student, _undoing(sent, old.number)), (student, new)]


def _points(sent: Sent) -> Sequence[Entry]:
    kind = {
        "add": DecisionKind.ADD,
        "set": DecisionKind.SET,
        "cap": DecisionKind.CAP,
        "give": DecisionKind.GIVE,
        "void": DecisionKind.VOID,
        "extend": DecisionKind.EXTEND,
    }.get(sent.text("kind"))
    if kind is None:
        raise EntryRefused("say whether points are added, set, capped or given")
    part = WHOLE if kind is DecisionKind.EXTEND else sent.part
    if kind is DecisionKind.VOID and part == WHOLE:
        raise EntryRefused("say which part is left out")
    needs = kind not in {DecisionKind.GIVE, DecisionKind.VOID}
    points = points_of(sent.text("points"), negative=kind is DecisionKind.ADD) if needs else 0.0
    most = next((each.points for each in sent.view.assignment.parts if each.id == part), math.inf)
    if kind is not DecisionKind.EXTEND and abs(points) > most:
        raise EntryRefused(f"{part} has {number(most)} points, and {number(points)} is beyond them")
    if kind is DecisionKind.EXTEND and points != int(points):
        raise EntryRefused("an extension is of whole days")
    why = sent.text("text") or (BY_HAND if _is_for_people(sent, part) else _needed(sent, "text"))
    decision = Decision(part, kind, points, why, sent.who, diagnosis=sent.sentence)
    return [(each.facts.id, decision) for each in sent.about]


def _item(sent: Sent) -> Sequence[Entry]:
    points = points_of(sent.text("points"), negative=True)
    decision = Decision(sent.part, DecisionKind.ITEM, points, _needed(sent, "text"), sent.who)
    if not sent.text("item"):
        return [(None, decision)]
    old = _known_item(sent)
    return [(None, replace(decision, item=old.item, part=old.part))]


def _apply(sent: Sent) -> Sequence[Entry]:
    item = _known_item(sent)
    lacking = [each for each in sent.about if item.item not in {one.item for one in each.decisions}]
    if not lacking:
        raise EntryRefused("everybody it is about has it already")
    decision = replace(application(item.item, sent.who), diagnosis=sent.sentence)
    return [(each.facts.id, decision) for each in lacking]


def _remove(sent: Sent) -> Sequence[Entry]:
    """Take from this student what was decided, alone or together with others."""
    return [(sent.student.facts.id, _undoing(sent, sent.number("number")))]


def _undo(sent: Sent) -> Sequence[Entry]:
    """Take back what was entered together, for all whom it is about."""
    return [(None, _undoing(sent, sent.number("number")))]


def _look(sent: Sent) -> Sequence[Entry]:
    seen = sent.student.standing.sha256 or ""
    return [(sent.student.facts.id, Decision(WHOLE, DecisionKind.LOOK, 0.0, seen, sent.who))]


def _undoing(sent: Sent, decision: int) -> Decision:
    return Decision(
        WHOLE, DecisionKind.UNDO, 0.0, sent.text("text") or "taken back", sent.who, undoes=decision
    )


_MAKERS: Mapping[str, Callable[[Sent], Sequence[Entry]]] = MappingProxyType(
    {
        "comment": _comment,
        "edit": _edit,
        "points": _points,
        "item": _item,
        "apply": _apply,
        "remove": _remove,
        "undo": _undo,
        "look": _look,
    }
)


def points_of(said: str, *, negative: bool) -> float:
    """Return a number of points as somebody wrote it, with a point or a comma."""
    try:
        points = float(said.replace(",", ".").replace("\N{MINUS SIGN}", "-"))
    except ValueError:
        points = math.nan
    if not math.isfinite(points) or (points < 0 and not negative) or abs(points) > LONGEST_TEXT:
        raise EntryRefused(f"{said!r} is no number of points; write one such as 2 or 1.5")
    return points


def _needed(sent: Sent, name: str) -> str:
    if not (said := sent.text(name)):
        raise EntryRefused("say why: the student reads it")
    return said


def _known_item(sent: Sent) -> Decision:
    item = sent.view.rubric.get(sent.number("item"))
    if item is None:
        raise EntryRefused("this item of the rubric is not there any more; load the page again")
    return item


def _is_for_people(sent: Sent, part: str) -> bool:
    return any(each.part == part for each in sent.student.report.waiting) or any(
        each.id == part and each.kind == "hand" for each in sent.view.assignment.parts
    )


def _place(sent: Sent) -> CodePlace | None:
    """Return the line that a comment is about, with the answer and the words by which it is found again."""
    name = sent.fields.get("file", "")
    if not sent.text("line"):
        return None
    code = next((each for each in sent.code if each.name == name), None)
    line = sent.number("line")
    lines = code.text.split("\n") if code else []
    if code is None or not 1 <= line <= len(lines):
        raise EntryRefused(
            f"there is no line {line} in {name or 'this file'}; leave the line out, or name another"
        )
    symbol = next((each.symbol for each in code.answers if each.first <= line <= each.last), "")
    return CodePlace(name, line, symbol, lines[line - 1])
