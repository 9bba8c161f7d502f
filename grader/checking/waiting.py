"""What a person has to decide: parts that wait for given code in an answer, or because a check leaves it to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest

from grader.checking.run import CheckRecord
from grader.checking.verdicts import Verdict
from grader.course.assignment import Part
from grader.intake.given_code import Copied
from grader.results import Flag, WaitingPart

_COLUMN = 78
"""Characters of a line of either text."""


def beside_given_code(
    records: Sequence[CheckRecord], copies: Mapping[str, Copied], parts: Iterable[Part]
) -> tuple[CheckRecord, ...]:
    """Let parts wait whose points an answer earned that given code stands in, with both texts for staff."""
    found = {part.id: copies[part.symbol] for part in parts if part.naive and part.symbol in copies}
    return tuple(
        replace(each, verdict=_doubted(each.verdict, found[each.mark.part]))
        if each.mark.part in found and each.verdict.outcome.earns
        else each
        for each in records
    )


def _doubted(verdict: Verdict, copied: Copied) -> Verdict:
    message = "Code that was handed out stands in this answer. A person will look at it before it counts."
    left, right = copied.original.splitlines(), copied.text.splitlines()
    lines = zip_longest([copied.given, "", *left], ["handed in", "", *right], fillvalue="")
    note = "\n".join(f"{one[:_COLUMN]:{_COLUMN}} | {other[:_COLUMN]}" for one, other in lines)
    return replace(verdict, message=message, staff_note=f"{verdict.staff_note}\n{note}".strip(), waits=True)


def doubts(
    records: Sequence[CheckRecord], copies: Mapping[str, Copied], parts: Iterable[Part]
) -> Iterator[Flag]:
    """Tell staff which parts wait for them, and why."""
    waiting = {each.mark.part: each.verdict for each in records if each.verdict.waits}
    for part in parts:
        copied = copies.get(part.symbol) if part.naive else None
        if part.id in waiting and copied is not None:
            yield Flag(
                "given_code",
                f"{copied.share:.0%} of {copied.given} stands in {copied.symbol}; what it earned waits until somebody "
                "has looked. Both texts are in the notes of its checks",
            )
        elif part.id in waiting:
            note = waiting[part.id].staff_note.partition("\n")[0]
            yield Flag(
                "doubtful", f"{part.id} waits until somebody has looked: {note or waiting[part.id].message}"
            )


def left_to_people(records: Iterable[CheckRecord], parts: Iterable[Part]) -> Iterator[WaitingPart]:
    """Return the parts that wait because one of their checks left it to a person."""
    why = {each.mark.part: each.verdict.message for each in records if each.verdict.waits}
    return (WaitingPart(each.id, each.points, why[each.id]) for each in parts if each.id in why)
