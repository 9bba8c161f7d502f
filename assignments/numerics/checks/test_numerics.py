"""Hidden checks of the notebook: roots, factors, differential equations, interpolation."""

import numpy as np
import pytest

from grader.checking import (
    Failed,
    as_array,
    assert_matches,
    assert_unchanged,
    beyond,
    part,
    require_written,
    results,
    witnessed,
)
from grader.sandbox import StudentError

ROUNDING = 1e-12
"""What a bound on an error is exceeded by where the arithmetic alone is to blame."""

MATRIX_AXES = ("row", "column")
SOLUTION_AXES = ("time", "component")


def both(student, source, **values):
    """Return the function that `source` says, made in the box and made here."""
    return student.define(source, **values), eval(source, {"np": np, **values})  # noqa: S307  # this file's own text


def assert_within(found, right, tol, what):
    """Demand a number that is off by `tol` at most."""
    if isinstance(found, int | float | np.ndarray) and np.size(found) == 1:
        error = float(np.max(np.abs(found - right)))
        if error <= tol + ROUNDING:
            return
        with witnessed(found):
            raise Failed(
                f"{what}: {float(np.ravel(found)[0]):.8g} is off by {error:.1e}; {tol:g} is allowed."
            )
    assert_matches(found, np.asarray(right), what)


# --- bisect -------------------------------------------------------------------------------------------------------

CURVES = {
    "a rising function": ("lambda x: np.exp(x) - np.exp(r)", 1e-10),
    "a falling function": ("lambda x: 5 * (r**3 - x**3)", 1e-8),
    "a function that is nearly zero for far around its root": ("lambda x: (x - r) ** 3", 1e-6),
}
"""How each is written, and how exact its root must be."""


@part("bisect.root")
@pytest.mark.parametrize("curve", CURVES)
def test_root(student, rng, curve):
    """The root of {curve} is found, as near as was asked for."""
    root, (source, tol) = rng.uniform(0.5, 1.5), CURVES[curve]
    ends = root - rng.uniform(1, 2), root + rng.uniform(1, 2)
    assert_within(student.bisect(student.define(source, r=root), *ends, tol=tol), root, tol, "root")


SIGNS = {"positive": 1.0, "negative": -1.0}


@part("bisect.refuses")
@pytest.mark.parametrize("sign", SIGNS)
def test_refuses(student, rng, sign):
    """An interval at whose ends the function is {sign} is refused with a ValueError."""
    f = student.define("lambda x: s * ((x - r) ** 2 + 0.5)", s=SIGNS[sign], r=rng.uniform(0.2, 0.8))
    try:
        found = student.bisect(f, -1.0, rng.uniform(1.0, 2.0))
    except StudentError as error:
        if error.type_name == "ValueError":
            return
        raise
    require_written(found)
    with witnessed(found):
        raise Failed("A result came back where f has the same sign at both ends: nothing was raised.")


# --- newton -------------------------------------------------------------------------------------------------------

TANGENTS = {
    "a parabola": ("lambda x: x**2 - c", "lambda x: 2 * x"),
    "an exponential": ("lambda x: np.exp(x) - c", "lambda x: np.exp(x)"),
}


def run_newton(student, reference, rng, curve, **options):
    """Return the iterates of both sides for one curve."""
    c, x0 = rng.uniform(2.0, 4.0), rng.uniform(2.5, 3.5)
    (f, our_f), (df, our_df) = (both(student, source, c=c) for source in TANGENTS[curve])
    return as_array(student.newton(f, df, x0, **options)), reference.newton(our_f, our_df, x0, **options)


@part("newton.iterates")
@pytest.mark.parametrize("curve", TANGENTS)
def test_iterates(student, reference, rng, curve):
    """For {curve} every iterate is right, from the first to the last."""
    assert_matches(*run_newton(student, reference, rng, curve), "iterates", ("iterate",))


ENDS = {
    "after three steps, if it may take no more": {"max_steps": 3},
    "as soon as a coarse tol lets it": {"tol": 0.05},
}


@part("newton.stops")
@pytest.mark.parametrize("end", ENDS)
def test_stops(student, reference, rng, end):
    """It ends {end}."""
    assert_matches(*run_newton(student, reference, rng, "a parabola", **ENDS[end]), "iterates", ("iterate",))


# --- depth --------------------------------------------------------------------------------------------------------


@part("depth")
def test_depth(student, reference):
    """The ball floats at the right depth, to six digits behind the point."""
    found = student.depth
    require_written(found)
    assert_within(found, reference.depth, 1e-6, "depth")


# --- qr -----------------------------------------------------------------------------------------------------------

SHAPES = pytest.mark.parametrize("shape", [(6, 4), (5, 5)], ids=["tall", "square"])


def factors(student, A):
    """Return the student's two factors."""
    Q, R = results(student.qr(A), 2, "qr")
    return as_array(Q), as_array(R)


def signs(found, right, axis):
    """Return which columns (axis 0) or rows (axis 1) of a factor point the other way than the reference's."""
    if not isinstance(found, np.ndarray) or found.shape != right.shape:
        return 1.0
    return np.where(np.sum(found * right, axis=axis) < 0, -1.0, 1.0)


def is_close(found, right):
    """Whether arrays agree, of which the student's may be anything."""
    return (
        isinstance(found, np.ndarray) and found.shape == right.shape and np.allclose(found, right, atol=1e-6)
    )


@part("qr.Q")
@SHAPES
def test_orthonormal_factor(student, reference, rng, shape):
    """For a matrix of shape {shape} the columns of Q are right, up to their signs."""
    A = rng.normal(size=shape)
    (Q, _), (right, _) = factors(student, A), reference.qr(A)
    turned = signs(Q, right, 0)
    assert_matches(
        Q * turned if isinstance(Q, np.ndarray) else Q,
        right,
        "Q, up to the signs of its columns",
        MATRIX_AXES,
    )


@part("qr.R")
@SHAPES
def test_triangular_factor(student, reference, rng, shape):
    """For a matrix of shape {shape} R is right, with the signs that go with those of Q."""
    A = rng.normal(size=shape)
    A[0, 0] = abs(
        A[0, 0]
    )  # a reflection makes the first entry of R negative then, and shows whose signs are turned
    (Q, R), (right_q, right) = factors(student, A), reference.qr(A)
    turned = signs(Q, right_q, 0)
    if not isinstance(Q, np.ndarray) or not is_close(Q * turned, right_q):  # judged for itself
        turned = signs(R, right, 1)
    R = R * np.reshape(turned, (-1, 1)) if isinstance(R, np.ndarray) and R.ndim == right.ndim else R
    assert_matches(R, right, "R, up to the signs of its rows", MATRIX_AXES)


@part("qr.stable")
def test_nearly_dependent(student, rng):
    """The columns of Q are orthonormal even where those of the matrix are nearly the same."""
    A = rng.normal(size=(8, 1)) + 1e-12 * rng.normal(size=(8, 4))
    Q, _ = factors(student, A)
    if not isinstance(Q, np.ndarray) or Q.shape != A.shape:
        assert_matches(Q, np.zeros(A.shape), "Q", MATRIX_AXES)
    else:
        assert_matches(Q.T @ Q, np.eye(4), "product of Q transposed with Q", MATRIX_AXES)


@beyond("qr.R")
def test_whole_numbers(student, reference, rng):
    """A matrix of whole numbers has the same factors as one of the same numbers with a point."""
    A = rng.integers(-9, 10, size=(5, 3)) + 20 * np.eye(5, 3, dtype=int)
    (_, R), (_, right) = factors(student, A), reference.qr(A)
    R = (
        R * np.reshape(signs(R, right, 1), (-1, 1))
        if isinstance(R, np.ndarray) and R.ndim == right.ndim
        else R
    )
    assert_matches(R, right, "R, up to the signs of its rows", MATRIX_AXES)


@beyond("qr.Q")
def test_matrix_kept(student, rng):
    """The matrix is left as it is."""
    A = rng.normal(size=(5, 3))
    kept = student.put(A)
    require_written(student.qr(kept))
    assert_unchanged(kept.value(), A, "A")


# --- euler and rk4 ------------------------------------------------------------------------------------------------

FIELD = "lambda t, y: np.array([y[1] + t, -k * np.sin(y[0]) - t * y[1], y[0] * y[2]])"


@pytest.mark.parametrize(
    "method", [pytest.param(name, marks=part(name), id=name) for name in ("euler", "rk4")]
)
@pytest.mark.parametrize("steps", ["equal", "unequal"])
def test_solution(student, reference, rng, method, steps):
    """With {steps} steps all values of a system that depends on time are right."""
    t = rng.uniform(0.2, 0.4) + np.linspace(0, 1.5, 7)
    if steps == "unequal":
        t = t + rng.uniform(-0.08, 0.08, size=7)
    f, ours = both(student, FIELD, k=rng.uniform(1, 3))
    y0 = rng.uniform(0.5, 1.5, size=3)
    right = getattr(reference, method)(ours, y0, t)
    assert_matches(getattr(student, method)(f, y0, t), right, "y", SOLUTION_AXES)


@part("orders")
def test_orders(student, reference):
    """The measured orders are those of the two methods, and measured."""
    found = student.orders
    found = as_array(list(found) if isinstance(found, tuple) else found)
    if isinstance(found, np.ndarray) and found.shape == (2,):
        if np.array_equal(found, [1, 4]):
            with witnessed(found):
                raise Failed(
                    "These are the orders in theory, to the last digit; measured ones are a little off."
                )
        if np.all(np.abs(found - reference.orders) <= 0.1):
            return
    assert_matches(found, reference.orders, "orders", ("method",))


# --- interpolation ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "name"),
    [
        pytest.param(each, name, marks=part(f"spline.{name}"), id=name)
        for each, name in enumerate(("values", "slopes"))
    ],
)
def test_spline(student, reference, rng, place, name):
    """The {name} of the natural spline are right at the points, between them and at both ends."""
    x, y = np.cumsum(rng.uniform(0.3, 1.2, size=7)), rng.normal(size=7)
    at = np.concatenate([x, np.sort(rng.uniform(x[0], x[-1], size=9))])
    found = results(student.spline(x, y, at), 2, "spline")[place]
    assert_matches(found, reference.spline(x, y, at)[place], name, ("place",))


@part("chebyshev")
@pytest.mark.parametrize("n", [4, 7])
def test_points(student, reference, rng, n):
    """The {n} Chebyshev points of an interval are right, from left to right."""
    a, b = rng.uniform(-3, -1), rng.uniform(1.5, 4)
    assert_matches(student.chebyshev(a, b, n), reference.chebyshev(a, b, n), "points", ("point",))
