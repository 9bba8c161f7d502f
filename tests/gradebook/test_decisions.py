"""What people decide: what comes of it in each part and in the total, on kept results, in any order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from grader.course.assignment import Assignment
from grader.course.policy import Policy
from grader.gradebook.decisions import Decisions
from grader.gradebook.final import final_report
from grader.reporting.standing import PartState, part_standings
from grader.reporting.submission_page import change_words
from grader.results import WHOLE, Decision, DecisionKind, SubmissionReport, WaitingPart

from .reports import check, report

A = "a" * 64
FORWARD, POOL, ACCURACY = "conv_forward_naive", "max_pool_forward_naive", "CNN.accuracy"
ELSEWHERE = {"undo", "item", "apply", "look", "share"}
KINDS = [each for each in DecisionKind if each not in ELSEWHERE]


def decided(part: str, kind: str, points: float = 0.0, **more: object) -> Decision:
    """Return a decision."""
    return replace(Decision(part, DecisionKind(kind), points, "why", "grace", "2026-11-20"), **more)


def totals(found: SubmissionReport) -> tuple[float, float]:
    """Return what was reached, and what could be."""
    return found.score, found.max_score


decisions = st.lists(
    st.builds(
        Decision,
        st.sampled_from([WHOLE, FORWARD, POOL, ACCURACY]),
        st.sampled_from(KINDS),
        st.integers(-30, 30).map(float),
        st.just("why"),
        beyond=st.booleans(),
    ).filter(lambda each: (each.part, each.kind) != (WHOLE, DecisionKind.VOID)),
    max_size=6,
)


@given(decisions, st.floats(0, 12), st.floats(0, 8), st.integers(0, 9), st.booleans())
def test_rows_and_total_add_up(
    cnn: Assignment, entered: list[Decision], forward: float, pool: float, days: int, waits: bool
) -> None:
    """Whatever is decided, the parts' points, what is about the whole and lateness are the score."""
    cnn = cnn.model_copy(update={"policy": Policy(penalty_per_day=7)})
    kept = report(A, forward=forward, pool=pool)
    if waits:
        kept = replace(kept, score=forward, waiting=(WaitingPart(POOL, 8.0),))
    found = final_report(kept, entered, days, cnn)
    parts = part_standings(found, cnn)
    whole = sum(each.points for each in found.adjustments if each.part == WHOLE)
    assert sum(each.points for each in parts) + whole - found.penalty == pytest.approx(found.score, abs=1e-4)
    assert sum(each.max_points for each in parts) == pytest.approx(found.max_score, abs=1e-4)
    assert found.score >= 0
    worth = {part.id: part.points for part in cnn.parts}
    if not any(each.beyond for each in entered):
        assert all(-1e-6 <= each.points <= worth[each.id] + 1e-6 for each in parts)


@pytest.mark.parametrize(
    ("kind", "points", "expected"),
    [
        ("add", 2.0, (10.0, 20.0)),
        ("add", 99.0, (20.0, 20.0)),
        ("add", -99.0, (8.0, 20.0)),
        ("set", 5.0, (13.0, 20.0)),
        ("set", 0.0, (8.0, 20.0)),
        ("give", 0.0, (20.0, 20.0)),
        ("void", 0.0, (8.0, 8.0)),
        ("cap", 1.0, (8.0, 20.0)),
    ],
)
def test_each_kind_does_what_it_says(
    cnn: Assignment, kind: str, points: float, expected: tuple[float, float]
) -> None:
    """A part of 12 that earned nothing, after one decision about it, beside another that earned its 8."""
    found = final_report(report(A, forward=0.0), (decided(FORWARD, kind, points),), 0, cnn)
    assert totals(found) == expected


def test_a_cap_takes_what_is_above_it(cnn: Assignment) -> None:
    """The part keeps what the cap allows, and the student reads what it took."""
    found = final_report(report(A), (decided(FORWARD, "cap", 8.0),), 0, cnn)
    assert totals(found) == (16.0, 20.0)
    assert [(each.points, each.kind) for each in found.adjustments] == [(-4.0, DecisionKind.CAP)]


def test_beyond_a_parts_points_only_where_it_was_asked_for(cnn: Assignment) -> None:
    """A prize counts in full, and shows in its part."""
    found = final_report(report(A), (decided(FORWARD, "add", 3.0, beyond=True),), 0, cnn)
    assert totals(found) == (23.0, 20.0)
    assert part_standings(found, cnn)[0].points == 15.0


def test_a_slip_and_its_opposite_show_nowhere(cnn: Assignment) -> None:
    """What the next decision takes back is nobody's to read; what has no effect is not shown either."""
    entered = decided(FORWARD, "add", 5.0), decided(POOL, "add", -1.0), decided(FORWARD, "add", -5.0)
    found = final_report(report(A), entered, 0, cnn)
    assert [(each.part, each.points) for each in found.adjustments] == [(POOL, -1.0)]
    assert final_report(report(A), (decided(FORWARD, "add", 5.0),), 0, cnn).adjustments == ()


def test_a_comment_changes_no_points(cnn: Assignment) -> None:
    """It is there to be read, also where there is no result."""
    comment = (decided(FORWARD, "comment"),)
    found = final_report(report(A), comment, 0, cnn)
    assert totals(found) == (20.0, 20.0)
    assert [(each.part, each.text, each.who) for each in found.comments] == [(FORWARD, "why", "grace")]
    broken = replace(report(A), error="no archive", checks=())
    assert final_report(broken, comment, 0, cnn).comments == found.comments


def test_a_part_that_waits_is_in_what_can_be_reached(cnn: Assignment) -> None:
    """It has no points until a person decides, zero too, and then it waits no more."""
    waits = replace(report(A), max_score=25.0, waiting=(WaitingPart(ACCURACY, 5.0, "A person reads it."),))
    found = final_report(waits, (), 0, cnn)
    assert totals(found) == (20.0, 25.0)
    assert [each.part for each in found.waiting] == [ACCURACY]
    assert part_standings(found, cnn)[-1].state is PartState.WAITING
    commented = final_report(waits, (decided(ACCURACY, "comment"),), 0, cnn)
    assert commented.waiting == found.waiting
    for points in (0.0, 4.0):
        judged = final_report(waits, (decided(ACCURACY, "set", points),), 0, cnn)
        assert (totals(judged), judged.waiting) == ((20.0 + points, 25.0), ())


def test_points_of_a_part_that_waits_count_once_it_is_released(cnn: Assignment) -> None:
    """What its checks earned is set aside while it waits, and is there when a person gives it back."""
    waits = replace(report(A), score=8.0, waiting=(WaitingPart(FORWARD, 12.0),))
    assert totals(final_report(waits, (), 0, cnn)) == (8.0, 20.0)
    assert totals(final_report(waits, (decided(FORWARD, "add", 0.0),), 0, cnn)) == (20.0, 20.0)


def test_a_decision_about_a_diagnosis_is_about_those_who_have_it(cnn: Assignment) -> None:
    """Only where a failed check was explained so."""
    mixed = check(FORWARD, 0.0, 12.0, diagnosis="The channels are mixed.")
    has = replace(report(A, forward=0.0), checks=(mixed, *report(A).checks[1:]))
    about = (decided(FORWARD, "set", 6.0, diagnosis="The channels are mixed."),)
    assert totals(final_report(has, about, 0, cnn)) == (14.0, 20.0)
    assert totals(final_report(report(A, forward=0.0), about, 0, cnn)) == (8.0, 20.0)


def test_undone_is_as_if_it_had_never_been_entered() -> None:
    """An undo can be undone as well, and every entry stays on record."""
    first, undo = decided(FORWARD, "add", 2.0, number=1), decided(WHOLE, "undo", number=2, undoes=1)
    again = decided(WHOLE, "undo", number=3, undoes=2)
    entered = ((None, first), ("ada", replace(first, number=4)))
    assert [each.number for _, each in Decisions((*entered, (None, undo))).counting] == [4]
    assert [each.number for _, each in Decisions((*entered, (None, undo), (None, again))).counting] == [1, 4]
    assert [each.number for _, each in Decisions(((None, undo), *entered)).counting] == [
        1,
        4,
    ]  # it came first


def test_what_is_decided_for_all_is_decided_for_each() -> None:
    """Everybody has it, in the order of entry, and nobody has what is another's."""
    book = Decisions(((None, decided(FORWARD, "give")), ("ada", decided(POOL, "set", 1.0))))
    found = book.by_student(["ada", "ben"])
    assert [each.part for each in found["ada"]] == [FORWARD, POOL]
    assert [each.part for each in found["ben"]] == [FORWARD]


def mixed(forward: float, pool: float, diagnosis: str = "The channels are mixed.") -> SubmissionReport:
    """Return a report in which one mistake costs points in two parts."""
    checks = check(FORWARD, forward, 12.0, diagnosis=diagnosis), check(POOL, pool, 8.0, diagnosis=diagnosis)
    return replace(report(A), checks=checks, score=forward + pool)


@pytest.mark.parametrize(("share", "score"), [(0, 0.0), (50, 4.0), (100, 8.0)])
def test_one_mistake_is_charged_in_its_dearest_part(cnn: Assignment, share: float, score: float) -> None:
    """Of what it costs elsewhere the policy gives its share back, and the page says why."""
    cnn = cnn.model_copy(update={"policy": Policy(same_mistake=share)})
    found = final_report(mixed(0.0, 0.0), (), 0, cnn)
    assert totals(found) == (score, 20.0)
    title = next(part.title for part in cnn.parts if part.id == FORWARD)
    said = f"the same mistake costs points in {title}: The channels are mixed."
    assert [(each.part, each.points, each.why) for each in found.adjustments] == [(POOL, score, said)] * bool(
        share
    )


def test_what_is_not_one_diagnosis_is_charged_in_each_part(cnn: Assignment) -> None:
    """Failures that nothing explains, and a mistake in one part alone, cost what they cost."""
    once = cnn.model_copy(update={"policy": Policy(same_mistake=100)})
    assert final_report(mixed(0.0, 0.0, ""), (), 0, once).score == 0.0
    assert final_report(mixed(0.0, 8.0), (), 0, once).score == 8.0


def test_a_part_that_waits_waits_on_whatever_a_mistake_costs(cnn: Assignment) -> None:
    """The policy's own giving settles nothing that a person has to judge."""
    once = cnn.model_copy(update={"policy": Policy(same_mistake=100)})
    waits = replace(mixed(0.0, 0.0), waiting=(WaitingPart(POOL, 8.0),))
    found = final_report(waits, (), 0, once)
    assert (totals(found), [each.part for each in found.waiting]) == ((0.0, 20.0), [POOL])


@pytest.mark.parametrize(("days", "charged"), [(1, 2), (3, 0), (9, 0)])
def test_an_extension_takes_days_off(cnn: Assignment, days: int, charged: int) -> None:
    """Of three days late as many are charged as the extension leaves, and the page names it."""
    cnn = cnn.model_copy(update={"policy": Policy(penalty_per_day=10)})
    found = final_report(report(A), (decided(WHOLE, "extend", days),), 3, cnn)
    assert (found.late_days, found.score) == (charged, 20.0 - 2.0 * charged)
    assert [each.why for each in found.adjustments] == [f"{days} day{'s' * (days > 1)} more: why"]
    assert "Extension: " in " ".join(change_words(found, {}))


def test_an_item_of_the_rubric_is_worth_what_it_says_now() -> None:
    """Whoever has an item applied gets its points as they were changed last; nobody does once the item is undone."""
    item = decided(FORWARD, "item", -2.0, number=1)
    given = [
        ("ada", decided(WHOLE, "apply", item=1, number=2)),
        ("ben", decided(WHOLE, "apply", item=1, number=2)),
    ]
    changed = decided(FORWARD, "item", -1.0, item=1, number=4, why="half as bad")
    book = Decisions(((None, item), *given, (None, changed)))
    (found,) = book.by_student(["ada"])["ada"]
    assert (found.kind, found.part, found.points, found.why) == ("add", FORWARD, -1.0, "half as bad")
    gone = Decisions((*book.entered, (None, decided(WHOLE, "undo", undoes=1, number=5))))
    assert gone.items == {}
    assert gone.by_student(["ada"]) == {"ada": ()}


def test_what_was_decided_for_many_can_be_undone_for_one() -> None:
    """An undoing about one student leaves the others what they have, and can be undone itself."""
    entered = [(name, decided(POOL, "set", 1.0, number=1)) for name in ("ada", "ben")]
    everybody = (None, decided(FORWARD, "give", number=3))
    undo = [("ada", decided(WHOLE, "undo", undoes=number, number=3 + number)) for number in (1, 3)]
    found = Decisions((*entered, everybody, *undo)).by_student(["ada", "ben"])
    assert [[each.number for each in found[name]] for name in ("ada", "ben")] == [[], [1, 3]]
    back = Decisions((*entered, everybody, *undo, (None, decided(WHOLE, "undo", undoes=4, number=7))))
    assert [each.number for each in back.by_student(["ada"])["ada"]] == [1]


def test_looking_and_sharing_change_nothing() -> None:
    """That somebody looked, or is to look, does not reach what a submission came to."""
    entered = tuple((None, decided(POOL, kind)) for kind in ("look", "share", "item"))
    assert Decisions(entered).by_student(["ada"]) == {"ada": ()}
