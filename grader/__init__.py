"""Grade numerical assignments: run submissions in a box, judge them outside it, explain every point.

::

    import grader

    course = grader.Course.open("courses/numerics")
    report = grader.grade(course, assignment="hw1", submissions="downloads/hw1")
    for each in report.submissions:
        print(each.id, each.score, "of", each.max_score, each.error)

A hidden check is a pytest function beside the assignment::

    from grader import assert_matches, part

    @part("newton")
    def test_root_of_a_parabola(student, reference):
        \"\"\"It finds the root of x*x - 2.\"\"\"
        assert_matches(student.newton(1.0), reference.newton(1.0))

`grader.checking` says what else checks may ask for and expect.
"""

from importlib import import_module
from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("numgrade")
except PackageNotFoundError:  # run from a source tree that was never installed
    __version__ = "0+unknown"

# By name, so that `import grader` imports nothing of all this; types are in __init__.pyi.
_PLACES = {
    "Course": "grader.course.repository",
    "Assignment": "grader.course.assignment",
    "grade": "grader.classrun.run",
    "Progress": "grader.progress",
    "Step": "grader.progress",
    "Notice": "grader.progress",
    "mistake": "grader.bank.decorators",
    "variant": "grader.bank.decorators",
    "ClassReport": "grader.results",
    "SubmissionReport": "grader.results",
    "CheckResult": "grader.results",
    "Outcome": "grader.results",
    "Scope": "grader.results",
} | dict.fromkeys(
    (
        *("FILTER_AXES", "IMAGE_AXES", "Blocked", "Derivation", "Effort", "Failed", "Inconclusive"),
        *("NotGraded", "NotImplementedYet", "Remote", "Tampered", "Waits", "as_array", "assert_faster"),
        *("assert_gradient_matches", "assert_matches", "assert_no_loops", "assert_same", "assert_unchanged"),
        *("beyond", "cache_of", "calls_in", "counting"),
        *("is_gradient_of", "moved", "part", "printed", "remark_unless_right"),
        *("require_written", "run_backward", "shape_words", "timed", "witnessed"),
    ),
    "grader.checking",
)

__all__ = ["__version__", *sorted(_PLACES)]  # noqa: PLE0604 - they are names


def __getattr__(name: str) -> object:
    if name not in _PLACES:
        raise AttributeError(f"module 'grader' has no attribute {name!r}")
    return getattr(import_module(_PLACES[name]), name)


def __dir__() -> list[str]:
    return __all__
