"""What is kept comes back: reports, arrivals, what is published, decisions and anonymous names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings, strategies as st

from grader.course.assignment import Assignment
from grader.course.policy import Attempts, Policy
from grader.gradebook import (
    ClaimStore,
    Gradebook,
    Outdated,
    PageRecord,
    PageStamp,
    Section,
    add_flag,
    decide,
    decisions_of,
    finished,
    known_arrivals,
    not_flagged,
    publish,
    read_class,
    section_shown_in,
)
from grader.gradebook.claims import GradingKey
from grader.gradebook.errors import UnknownDecision, UnknownStudent
from grader.gradebook.final import final_report, move_between
from grader.gradebook.register import anonymous_id
from grader.gradebook.schema import RESULTS, StudentRow
from grader.intake.arrivals import Person
from grader.plan import without_result
from grader.results import WHOLE, CheckResult, Decision, DecisionKind, Flag, SubmissionReport

from .conftest import received
from .reports import anything, as_stored, check, report

A, B = "a" * 64, "b" * 64


def graded(book: Gradebook, key: GradingKey, *reports: SubmissionReport) -> Mapping[str, int]:
    """Grade these contents to these reports; return all gradings."""
    store = ClaimStore(book)
    for each in reports:
        claim = store.claim(each.sha256, key)
        assert claim
        assert store.complete(claim, each)
    return finished(book, key)


def shown(book: Gradebook, section: int, cnn: Assignment) -> dict[str, SubmissionReport]:
    """Return what a class is shown, by id."""
    with read_class(book, section, cnn) as state:
        return {each.id: each for each in state.reports(state.counting(state.standings()))}


def added(part: str, points: float, why: str, who: str = "") -> Decision:
    """Return the decision to give so many points."""
    return Decision(part, DecisionKind.ADD, points, why, who)


def publish_all(book: Gradebook, section: int, cnn: Assignment, gradings: Mapping[str, int]) -> None:
    """Publish these gradings."""
    with read_class(book, section, cnn) as state:
        standings = state.standings(gradings)
    publish(book, section, standings)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(anything)
def test_any_report_comes_back_as_it_was(book, section, cnn, enter, given_report) -> None:
    """Whatever a submission's report quotes, every database keeps it, and gives back each field."""
    key = enter([], "/elsewhere", fresh=True).key
    given_report = replace(
        given_report, sha256=A, student="", attempt=1, adjustments=(), late_days=0, penalty=0.0, comments=()
    )
    gradings = graded(book, key, given_report)
    without_points_of_today = cnn.model_copy(update={"parts": ()})
    with read_class(book, section, without_points_of_today) as state:
        standing = next(each for each in state.standings(gradings) if each.sha256 == A)
        (found,) = state.reports([replace(standing, flags=())])
        notebooks, code = state.notebooks(standing), state.code(standing)
    kept = as_stored(given_report)
    if not kept.error:  # the sum is rounded when it is made final
        kept = replace(kept, score=round(kept.score, 6), max_score=round(kept.max_score, 6))
    assert replace(found, notebooks=notebooks, code=code) == replace(kept, id="ada", student="ada")


def test_text_that_no_database_takes_is_kept(book, section, cnn, key) -> None:
    """NUL and half a surrogate pair, as a submission may print them: in JSON as they are, in text written out."""
    odd = "\0 \ud800"
    given_report = replace(report(A), flags=(Flag("odd", odd),), checks=(check("p", 0.0, 1.0, message=odd),))
    publish_all(book, section, cnn, graded(book, key, given_report))
    found = shown(book, section, cnn)["ada"]
    assert found.flags[-1] == Flag("odd", odd)
    assert found.checks[0].message == "\\x00 \\ud800"


def test_a_class_is_shown_what_is_published_and_nothing_else(book, section, cnn, key) -> None:
    """A grading shows after it is published; who cannot be read has the reason, and flags of both kinds are there."""
    gradings = graded(book, key, report(A), report(B, forward=0.0))
    assert {each.error for each in shown(book, section, cnn).values()} != {""}
    publish_all(book, section, cnn, gradings)
    reports = shown(book, section, cnn)
    assert [(id, each.score) for id, each in reports.items()] == [("ada", 20.0), ("bob", 8.0), ("eve", 0.0)]
    assert reports["eve"].error == "eve is not a zip archive"
    assert [flag.kind for flag in reports["ada"].flags] == ["renamed", "noticed"]
    assert reports["ada"].student == "ada"


def test_two_students_with_the_same_content_share_a_grading(book, cnn, key, enter) -> None:
    """The content is graded once and shown to both."""
    section = enter([received("ada", A), received("bob", A)], "/twins").section_id
    publish_all(book, section, cnn, graded(book, key, report(A)))
    assert [each.score for each in shown(book, section, cnn).values()] == [20.0, 20.0]


@pytest.mark.parametrize(("policy", "chosen"), [(Attempts.LATEST, "ada-2"), (Attempts.BEST, "ada-1")])
def test_the_policy_says_which_attempt_is_shown(book, cnn, key, enter, policy, chosen) -> None:
    """One report per student: that of the latest attempt, or that of the best."""
    cnn = cnn.model_copy(update={"policy": Policy(attempts=policy)})
    first, second = (received(f"ada-{n}", sha, student="ada", attempt=n) for n, sha in ((1, A), (2, B)))
    section = enter([first, second], "/attempts").section_id
    publish_all(book, section, cnn, graded(book, key, report(A), report(B, forward=0.0)))
    (only,) = shown(book, section, cnn).values()
    assert (only.id, only.student) == (chosen, "ada")


def test_lateness_costs_what_the_policy_says(book, cnn, key, enter) -> None:
    """Two days late at ten percent a day: a fifth of what was reached."""
    due = datetime(2026, 11, 20, tzinfo=UTC)
    cnn = cnn.model_copy(update={"policy": Policy(due=due, penalty_per_day=10)})
    late = received("ada", A)
    late = replace(late, arrival=replace(late.arrival, submitted_at=datetime(2026, 11, 21, 1, tzinfo=UTC)))
    section = enter([late], "/late").section_id
    publish_all(book, section, cnn, graded(book, key, report(A)))
    (found,) = shown(book, section, cnn).values()
    assert (found.score, found.late_days, found.penalty) == (16.0, 2, 4.0)


def test_an_adjustment_outlives_a_regrade(book, section, cnn, key, enter) -> None:
    """Points given by hand count with every grading, and who, when and why are kept with them."""
    publish_all(book, section, cnn, graded(book, key, report(A, forward=6.0)))
    decide(book, cnn.id, [("ada", added("conv_forward_naive", 2.0, "unclear handout", "grace"))])
    assert shown(book, section, cnn)["ada"].score == 16.0
    changed = enter([], "/elsewhere", engine="engine-2").key
    publish_all(book, section, cnn, graded(book, changed, report(A, forward=9.0)))
    found = shown(book, section, cnn)["ada"]
    assert found.score == 19.0
    (kept,) = found.adjustments
    assert (kept.part, kept.points, kept.why, kept.who) == (
        "conv_forward_naive",
        2.0,
        "unclear handout",
        "grace",
    )
    assert kept.when.endswith("+00:00")


@pytest.mark.usefixtures("section")
def test_an_adjustment_for_nobody_is_refused(book, cnn) -> None:
    """A name that nobody has is an error that names who is meant, perhaps."""
    with pytest.raises(UnknownStudent, match=r"'adda'.*did you mean ada"):
        decide(book, cnn.id, [("adda", added(WHOLE, 1.0, "x", "y"))])
    with pytest.raises(UnknownStudent, match="handed in fc"):
        decide(book, "fc", [("ada", added(WHOLE, 1.0, "x", "y"))])


def test_graders_can_be_kept_from_knowing_names(book, section, cnn, key, enter) -> None:
    """Ids say nothing without the key, are the same every time, and lead back through the gradebook."""
    publish_all(book, section, cnn, graded(book, key, report(A), report(B)))
    enter(anonymous=True)
    reports = shown(book, section, cnn)
    assert set(reports) == {anonymous_id(name, "key") for name in ("ada", "bob", "eve")}
    assert not [each for each in reports.values() if each.student or "eve" in each.error]
    assert anonymous_id("ada", "key") != anonymous_id("ada", "another key")
    decide(book, cnn.id, [(anonymous_id("ada", "key"), added(WHOLE, 1.0, "x", "y"))])
    enter()
    assert "ada" not in shown(book, section, cnn)
    enter(anonymous=False)
    assert [each.why for each in shown(book, section, cnn)["ada"].adjustments] == ["x"]


def test_who_comes_later_has_an_anonymous_name_as_well(book, section, cnn, enter) -> None:
    """A section that hides names hides those of whoever is registered after it was told to."""
    enter(anonymous=True)
    enter([received("zoe", B)])
    assert anonymous_id("zoe", "key") in shown(book, section, cnn)
    assert not [each for each in shown(book, section, cnn) if not each.startswith("anon-")]


def test_what_a_platform_does_not_say_of_a_student_stays_known(book, enter) -> None:
    """A name that a download tells is kept through one that does not, and changed by one that tells another."""
    for name, email in (("Ada", ""), ("", "ada@example.org"), ("Ada L.", "")):
        told = received("ada", A)
        enter([replace(told, arrival=replace(told.arrival, student=Person("ada", name, email)))])
    with book.reading() as session:
        student = session.get_one(StudentRow, "ada")
        assert (student.name, student.email) == ("Ada L.", "ada@example.org")


def test_who_is_no_longer_there_is_no_longer_shown(book, section, cnn, enter) -> None:
    """Who is said to be gone is left out until the next arrival; of whom nothing is said stays."""
    enter([received("ada", A)])
    assert list(shown(book, section, cnn)) == ["ada", "bob", "eve"]
    enter([received("ada", A)], gone=["bob", "eve"])
    assert list(shown(book, section, cnn)) == ["ada"]
    enter([received("ada", A), received("bob", B)])
    assert list(shown(book, section, cnn)) == ["ada", "bob"]


def test_what_was_found_in_a_submission_is_known_at_the_next_look(book, enter, cnn) -> None:
    """Hash, flags and error come back by candidate, for this section alone."""
    found = received("ada", A), received("eve", None)
    enter(found)
    enter([received("bob", B)], "/elsewhere")
    known = known_arrivals(book, Section(cnn.id, "/downloads"))
    assert known == {each.arrival.candidate.id: each.content for each in found}
    assert known_arrivals(book, Section(cnn.id, "/nowhere")) == {}


def test_pages_are_remembered_by_their_folder(book, section, cnn, tmp_path: Path) -> None:
    """What a folder shows comes back in order, with a section only of the assignment that is asked for."""
    pages = {name: PageStamp(f"digest of {name}", "1@2") for name in ("zoe", "ada")}
    with read_class(book, section, cnn) as state:
        nothing = state.pages(tmp_path)
    assert nothing.section_id is None
    assert not nothing.pages
    for version in ("1", "2"):
        record = PageRecord(nothing.folder, section, version, "3@4", pages)
        publish(book, section, (), record)
        with read_class(book, section, cnn) as state:
            assert state.pages(tmp_path) == record
            assert list(state.pages(tmp_path).pages) == list(pages)
            assert state.pages(tmp_path / "other").section_id is None
    assert section_shown_in(book, cnn.id, tmp_path) == section
    assert section_shown_in(book, "fc", tmp_path) is None


def test_every_field_of_a_result_has_a_column() -> None:
    """A new field needs a migration and nothing else in the gradebook."""
    assert {each.name for each in RESULTS.columns} >= {each.name for each in fields(CheckResult)}


def test_a_flag_can_be_added_later(book, section, cnn, key) -> None:
    """What is found out afterwards stands behind what was noticed, and is not looked for twice."""
    gradings = graded(book, key, report(A), report(B))
    assert not_flagged(book, gradings.values(), {"trained_again"}) == sorted(gradings.values())
    add_flag(book, gradings[A], Flag("trained_again", "it reaches 60 %"))
    assert not_flagged(book, gradings.values(), {"trained_again"}) == [gradings[B]]
    publish_all(book, section, cnn, gradings)
    assert [each.kind for each in shown(book, section, cnn)["ada"].flags] == [
        "renamed",
        "noticed",
        "trained_again",
    ]


changes = st.lists(
    st.builds(
        added,
        st.sampled_from([WHOLE, "conv_forward_naive", "max_pool_forward_naive", "CNN.accuracy"]),
        st.floats(-50, 50),
        st.just("why"),
    ),
    max_size=4,
)


@example(
    adjustments=[added("conv_forward_naive", -2.0, "why"), added("max_pool_forward_naive", -1.0, "why")],
    forward=1.29296875,
    pool=0.19921875,
    days=0,
)
@given(changes, st.floats(0, 12), st.floats(0, 8), st.integers(0, 20))
def test_a_score_stays_a_score(cnn, adjustments, forward, pool, days) -> None:
    """However it is adjusted, no part leaves its bounds and no score falls below zero; more lateness earns no more."""
    cnn = cnn.model_copy(update={"policy": Policy(penalty_per_day=10, cap=80)})
    before = report(A, forward=forward, pool=pool)
    after = final_report(before, adjustments, days, cnn)
    in_time = final_report(before, adjustments, 0, cnn)
    whole = sum(each.points for each in adjustments if each.part == WHOLE)
    assert 0 <= after.score <= in_time.score
    assert in_time.score <= max(in_time.max_score + whole, 0) + 1e-5
    assert after.score + after.penalty == pytest.approx(in_time.score, abs=1e-5)


def test_a_part_graded_by_hand_joins_the_total(cnn) -> None:
    """Points for a part that the machine could not grade raise score and maximum."""
    found = final_report(report(A), (added("CNN.accuracy", 3.0, "seen in the notebook"),), 0, cnn)
    assert (found.score, found.max_score) == (23.0, 25.0)


def test_a_move_names_the_checks_that_are_the_reason() -> None:
    """Of two reports of a student: both scores, the difference, and each check whose points changed."""
    old, new = report(A, forward=0.0), report(A)
    move = move_between(old, new)
    assert (move.before, move.after, move.change) == ("8 / 20", "20 / 20", 12.0)
    (reason,) = move.checks
    assert (reason.before, reason.after, reason.points) == ("failed", "passed", 12.0)
    added = replace(new, checks=(*new.checks, check("conv_backward_naive.db", 0.0, 4.0)), max_score=24.0)
    assert [each.before for each in move_between(new, added).checks] == ["not there"]
    assert not move_between(new, new).matters
    assert move_between(new, without_result("ada", "failed")).after == "no result"


@pytest.mark.usefixtures("section")
def test_an_entry_counts_once(book: Gradebook, cnn: Assignment) -> None:
    """Who heard no answer enters the same again, and it is not there twice."""
    for _ in range(2):
        decide(book, cnn.id, [("ada", added(WHOLE, 1.0, "x", "y"))], entry="one")
    with book.reading() as session:
        assert len(decisions_of(session, cnn.id).entered) == 1


@pytest.mark.usefixtures("section")
def test_what_is_not_there_cannot_be_undone(book: Gradebook, cnn: Assignment) -> None:
    """The number of a decision to come, of another assignment's and of none at all are refused; nothing is entered."""
    undo = Decision(WHOLE, DecisionKind.UNDO, 0.0, "x", "mary", undoes=1)
    for number in (0, 1, 2, 10**18, 10**40):
        with pytest.raises(UnknownDecision, match=f"{cnn.id} has no decision {number} to undo"):
            decide(book, cnn.id, [(None, replace(undo, undoes=number))], entry="mine")
    (made,) = decide(book, cnn.id, [("ada", added(WHOLE, 1.0, "x", "y"))])
    with pytest.raises(UnknownDecision):
        decide(book, "other", [(None, replace(undo, undoes=made.number))])
    decide(book, cnn.id, [(None, replace(undo, undoes=made.number))], entry="mine")
    with book.reading() as session:
        assert decisions_of(session, cnn.id).counting == ()


@pytest.mark.usefixtures("section")
def test_nobody_decides_over_what_they_have_not_seen(book: Gradebook, cnn: Assignment) -> None:
    """Points of one part by two people who did not see each other are a conflict; other parts and words are none."""
    seen = 0
    decide(book, cnn.id, [("ada", added("conv_forward_naive", 2.0, "x", "grace"))], seen=seen)
    with pytest.raises(Outdated, match="grace decided") as refused:
        decide(
            book, cnn.id, [("ada", added("conv_forward_naive", 3.0, "x", "mary"))], entry="mine", seen=seen
        )
    assert [each.points for each in refused.value.others] == [2.0]
    decide(book, cnn.id, [("bob", added("conv_forward_naive", 3.0, "x", "mary"))], seen=seen)
    comment = Decision("conv_forward_naive", DecisionKind.COMMENT, 0.0, "x", "mary")
    decide(book, cnn.id, [("ada", comment)], seen=seen)
    undo = Decision(WHOLE, DecisionKind.UNDO, 0.0, "x", "mary", undoes=1)
    with pytest.raises(Outdated):
        decide(book, cnn.id, [("ada", undo)], seen=seen)
    (entered,) = decide(book, cnn.id, [("ada", undo)], entry="mine", seen=1)
    assert entered.undoes == 1
