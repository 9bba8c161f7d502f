from grader.checking import (
    FILTER_AXES as FILTER_AXES,
)
from grader.checking import (
    IMAGE_AXES as IMAGE_AXES,
)
from grader.checking import (
    Blocked as Blocked,
)
from grader.checking import (
    Derivation as Derivation,
)
from grader.checking import (
    Effort as Effort,
)
from grader.checking import (
    Failed as Failed,
)
from grader.checking import (
    Inconclusive as Inconclusive,
)
from grader.checking import (
    NotGraded as NotGraded,
)
from grader.checking import (
    NotImplementedYet as NotImplementedYet,
)
from grader.checking import (
    Remote as Remote,
)
from grader.checking import (
    Tampered as Tampered,
)
from grader.checking import (
    as_array as as_array,
)
from grader.checking import (
    assert_gradient_matches as assert_gradient_matches,
)
from grader.checking import (
    assert_matches as assert_matches,
)
from grader.checking import (
    assert_unchanged as assert_unchanged,
)
from grader.checking import (
    beyond as beyond,
)
from grader.checking import (
    cache_of as cache_of,
)
from grader.checking import (
    is_gradient_of as is_gradient_of,
)
from grader.checking import (
    moved as moved,
)
from grader.checking import (
    part as part,
)
from grader.checking import (
    run_backward as run_backward,
)
from grader.checking import (
    shape_words as shape_words,
)
from grader.checking import (
    timed as timed,
)
from grader.classrun.run import grade as grade
from grader.course.assignment import Assignment as Assignment
from grader.course.repository import Course as Course
from grader.progress import Notice as Notice
from grader.progress import Progress as Progress
from grader.progress import Step as Step
from grader.results import CheckResult as CheckResult
from grader.results import ClassReport as ClassReport
from grader.results import Outcome as Outcome
from grader.results import Scope as Scope
from grader.results import SubmissionReport as SubmissionReport

__version__: str
