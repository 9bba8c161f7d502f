"""Numerical gradients by central differences, to check analytic ones against."""

import numpy as np


def eval_numerical_gradient(f, x, verbose=True, h=1e-5):
    """Gradient of a function that gives one number.

    Parameters
    ----------
    f : callable
        Takes the array x and gives a float. It may also ignore its argument and see x through a closure: x is
        changed in place, one element at a time, and restored.
    x : ndarray of float, any shape
        Where to take the gradient.
    verbose : bool
        Print each element of the gradient as it is found.
    h : float
        Step on each side.

    Returns
    -------
    ndarray of float64, shape of x
        (f(x + h) - f(x - h)) / (2 h), for a step in each element by itself.

    Raises
    ------
    TypeError
        When x does not hold floats, so that a small step would be rounded away.
    """
    return _central_differences(f, x, h, difference=lambda plus, minus: plus - minus, verbose=verbose)


def eval_numerical_gradient_array(f, x, df, h=1e-5):
    """Gradient of a loss behind a function that gives an array.

    Parameters
    ----------
    f : callable
        Takes the array x and gives an array; as in `eval_numerical_gradient`, x is changed in place.
    x : ndarray of float, any shape
        Where to take the gradient.
    df : ndarray, shape of f(x)
        Gradient of the loss with respect to f's output.
    h : float
        Step on each side.

    Returns
    -------
    ndarray of float64, shape of x
        Gradient of the loss with respect to x.

    Raises
    ------
    TypeError
        When x does not hold floats, so that a small step would be rounded away.
    """
    return _central_differences(f, x, h, difference=lambda plus, minus: np.sum((plus - minus) * df))


def grad_check_sparse(f, x, analytic_grad, num_checks=10, h=1e-5):
    """Compare an analytic gradient with numerical ones at a few random elements, and print both.

    Parameters
    ----------
    f : callable
        Takes the array x and gives a float; as in `eval_numerical_gradient`, x is changed in place.
    x : ndarray of float, any shape
        Where to take the gradient.
    analytic_grad : ndarray, shape of x
        The gradient to check.
    num_checks : int
        How many elements to try.
    h : float
        Step on each side.

    Raises
    ------
    TypeError
        When x does not hold floats, so that a small step would be rounded away.
    """
    _require_floats(x)
    for _ in range(num_checks):
        index = tuple(np.random.randint(size) for size in x.shape)
        plus, minus = _both_sides(f, x, index, h)
        numerical, analytic = (plus - minus) / (2 * h), analytic_grad[index]
        scale = max(abs(numerical) + abs(analytic), 1e-8)  # two zeros agree
        error = abs(numerical - analytic) / scale
        print(f"numerical: {numerical:f} analytic: {analytic:f}, relative error: {error:e}")


def _central_differences(f, x, h, difference, verbose=False):
    _require_floats(x)
    gradient = np.zeros(x.shape)
    for index in np.ndindex(*x.shape):
        gradient[index] = difference(*_both_sides(f, x, index, h)) / (2 * h)
        if verbose:
            print(index, gradient[index])
    return gradient


def _both_sides(f, x, index, h):
    """Evaluate f with one element a step higher and lower; x is restored even when f raises."""
    value = x[index]
    try:
        x[index] = value + h
        plus = np.array(f(x), dtype=np.float64)
        x[index] = value - h
        minus = np.array(f(x), dtype=np.float64)
    finally:
        x[index] = value
    return plus, minus


def _require_floats(x):
    if not np.issubdtype(x.dtype, np.floating):
        raise TypeError(
            f"x holds {x.dtype}; a small step needs floats, so convert it with x.astype(np.float64)"
        )
