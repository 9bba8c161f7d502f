"""Public checks of dropout_forward and dropout_backward."""

import numpy as np

from grader.student.checks import Failed, NotImplementedYet, assert_matches, part, results, run_backward

FORWARD = "dropout_forward"
KEPT = {"mode": "train", "p": 0.5}


def output(student, x, param):
    """Return the student's output, which must be there."""
    out = results(student.dropout_forward(x, param), 2, FORWARD)[0]
    if out is None:
        raise NotImplementedYet("The output is None: this part is not written yet.")
    return np.asarray(out)


@part(f"{FORWARD}.train")
def test_values(student):
    """With p = 0.5 each element is either zero or doubled, and about half of them are zero.

    If half of the numbers are dropped, what keeps the mean as it was?
    """
    x = np.linspace(1, 2, 2000).reshape(40, 50)
    out = output(student, x, KEPT)
    assert_matches(out, np.where(out != 0, 2 * x, 0.0))
    if not 0.4 < np.mean(out == 0) < 0.6:  # nine standard errors each way
        raise Failed(f"A share of {np.mean(out == 0):.2f} of the elements is zero.")


@part(f"{FORWARD}.test")
def test_test_mode(student):
    """In test mode the input comes out as it is.

    Is anything dropped when nobody trains?
    """
    x = np.linspace(-1, 2, 12).reshape(3, 4)
    assert_matches(output(student, x, {"mode": "test", "p": 0.5}), x)


@part("dropout_backward")
def test_gradient(student):
    """The gradient passes where your forward pass kept, by the same factor.

    What was each number multiplied by on its way forward?
    """
    x, dout = np.linspace(1, 2, 60).reshape(6, 10), np.linspace(-3, 3, 60).reshape(6, 10)
    param = {**KEPT, "seed": 4}
    (dx,) = run_backward(
        lambda: student.dropout_forward(x, param),
        lambda cache: student.dropout_backward(dout, cache),
        1,
        needs=FORWARD,
    )
    assert_matches(dx, dout * output(student, x, param) / x, "dx")
