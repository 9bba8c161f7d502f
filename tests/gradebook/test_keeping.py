"""What is kept comes back: reports, arrivals, what is published, adjustments and anonymous names."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.course.assignment import Assignment
from grader.course.policy import Attempts, Policy
from grader.gradebook import (
    Claim,
    Desk,
    Gradebook,
    Terms,
    UnknownStudent,
    add_flag,
    adjust,
    counting,
    enter,
    final_reports,
    finished,
    hide_names,
    look_at,
    not_flagged,
    notebooks_of,
    publish,
    published,
    register,
    section_of,
    terms_of,
    with_gradings,
)
from grader.gradebook.final import final_report
from grader.gradebook.moves import move_between
from grader.gradebook.published import anonymous_id
from grader.gradebook.register import fingerprint_of
from grader.grading import without_result
from grader.intake import find_submissions, read_contents
from grader.intake.arrivals import plain_arrivals
from grader.results import GRADER_FAILED, WHOLE, Adjustment, Flag, SubmissionReport

from .conftest import RELEASE, entered
from .reports import anything, as_stored, check, report

A, B = "a" * 64, "b" * 64


def graded(book: Gradebook, terms: Terms, *reports: SubmissionReport) -> dict[str, int]:
    """Grade these contents to these reports; return all gradings."""
    desk = Desk(book)
    for each in reports:
        claim = desk.claim(each.sha256, terms)
        assert isinstance(claim, Claim)
        assert desk.complete(claim, each)
    with book.reading() as session:
        return finished(session, terms)


def shown(book: Gradebook, section: int, cnn: Assignment) -> dict[str, SubmissionReport]:
    """Return what a class is shown, by id."""
    standings = counting(book, published(book, section, cnn), cnn)
    return {each.id: each for each in final_reports(book, standings, cnn)}


def publish_all(book: Gradebook, section: int, cnn: Assignment, gradings: dict[str, int]) -> None:
    """Publish these gradings."""
    publish(book, section, with_gradings(published(book, section, cnn), gradings))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(anything)
def test_any_report_comes_back_as_it_was(book, section, cnn, given_report) -> None:
    """Whatever a submission's report quotes, every database keeps it, and gives back each field."""
    terms = terms_of(book, RELEASE, "{}", fresh=True)
    given_report = replace(
        given_report, sha256=A, student="", attempt=1, adjustments=(), late_days=0, penalty=0.0
    )
    desk = Desk(book)
    claim = desk.claim(A, terms)
    assert isinstance(claim, Claim)
    desk.complete(claim, given_report)
    standing = replace(
        next(each for each in published(book, section, cnn) if each.sha256 == A),
        grading_id=claim.grading_id,
        flags=(),
    )
    without_points_of_today = cnn.model_copy(update={"parts": ()})
    (found,) = final_reports(book, [standing], without_points_of_today)
    kept = as_stored(given_report)
    if not kept.error:  # the sum is rounded when it is made final
        kept = replace(kept, score=round(kept.score, 6), max_score=round(kept.max_score, 6))
    assert replace(found, notebooks=notebooks_of(book, claim.grading_id)) == replace(
        kept, id="ada", student="ada"
    )


def test_a_class_is_shown_what_is_published_and_nothing_else(book, section, cnn, terms) -> None:
    """A grading shows after it is published; who cannot be read has the reason, and flags of both kinds are there."""
    gradings = graded(book, terms, report(A), report(B, forward=0.0))
    assert {each.error for each in shown(book, section, cnn).values()} != {""}
    publish_all(book, section, cnn, gradings)
    reports = shown(book, section, cnn)
    assert [(id, each.score) for id, each in reports.items()] == [("ada", 20.0), ("bob", 8.0), ("eve", 0.0)]
    assert reports["eve"].error == "eve is not a zip archive"
    assert [flag.kind for flag in reports["ada"].flags] == ["renamed", "noticed"]
    assert reports["ada"].student == "ada"


def test_two_students_with_the_same_content_share_a_grading(book, cnn, terms) -> None:
    """The content is graded once and shown to both."""
    section = section_of(book, cnn.id, "/twins")
    enter(book, section, [entered("ada", A), entered("bob", A)])
    publish_all(book, section, cnn, graded(book, terms, report(A)))
    assert [each.score for each in shown(book, section, cnn).values()] == [20.0, 20.0]


@pytest.mark.parametrize(("policy", "chosen"), [(Attempts.LATEST, "ada-2"), (Attempts.BEST, "ada-1")])
def test_the_policy_says_which_attempt_is_shown(book, cnn, terms, policy, chosen) -> None:
    """One report per student: that of the latest attempt, or that of the best."""
    cnn = cnn.model_copy(update={"policy": Policy(attempts=policy)})
    section = section_of(book, cnn.id, "/attempts")
    first, second = (entered(f"ada-{n}", sha, student="ada", attempt=n) for n, sha in ((1, A), (2, B)))
    enter(book, section, [first, second])
    publish_all(book, section, cnn, graded(book, terms, report(A), report(B, forward=0.0)))
    (only,) = shown(book, section, cnn).values()
    assert (only.id, only.student) == (chosen, "ada")


def test_lateness_costs_what_the_policy_says(book, cnn, terms) -> None:
    """Two days late at ten percent a day: a fifth of what was reached."""
    due = datetime(2026, 11, 20, tzinfo=UTC)
    cnn = cnn.model_copy(update={"policy": Policy(due=due, penalty_per_day=10)})
    late = entered("ada", A)
    late = replace(late, arrival=replace(late.arrival, submitted_at=datetime(2026, 11, 21, 1, tzinfo=UTC)))
    section = section_of(book, cnn.id, "/late")
    enter(book, section, [late])
    publish_all(book, section, cnn, graded(book, terms, report(A)))
    (found,) = shown(book, section, cnn).values()
    assert (found.score, found.late_days, found.penalty) == (16.0, 2, 4.0)


def test_an_adjustment_outlives_a_regrade(book, section, cnn, terms) -> None:
    """Points given by hand count with every grading, and who, when and why are kept with them."""
    publish_all(book, section, cnn, graded(book, terms, report(A, forward=6.0)))
    adjust(book, cnn.id, "ada", Adjustment("conv_forward_naive", 2.0, "unclear handout", "grace"))
    assert shown(book, section, cnn)["ada"].score == 16.0
    changed = terms_of(book, ("cnn", "1.0.0", "engine-2"), "{}", fresh=False)
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
        adjust(book, cnn.id, "adda", Adjustment(WHOLE, 1.0, "x", "y"))
    with pytest.raises(UnknownStudent, match="handed in fc"):
        adjust(book, "fc", "ada", Adjustment(WHOLE, 1.0, "x", "y"))


def test_graders_can_be_kept_from_knowing_names(book, section, cnn, terms) -> None:
    """Ids say nothing without the key, are the same every time, and lead back through the gradebook."""
    publish_all(book, section, cnn, graded(book, terms, report(A), report(B)))
    hide_names(book, section, "key", anonymous=True)
    reports = shown(book, section, cnn)
    assert set(reports) == {anonymous_id(name, "key") for name in ("ada", "bob", "eve")}
    assert not [each for each in reports.values() if each.student or "eve" in each.error]
    assert anonymous_id("ada", "key") != anonymous_id("ada", "another key")
    entry = adjust(book, cnn.id, anonymous_id("ada", "key"), Adjustment(WHOLE, 1.0, "x", "y"))
    assert entry.student == "ada"
    hide_names(book, section, "key", anonymous=False)
    assert "ada" in shown(book, section, cnn)


def test_who_is_no_longer_there_is_no_longer_shown(book, section, cnn) -> None:
    """A second look that misses a submission leaves it out, unless it is only for comparison."""
    enter(book, section, [entered("ada", A)], drop=False)
    assert len(published(book, section, cnn)) == 3
    enter(book, section, [entered("ada", A)])
    assert [each.candidate_id for each in published(book, section, cnn)] == ["ada"]


def test_a_file_is_read_again_only_when_it_changed(book, cnn, tmp_path: Path) -> None:
    """An unchanged folder keeps its hash without being opened; a changed byte or another engine is seen."""
    module = tmp_path / "ada" / "nndl" / "conv_layers.py"
    module.parent.mkdir(parents=True)
    module.write_text("x = 1\n", encoding="utf-8")
    arrivals = plain_arrivals(find_submissions(tmp_path))
    section = section_of(book, cnn.id, "/files")
    seen: list[str] = []
    (first,) = look_at(book, section, arrivals, cnn, "engine-1", seen.append)
    enter(book, section, [replace(first, sha256=B)])  # a hash that only memory can give
    assert look_at(book, section, arrivals, cnn, "engine-1", seen.append)[0].sha256 == B
    assert look_at(book, section, arrivals, cnn, "engine-2", seen.append)[0].sha256 == first.sha256
    module.write_text("x = 2\n", encoding="utf-8")
    assert look_at(book, section, arrivals, cnn, "engine-1", seen.append)[0].sha256 not in {B, first.sha256}
    assert seen == ["ada"] * 4


def test_a_folder_of_any_depth_and_nothing_at_all_have_fingerprints(tmp_path: Path) -> None:
    """A folder deeper than Python recurses is looked at to its end; what is not there is not what was there."""
    folders = [Path(f"{tmp_path}{'/d' * depth}") for depth in range(1, 1050)]
    for folder in folders:
        folder.mkdir()
    empty = fingerprint_of(tmp_path, "engine")
    file = folders[-1] / "x.py"
    file.touch()
    assert fingerprint_of(tmp_path, "engine") != empty
    assert fingerprint_of(tmp_path / "missing", "engine") != empty
    file.unlink()
    for folder in reversed(folders):  # what removes the rest of this test's folder recurses
        folder.rmdir()


def test_a_flag_can_be_added_later(book, section, cnn, terms) -> None:
    """What is found out afterwards stands behind what was noticed, and is not looked for twice."""
    gradings = graded(book, terms, report(A), report(B))
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
        Adjustment,
        st.sampled_from([WHOLE, "conv_forward_naive", "max_pool_forward_naive", "CNN.accuracy"]),
        st.floats(-50, 50),
        st.just("why"),
    ),
    max_size=4,
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
    found = final_report(report(A), (Adjustment("CNN.accuracy", 3.0, "seen in the notebook"),), 0, cnn)
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
    assert not move_between(new, new).matters(0.0)
    assert move_between(new, without_result("ada", "failed")).after == "no result"


def test_one_submission_that_breaks_the_reader_costs_the_others_nothing(
    book, cnn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What nobody foresaw of a file is told to staff, with the reason, and the class is read on."""
    for name in ("ada", "bob"):
        module = tmp_path / name / "nndl" / "conv_layers.py"
        module.parent.mkdir(parents=True)
        module.write_text("x = 1\n", encoding="utf-8")

    def read(candidate, assignment):
        if candidate.id == "ada":
            raise ZeroDivisionError("unforeseen")
        return read_contents(candidate, assignment)

    monkeypatch.setattr(register, "read_contents", read)
    section = section_of(book, cnn.id, "/files")
    ada, bob = look_at(book, section, plain_arrivals(find_submissions(tmp_path)), cnn, "engine", str)
    assert (ada.sha256, ada.error) == (None, GRADER_FAILED)
    assert "unforeseen" in ada.flags[0][1]
    assert bob.sha256
