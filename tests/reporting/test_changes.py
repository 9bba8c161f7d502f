"""What people and lateness did to a score, on the pages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from grader.course.assignment import Assignment
from grader.gradebook.final import final_report
from grader.reporting.submission_page import render_staff, render_student
from grader.results import WHOLE, Adjustment, ClassReport, Decision, DecisionKind

from .pagecheck import parse
from .samples import cnn, full_marks, submission


def test_a_student_reads_what_changed_and_staff_who_changed_it(
    report: ClassReport, assignment: Assignment
) -> None:
    """Both pages list adjustments with their reasons and what lateness cost; only the staff's says who."""
    changed = replace(
        report.submissions[0],
        adjustments=(
            Adjustment(
                "conv_forward_naive", 2.0, "the handout was unclear", "grace", "2026-11-20T12:00:00+00:00"
            ),
            Adjustment(WHOLE, -1.5, "<b>forgot</b> the notebook", "grace", "2026-11-20T12:00:00+00:00"),
        ),
        late_days=2,
        penalty=19.0,
    )
    student = render_student(changed, assignment)
    staff = render_staff(changed, assignment, "../students/x.html", Path("grades"))
    for page in (student, staff):
        assert "+2 points in Convolution, forward: the handout was unclear" in page
        assert "-1.5 points: &lt;b&gt;forgot&lt;/b&gt; the notebook" in page
        assert "2 days late: -19 points" in page
    assert "grace" not in student
    assert "grace, 2026-11-20" in staff


def test_an_unchanged_score_says_nothing(report: ClassReport, assignment: Assignment) -> None:
    """Without adjustments and in time there is no such list."""
    assert "Changes to your score" not in render_student(report.submissions[0], assignment)


def test_a_part_that_was_left_out_or_lowered_is_not_called_solved() -> None:
    """Its checks passed, but what people decided is what its row says, and where it stands on the page."""
    assignment = cnn()
    void = Decision("conv_forward_naive", DecisionKind.VOID, 0.0, "the handout was wrong")
    lowered = Decision("max_pool_forward_naive", DecisionKind.SET, 3.0, "seen in office hours")
    kept = submission("ada", full_marks(assignment))
    html = render_student(final_report(kept, (void, lowered), 0, assignment), assignment)
    page = parse(html)
    assert "1 part was not graded and is left out of the total." in page.text
    titles = [part.title for part in assignment.parts if part.id in {void.part, lowered.part}]
    assert [each.text for each in page.all("h3")] == titles
