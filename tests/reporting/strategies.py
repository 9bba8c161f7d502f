"""Hypothesis strategies for reports whose every string may hold anything a Python string can."""

from __future__ import annotations

from hypothesis import strategies as st

from grader.results import (
    Adjustment,
    CheckResult,
    ClassReport,
    Comment,
    ErrorMap,
    Flag,
    Outcome,
    Scope,
    SubmissionReport,
    WaitingPart,
)

from .samples import HOSTILE

anything = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=30),
    st.text("<>&\"'/=+-@`{}%[]\\ \t\r\n\x00\x07\x1b\x9b\u202e\u2028\ud800a;,", max_size=30),
    st.sampled_from([text[:200] for text in HOSTILE.values()]),
)
amounts = st.floats(0, 1e6, allow_nan=False)


@st.composite
def error_maps(draw: st.DrawFn) -> ErrorMap:
    """Draw an error map of rank 0 to 4."""
    shape = tuple(draw(st.lists(st.integers(1, 6), max_size=4)))
    rows, columns = (1, 1, *shape)[-2:]
    level = st.integers(0, 5)
    return ErrorMap(
        shape=shape,
        axes=tuple(draw(anything) for _ in shape),
        worst=tuple(draw(st.integers(0, size - 1)) for size in shape),
        block=(1, 1),
        levels=tuple(tuple(draw(level) for _ in range(columns)) for _ in range(rows)),
        wrong=draw(st.integers(0, 9)),
    )


checks = st.builds(
    CheckResult,
    id=anything,
    part=st.one_of(anything, st.sampled_from(["conv_forward_naive", "CNN.accuracy"])),
    scope=st.sampled_from(Scope),
    outcome=st.sampled_from(Outcome),
    points=amounts,
    max_points=amounts,
    title=anything,
    message=anything,
    diagnosis=anything,
    staff_note=anything,
    seconds=amounts,
    error_map=st.none() | error_maps(),
)
submissions = st.builds(
    SubmissionReport,
    id=anything,
    sha256=anything,
    score=amounts,
    max_score=amounts,
    isolation=st.sampled_from(["A", "B", "none", ""]) | anything,
    seconds=amounts,
    flags=st.lists(st.builds(Flag, anything, anything), max_size=2).map(tuple),
    checks=st.lists(checks, max_size=3).map(tuple),
    error=st.just("") | anything,
    student=anything,
    attempt=st.integers(1, 9),
    adjustments=st.lists(
        st.builds(Adjustment, anything, st.floats(-100, 100), anything, anything, anything), max_size=2
    ).map(tuple),
    late_days=st.integers(0, 9),
    penalty=amounts,
    waiting=st.lists(st.builds(WaitingPart, anything, amounts, anything), max_size=2).map(tuple),
    comments=st.lists(st.builds(Comment, anything, anything, anything, anything), max_size=2).map(tuple),
)
class_reports = st.builds(
    ClassReport,
    schema=st.just(1),
    assignment=anything,
    assignment_version=anything,
    grader_version=anything,
    submissions=st.lists(submissions, max_size=3, unique_by=lambda each: each.id).map(tuple),
)
