"""Public checks of the notebook: cases that can be worked out by hand, and properties that hold for every input."""

import numpy as np
import pytest

from grader.student.checks import Failed, NotImplementedYet, assert_matches, part, results


@part("bisect.root")
def test_cube_root(student):
    """The cube root of two is found, however the curve runs.

    What do you stop by: the length of the interval, or the size of the function?
    """
    for sign in (1, -1):
        root = student.bisect(lambda x, sign=sign: sign * (x**3 - 2), 1.0, 2.0)
        assert_matches(root, np.cbrt(2.0), "root")


@part("bisect.refuses")
def test_one_sign(student):
    """An interval in which the sign may not change is refused with a ValueError.

    What does the product of the values at both ends say?
    """
    if student.bisect(lambda x: x, -1.0, 2.0) is None:
        raise NotImplementedYet("bisect returns None: this part is not written yet.")
    with pytest.raises(ValueError):
        student.bisect(lambda x: x * x + 1, -1.0, 1.0)


@part("newton.iterates")
def test_first_steps(student):
    """From 1 the tangents of x² - 3 lead to 2, and then to 1.75.

    Where does the tangent at x cross zero, and is the place where you begin among the iterates?
    """
    iterates = student.newton(lambda x: x * x - 3, lambda x: 2 * x, 1.0, max_steps=2)
    assert_matches(iterates, np.array([1.0, 2.0, 1.75]), "iterates")


@part("newton.stops")
def test_a_line(student):
    """On a straight line the first step arrives, and the second, of length zero, is the last.

    Do you compare the length of a step with the tolerance before or after you keep where it led?
    """
    assert_matches(
        student.newton(lambda x: 2 * x - 6, lambda x: 2.0 + 0 * x, 0.0), np.array([0.0, 3.0, 3.0]), "iterates"
    )


@part("depth")
def test_weight(student):
    """What is displaced at this depth weighs as much as the ball.

    Did you take the volume of the whole ball, or only its radius?
    """
    depth = student.depth
    if depth is None:
        raise NotImplementedYet("depth is None: this part is not written yet.")
    if abs(depth**2 * (3 - depth) / 4 - 0.6) > 1e-5:
        raise Failed("At this depth the share of the ball that is immersed is not 0.6.")


@part("qr.Q")
def test_orthonormal(student, rng):
    """The columns of Q are orthonormal.

    Is each reflection applied to all of Q, and in which order?
    """
    Q, _ = results(student.qr(rng.normal(size=(5, 3))), 2, "qr")
    assert_matches(None if Q is None else Q.T @ Q, np.eye(3), "Q.T @ Q")


@part("qr.R")
def test_product(student, rng):
    """R is upper triangular, and the product is A.

    Which rows of R does each reflection change?
    """
    A = rng.normal(size=(5, 3))
    Q, R = results(student.qr(A), 2, "qr")
    assert_matches(None if R is None else np.tril(R, -1), np.zeros((3, 3)), "R below its diagonal")
    assert_matches(Q @ R, A, "Q @ R")


@part("qr.stable")
def test_nearly_dependent(student, rng):
    """Columns that are nearly the same come out orthonormal all the same.

    Which sign of the first entry avoids a difference of nearly equal numbers?
    """
    Q, _ = results(student.qr(np.ones((5, 3)) + 1e-8 * rng.normal(size=(5, 3))), 2, "qr")
    assert_matches(None if Q is None else Q.T @ Q, np.eye(3), "Q.T @ Q")


@part("euler")
def test_two_steps(student):
    """For y' = t in steps of 1 and 2 it goes from 1 to 1 and to 3.

    Which time does each step look at, and how long is just this step?
    """
    y = student.euler(lambda t, y: t + 0 * y, np.array([1.0]), np.array([0.0, 1.0, 3.0]))
    assert_matches(y, np.array([[1.0], [1.0], [3.0]]), "y")


@part("rk4")
def test_cubic(student):
    """What has the derivative t³ is followed exactly, however long the steps.

    At which three times is the direction looked at, and with which weights are the four added?
    """
    t = np.array([0.0, 1.0, 3.0])
    y = student.rk4(lambda t, y: t**3 + 0 * y, np.array([2.0]), t)
    assert_matches(y, (2 + t**4 / 4)[:, None], "y")


@part("orders")
def test_near_one_and_four(student):
    """The orders are near one and four.

    What becomes of the error of each method when all steps are halved?
    """
    orders = student.orders
    if orders is None:
        raise NotImplementedYet("orders is None: this part is not written yet.")
    assert_matches(np.round(np.asarray(orders, dtype=float)), np.array([1.0, 4.0]), "orders, rounded")


@part("spline.values")
def test_through_the_points(student):
    """The spline runs through its points.

    What does a curve through the points give at the points themselves?
    """
    x, y = np.array([0.0, 1.0, 2.5, 3.0]), np.array([1.0, -1.0, 2.0, 0.0])
    values, _ = results(student.spline(x, y, x), 2, "spline")
    assert_matches(values, y, "values")


@part("spline.slopes")
def test_line(student):
    """Through points on a line it is that line.

    What is asked of the spline at its two ends?
    """
    x = np.array([0.0, 1.0, 2.5, 3.0])
    _, slopes = results(student.spline(x, 2 * x - 1, np.array([0.3, 2.0])), 2, "spline")
    assert_matches(slopes, np.array([2.0, 2.0]), "slopes")


@part("chebyshev")
def test_two_points(student):
    """The two Chebyshev points of [0, 2] are one minus and plus the root of one half.

    Where does the linear map from [-1, 1] take the middle and the ends, and which way round do the cosines come?
    """
    assert_matches(student.chebyshev(0.0, 2.0, 2), 1 + np.array([-1.0, 1.0]) * np.sqrt(0.5), "points")
