"""Public checks of max_pool_forward_naive and max_pool_backward_naive."""

import numpy as np

from grader.student.checks import (
    IMAGE_AXES,
    assert_gradient_fits,
    assert_matches,
    beyond,
    part,
    results,
    run_backward,
)

FORWARD = "max_pool_forward_naive"
BACKWARD = "max_pool_backward_naive"

QUARTERS = {"pool_height": 2, "pool_width": 2, "stride": 2}
OVERLAPPING = {"pool_height": 2, "pool_width": 2, "stride": 1}

PRINTED = [
    [
        [[-0.26315789, -0.24842105], [-0.20421053, -0.18947368]],
        [[-0.14526316, -0.13052632], [-0.08631579, -0.07157895]],
        [[-0.02736842, -0.01263158], [0.03157895, 0.04631579]],
    ],
    [
        [[0.09052632, 0.10526316], [0.14947368, 0.16421053]],
        [[0.20842105, 0.22315789], [0.26736842, 0.28210526]],
        [[0.32631579, 0.34105263], [0.38526316, 0.4]],
    ],
]
"""As in CNN-Layers.ipynb."""

PLANE = np.array([[1, 8, 2, 3], [4, 5, 7, 6], [-1, -9, -5, -4], [-3, -2, -8, -6]], dtype=float)


def output(student, x, param):
    """Return the student's output."""
    return results(student.max_pool_forward_naive(x, param), 2, FORWARD)[0]


def gradient(student, x, param, dout):
    """Return the student's gradient."""
    (dx,) = run_backward(
        lambda: student.max_pool_forward_naive(x, param),
        lambda cache: student.max_pool_backward_naive(dout, cache),
        1,
        needs=FORWARD,
        documented=(x, param),
    )
    return dx


@part(FORWARD)
def test_notebook(student):
    """The output is the one that the notebook prints.

    Which rows and columns belong to the window for output (i, j)?
    """
    x = np.linspace(-0.3, 0.4, num=96).reshape(2, 3, 4, 4)
    assert_matches(output(student, x, QUARTERS), np.array(PRINTED), axes=IMAGE_AXES)


@part(FORWARD)
def test_plane(student):
    """Of each quarter of a 4x4 plane the largest number is left, also where all are negative.

    What does your maximum begin from, and can it be larger than all numbers of the window?
    """
    expected = np.array([[8.0, 7.0], [-1.0, -4.0]])
    assert_matches(output(student, PLANE[None, None], QUARTERS), expected[None, None], axes=IMAGE_AXES)


@beyond(FORWARD)
def test_overlapping(student):
    """Windows may overlap: 2x2 windows with stride 1 on a 4x4 plane make a 3x3 output.

    By how much does the window move, and by how much is it wide?
    """
    expected = np.array([[8.0, 8.0, 7.0], [5.0, 7.0, 7.0], [-1.0, -2.0, -4.0]])
    assert_matches(output(student, PLANE[None, None], OVERLAPPING), expected[None, None], axes=IMAGE_AXES)


@part(BACKWARD)
def test_winners(student):
    """Each window's gradient goes to its largest number, and the others get none.

    If a number that is not the largest grew a little, would the output change?
    """
    dout = np.array([[10.0, 20.0], [30.0, 40.0]])
    expected = np.zeros((4, 4))
    expected[0, 1], expected[1, 2], expected[2, 0], expected[2, 3] = 10, 20, 30, 40
    dx = gradient(student, PLANE[None, None], QUARTERS, dout[None, None])
    assert_matches(dx, expected[None, None], "dx", IMAGE_AXES)


@part(BACKWARD)
def test_fits_forward(student, rng):
    """The gradient fits your forward pass.

    Where did the number come from that stands in the output?
    """
    x, dout = rng.normal(size=(3, 2, 6, 6)), rng.normal(size=(3, 2, 3, 3))
    assert_gradient_fits(
        lambda value: output(student, value, QUARTERS),
        x,
        gradient(student, x, QUARTERS, dout),
        dout,
        rng,
        what="dx",
        needs=FORWARD,
        axes=IMAGE_AXES,
    )


@beyond(BACKWARD)
def test_shared_winner(student):
    """A pixel that is the largest of several windows gets the sum of their gradients.

    What does your line do when the same pixel gets a gradient a second time?
    """
    dx = gradient(student, PLANE[None, None], OVERLAPPING, np.ones((1, 1, 3, 3)))
    expected = np.zeros((4, 4))
    expected[0, 1], expected[1, 1], expected[1, 2], expected[2, 0] = 2, 1, 3, 1
    expected[3, 1], expected[2, 3] = 1, 1
    assert_matches(dx, expected[None, None], "dx", IMAGE_AXES)
