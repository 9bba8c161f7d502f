"""Numerical gradients agree with calculus, and leave their input as they found it."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from cs231n.gradient_check import eval_numerical_gradient, eval_numerical_gradient_array, grad_check_sparse

ARRAYS = arrays(np.float64, array_shapes(min_dims=0, max_dims=3, max_side=4), elements=st.floats(-10, 10))


@settings(max_examples=50, deadline=None)
@given(ARRAYS)
def test_the_gradient_of_a_sum_of_cubes_is_three_squares(x):
    """The gradient of sum(x^3) is 3 x^2 for arrays of any shape, and x is restored."""
    before = x.copy()

    gradient = eval_numerical_gradient(lambda x: np.sum(x**3), x, verbose=False)

    assert gradient.shape == x.shape
    np.testing.assert_allclose(gradient, 3 * x**2, atol=1e-6)
    np.testing.assert_array_equal(x, before)


@settings(max_examples=50, deadline=None)
@given(ARRAYS)
def test_the_gradient_behind_an_array_is_the_chain_rule(x):
    """Behind f(x) = x^2 with upstream gradient df, the gradient is 2 x df, and x is restored."""
    before, df = x.copy(), np.cos(x)

    gradient = eval_numerical_gradient_array(np.square, x, df)

    np.testing.assert_allclose(gradient, 2 * x * df, atol=1e-6)
    np.testing.assert_array_equal(x, before)


def test_a_function_may_give_back_the_array_it_was_given():
    """A function that returns its input itself, not a copy, gets the right gradient."""
    x = np.arange(6.0).reshape(2, 3)

    gradient = eval_numerical_gradient_array(lambda x: x, x, np.full((2, 3), 7.0))

    np.testing.assert_allclose(gradient, 7.0)


def test_the_input_is_restored_when_the_function_fails():
    """When the function raises in the middle, its input is as it was before."""
    x = np.arange(3.0)

    def fail_late(x):
        if x[1] != 1.0:
            raise ArithmeticError("in the middle")
        return x.sum()

    with pytest.raises(ArithmeticError, match="in the middle"):
        eval_numerical_gradient(fail_late, x, verbose=False)

    np.testing.assert_array_equal(x, [0.0, 1.0, 2.0])


@pytest.mark.parametrize(
    "function", [eval_numerical_gradient, eval_numerical_gradient_array, grad_check_sparse]
)
def test_whole_numbers_are_refused(function):
    """An array of integers, in which a small step would be lost, is an error that says how to convert it."""
    with pytest.raises(TypeError, match=r"astype\(np\.float64\)"):
        function(np.sum, np.arange(3), np.ones(()))


def test_verbose_prints_each_element(capsys):
    """With verbose, every index is printed with its gradient; without, nothing."""
    eval_numerical_gradient(np.sum, np.zeros((2, 2)), verbose=False)
    assert capsys.readouterr().out == ""

    eval_numerical_gradient(np.sum, np.zeros((2, 2)))

    printed = capsys.readouterr().out.splitlines()
    assert [line.partition(")")[0] for line in printed] == ["(0, 0", "(0, 1", "(1, 0", "(1, 1"]


@pytest.mark.parametrize(("wrong_by", "verdict"), [(1.0, "small"), (1.5, "large")])
def test_the_sparse_check_prints_errors_that_tell_right_from_wrong(capsys, wrong_by, verdict):
    """A right gradient gets small relative errors at all places tried, a wrong one large ones."""
    x = np.linspace(1, 2, 12).reshape(3, 4)

    grad_check_sparse(lambda x: np.sum(x**2), x, 2 * x * wrong_by, num_checks=7)

    errors = [float(line.rsplit(" ", 1)[1]) for line in capsys.readouterr().out.splitlines()]
    assert len(errors) == 7
    assert all(error < 1e-6 if verdict == "small" else error > 0.1 for error in errors)


def test_the_sparse_check_of_a_constant_does_not_divide_by_zero(capsys):
    """Where both gradients are zero the relative error is zero."""
    grad_check_sparse(lambda _: 1.0, np.ones(3), np.zeros(3), num_checks=1)

    assert capsys.readouterr().out.endswith("relative error: 0.000000e+00\n")
