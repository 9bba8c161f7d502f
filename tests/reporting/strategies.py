"""Hypothesis strategies for reports whose every string may hold anything a Python string can."""

from __future__ import annotations

from hypothesis import strategies as st

from grader.results import (
    Adjustment,
    AnswerLines,
    CheckResult,
    ClassReport,
    CodePlace,
    CodeText,
    Comment,
    ErrorMap,
    Flag,
    Outcome,
    Scope,
    SubmissionReport,
    WaitingPart,
    WorstEntry,
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
    inputs=anything,
    worst=st.lists(st.builds(WorstEntry, anything, anything, anything, anything), max_size=2).map(tuple),
)
names = st.sampled_from(["a.py", "b.ipynb, cell 2"])
numbers = st.integers(1, 9)
code = st.lists(
    st.builds(
        CodeText,
        name=names,
        text=st.text(st.sampled_from("def f(x):\n\t'\"#\x00\x0c\u2028<&\x1b{"), max_size=60),
        given=st.lists(st.tuples(numbers, numbers), max_size=2).map(tuple),
        answers=st.lists(
            st.builds(AnswerLines, st.just("conv_forward_naive") | anything, numbers, numbers), max_size=2
        ).map(tuple),
        places=st.lists(names | anything, max_size=2).map(tuple),
        left_out=st.integers(0, 3),
        lines=st.lists(st.tuples(numbers, numbers), max_size=2).map(tuple),
    ),
    max_size=2,
    unique_by=lambda each: each.name,
).map(tuple)
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
    comments=st.lists(
        st.builds(
            Comment,
            anything,
            anything,
            anything,
            anything,
            st.none() | st.builds(CodePlace, names | anything, st.integers(-1, 99), anything, anything),
        ),
        max_size=2,
    ).map(tuple),
    code=code,
)
class_reports = st.builds(
    ClassReport,
    schema=st.just(1),
    assignment=anything,
    assignment_version=anything,
    grader_version=anything,
    submissions=st.lists(submissions, max_size=3, unique_by=lambda each: each.id).map(tuple),
)
