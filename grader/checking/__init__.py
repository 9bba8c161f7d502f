"""Hidden checks as ordinary pytest: the marks, fixtures and expectations that an author writes them with.

    from grader.checking import assert_matches, part

    @part("conv_forward_naive")
    def test_output(student, reference, rng):
        \"\"\"The output matches the reference.\"\"\"
        args = rng.normal(size=(2, 3, 5, 5)), rng.normal(size=(4, 3, 3, 3)), rng.normal(size=4), PARAM
        assert_matches(student.conv_forward_naive(*args)[0], reference.conv_forward_naive(*args)[0])

Fixtures: ``student``, ``reference``, ``rng``, ``draw`` (named generators, for fixtures shared by several checks), the
author's own module in the box (``in_box``), the folders of ``data_sets``, and ``resources``. The docstring is what the
student reads.

What an author writes with stands here; the rest of the room runs it:

==================  ===============================================================================================
``marks``           what a check judges, what it is called, the random numbers it draws, and its pytest
``expectations``    what may be demanded of an answer
``derivation``      that a right gradient was derived, and not found by trying
``failures``        how a check ends early, with what was compared and where it is wrong
``same``            the same for answers that are no arrays: texts, sets, dates, tables
``speed``           that an answer is faster than another function
``structure``       that it has no loop, and what it calls and prints
``helpers``         an author's module that lives in the box
``cells``           what a test cell that moved out of the box is written with
``student``         the submission, whose calls run in the box
``transcript``      those calls, as a program that makes them again
``trusted``         the same over the author's own code, without a box
``run``             checks, collected once per process and run once per submission
``verdicts``        from the exception that ended a check to an outcome and to words
``reruns``          once more on the released earlier layers, and on the reference to see whose fault it was
``waiting``         parts that a person has to decide
==================  ===============================================================================================
"""

from grader.checking.derivation import Derivation, remark_unless_right, timed
from grader.checking.expectations import (
    as_array,
    assert_gradient_matches,
    assert_matches,
    assert_unchanged,
    cache_of,
    is_gradient_of,
    moved,
    require_written,
    results,
    run_backward,
    witnessed,
)
from grader.checking.failures import (
    Blocked,
    Failed,
    Inconclusive,
    NotGraded,
    NotImplementedYet,
    Tampered,
    Waits,
)
from grader.checking.marks import beyond, part
from grader.checking.same import assert_same
from grader.checking.speed import assert_faster
from grader.checking.structure import assert_no_loops, calls_in, counting, printed
from grader.checking.student import Remote, Student
from grader.instruments.arrays import shape_words
from grader.instruments.effort import Effort
from grader.instruments.patterns import FILTER_AXES, IMAGE_AXES

__all__ = [
    "FILTER_AXES",
    "IMAGE_AXES",
    "Blocked",
    "Derivation",
    "Effort",
    "Failed",
    "Inconclusive",
    "NotGraded",
    "NotImplementedYet",
    "Remote",
    "Student",
    "Tampered",
    "Waits",
    "as_array",
    "assert_faster",
    "assert_gradient_matches",
    "assert_matches",
    "assert_no_loops",
    "assert_same",
    "assert_unchanged",
    "beyond",
    "cache_of",
    "calls_in",
    "counting",
    "is_gradient_of",
    "moved",
    "part",
    "printed",
    "remark_unless_right",
    "require_written",
    "results",
    "run_backward",
    "shape_words",
    "timed",
    "witnessed",
]
