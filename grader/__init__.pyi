from grader.bank.decorators import mistake as mistake, variant as variant
from grader.checking import (
    FILTER_AXES as FILTER_AXES,
    IMAGE_AXES as IMAGE_AXES,
    Blocked as Blocked,
    Derivation as Derivation,
    Effort as Effort,
    Failed as Failed,
    Inconclusive as Inconclusive,
    NotGraded as NotGraded,
    NotImplementedYet as NotImplementedYet,
    Remote as Remote,
    Tampered as Tampered,
    Waits as Waits,
    as_array as as_array,
    assert_faster as assert_faster,
    assert_gradient_matches as assert_gradient_matches,
    assert_matches as assert_matches,
    assert_no_loops as assert_no_loops,
    assert_same as assert_same,
    assert_unchanged as assert_unchanged,
    beyond as beyond,
    cache_of as cache_of,
    calls_in as calls_in,
    counting as counting,
    is_gradient_of as is_gradient_of,
    moved as moved,
    part as part,
    printed as printed,
    remark_unless_right as remark_unless_right,
    require_written as require_written,
    run_backward as run_backward,
    shape_words as shape_words,
    timed as timed,
    witnessed as witnessed,
)
from grader.classrun.run import grade as grade
from grader.course.assignment import Assignment as Assignment
from grader.course.repository import Course as Course
from grader.progress import Notice as Notice, Progress as Progress, Step as Step
from grader.results import (
    CheckResult as CheckResult,
    ClassReport as ClassReport,
    Outcome as Outcome,
    Scope as Scope,
    SubmissionReport as SubmissionReport,
)

__version__: str
