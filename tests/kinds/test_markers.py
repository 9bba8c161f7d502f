"""Answers stand between the marks that courses have, indented as people do, and a resemblance may be allowed."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from grader.authoring.check_release import check_release
from grader.course.regions import RegionError, ReleaseError, answers, solved, stub
from tests.kinds.course import function, make, outcomes, part

PAIRS = {
    "cs231n": (
        "# *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****",
        "# *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****",
    ),
    "nbgrader": ("### BEGIN SOLUTION", "### END SOLUTION"),
    "with a count": ("### START CODE HERE ### (2 lines)", "### END CODE HERE ###"),
    "in one word": ("# BEGIN_YOUR_CODE (our solution is 2 lines)", "# END_YOUR_CODE"),
    "in words": ("### BEGIN YOUR CODE", "### END YOUR CODE"),
    "opened here": ("### YOUR CODE HERE (2 lines)", "### END YOUR CODE"),
    "otter": ("# BEGIN SOLUTION", "# END SOLUTION"),
}
BODY = "def double(x):\n    out = None\n    {0}\n    out = 2 * x\n    {1}\n    return out\n"
RULE = f"# {'=' * 64} #"


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
def test_other_courses_marks_are_known(pair: tuple[str, str]) -> None:
    """The marks stay where they are, and what stands between them goes."""
    source = BODY.format(*pair)
    (region,) = answers(source)
    assert region.text == "    out = 2 * x\n"
    assert stub(source) == BODY.format(*pair).replace("    out = 2 * x\n", "\n")
    assert solved(source) == "def double(x):\n    out = None\n    out = 2 * x\n    return out\n"


@pytest.mark.parametrize(
    "source",
    [
        "### BEGIN SOLUTION\nx = 1\n",
        "x = 1\n### END SOLUTION\n",
        "### BEGIN SOLUTION\n# END SOLUTION\n",
        "### YOUR CODE HERE\nx = 1\n",
        f"### BEGIN YOUR CODE\n{RULE}\n# END YOUR CODE HERE\n{RULE}\n",
        "### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION\n",
        f"### BEGIN SOLUTION\n{RULE}\n# END YOUR CODE HERE\n{RULE}\n",
    ],
)
def test_marks_pair_up(source: str) -> None:
    """A mark without its partner is an error that names the line."""
    with pytest.raises(RegionError, match="line"):
        answers(source)


def test_banners_may_stand_at_the_loop() -> None:
    """A banner at the indentation of the loop around its answer leaves a loop that parses."""
    banner = f"{RULE}\n    # {{}}\n    {RULE}"
    source = (
        "def f(n):\n    total = 0\n    for i in range(n):\n"
        f"    {banner.format('YOUR CODE HERE:')}\n        total += i\n    {banner.format('END YOUR CODE HERE')}\n"
        "    return total\n"
    )
    released = stub(source)
    ast.parse(released)
    assert "total += i" not in released


LU = """\
def lu(A):
    A = A.copy()
    n = len(A)
    for k in range(n - 1):
        for i in range(k + 1, n):
            A[i, k] = A[i, k] / A[k, k]
            for j in range(k + 1, n):
                A[i, j] = A[i, j] - A[i, k] * A[k, j]
    return A


"""
FASTER = """\
out = A.copy()
n = len(out)
for k in range(n - 1):
    for i in range(k + 1, n):
        out[i, k] = out[i, k] / out[k, k]
        for j in range(k + 1, n):
            out[i, j] = out[i, j] - out[i, k] * out[k, j]
"""
CHECKS = """
import numpy as np

@part("faster")
def test_faster(student, reference):
    \"\"\"It is the same.\"\"\"
    A = np.eye(3) * 4 + 1
    assert_matches(student.faster(A), reference.faster(A))
"""
ALLOWED = '\n[[release.allowed]]\npath = "hw1.py"\nanswer = "{answer}"\nwhy = "the naive version is given"\n'


def test_a_given_resemblance_is_allowed_by_name(tmp_path: Path) -> None:
    """The naive version is given: the scan refuses it until assignment.toml says why it may be seen."""
    toml = 'answers = ["hw1.py"]\n[FOLDERS]\n' + part("faster")
    tiny = make(tmp_path, toml, CHECKS, {"hw1.py": LU + function("faster", "A", FASTER)})
    with pytest.raises(ReleaseError, match="students would see"):
        tiny.release()
    path = tiny.folder / "assignment.toml"
    written = path.read_text()
    path.write_text(written + ALLOWED.format(answer="other.py"))
    with pytest.raises(ReleaseError, match="students would see"):
        tiny.release()
    path.write_text(written + ALLOWED.format(answer="hw1.py"))
    tiny.release()
    assert not check_release(tiny.assignment, tiny.root)


def test_an_assignment_with_other_marks_is_graded(tmp_path: Path) -> None:
    """CS231n's own handout is released and graded as it is."""
    toml = 'answers = ["hw1.py"]\n[FOLDERS]\n' + part("double")
    checks = CHECKS.replace("faster", "double").replace("np.eye(3) * 4 + 1", "np.eye(3)")
    tiny = make(tmp_path, toml, checks, {"hw1.py": BODY.format(*PAIRS["cs231n"])})
    assert outcomes(tiny.grade()) == {"double:double": "passed"}
    assert outcomes(tiny.grade(tiny.release())) == {"double:double": "not_implemented"}
