"""Public checks of conv_forward_naive: values that the notebook prints, and values that can be worked out by hand."""

import numpy as np
import pytest

from grader.student.checks import (
    IMAGE_AXES,
    NotImplementedYet,
    assert_matches,
    assert_unchanged,
    beyond,
    part,
    results,
)

NAME = "conv_forward_naive"

PRINTED = [
    [
        [[-0.08759809, -0.10987781], [-0.18387192, -0.2109216]],
        [[0.21027089, 0.21661097], [0.22847626, 0.23004637]],
        [[0.50813986, 0.54309974], [0.64082444, 0.67101435]],
    ],
    [
        [[-0.98053589, -1.03143541], [-1.19128892, -1.24695841]],
        [[0.69108355, 0.66880383], [0.59480972, 0.56776003]],
        [[2.36270298, 2.36904306], [2.38090835, 2.38247847]],
    ],
]
"""As in CNN-Layers.ipynb."""


def output(student, *args, stride, pad):
    """Return the student's output."""
    return results(student.conv_forward_naive(*args, {"stride": stride, "pad": pad}), 2, NAME)[0]


def ramp(low, high, *shape):
    """Return numbers that rise evenly from `low` to `high`."""
    return np.linspace(low, high, num=np.prod(shape)).reshape(shape)


@part(NAME)
def test_notebook(student):
    """The output is the one that the notebook prints, for 4x4 filters with stride 2 and padding 1.

    Where in the padded image does the window for output (i, j) begin, with stride 2?
    """
    layer = ramp(-0.1, 0.5, 2, 3, 4, 4), ramp(-0.2, 0.3, 3, 3, 4, 4), np.linspace(-0.1, 0.2, num=3)
    assert_matches(output(student, *layer, stride=2, pad=1), np.array(PRINTED), axes=IMAGE_AXES)


@part(NAME)
def test_counts(student):
    """Ones filtered with ones count the pixels under the filter: 9 inside, 6 at an edge, 4 in a corner.

    What does the window see at a corner, where it hangs over the edge?
    """
    counts = np.array([[4, 6, 6, 4], [6, 9, 9, 6], [6, 9, 9, 6], [4, 6, 6, 4]], dtype=float)
    ones = np.ones((1, 2, 4, 4)), np.ones((3, 2, 3, 3)), np.zeros(3)
    assert_matches(
        output(student, *ones, stride=1, pad=1), np.tile(2 * counts, (1, 3, 1, 1)), axes=IMAGE_AXES
    )


@part(NAME)
def test_single_pixel(student):
    """A single bright pixel lays out the filter upside down and mirrored: nothing flips it before.

    Which weight of the filter meets the pixel when the window stands one step to its left?
    """
    image = np.zeros((1, 1, 5, 5))
    image[0, 0, 2, 2] = 1
    weights = ramp(1, 9, 1, 1, 3, 3)
    expected = np.zeros((1, 1, 5, 5))
    expected[0, 0, 1:4, 1:4] = weights[0, 0, ::-1, ::-1]
    out = output(student, image, weights, np.zeros(1), stride=1, pad=1)
    assert_matches(out, expected, axes=IMAGE_AXES)


@part(NAME)
def test_biases(student):
    """On black images every pixel of an output channel is the bias of its filter.

    What is left of the sum when every product is zero, and which filter's number is it?
    """
    biases = np.array([0.5, -2.0, 3.0, 0.25])
    black, weights = np.zeros((2, 3, 5, 5)), ramp(-1, 1, 4, 3, 3, 3)
    expected = np.tile(biases.reshape(4, 1, 1), (2, 1, 3, 3))
    assert_matches(output(student, black, weights, biases, stride=2, pad=1), expected, axes=IMAGE_AXES)


@beyond(NAME)
@pytest.mark.parametrize(("stride", "pad", "height", "width"), [(1, 0, 3, 5), (3, 2, 3, 3), (2, 0, 2, 3)])
def test_shape(student, rng, stride, pad, height, width):
    """With stride {stride} and padding {pad}, 5x7 images under 3x3 filters give outputs of {height}x{width}.

    How far can the window move before its right edge leaves the padded image?
    """
    out = output(
        student, rng.normal(size=(2, 1, 5, 7)), np.zeros((2, 1, 3, 3)), np.ones(2), stride=stride, pad=pad
    )
    assert_matches(out, np.ones((2, 2, height, width)), axes=IMAGE_AXES)


@beyond(NAME)
def test_input_kept(student):
    """The images that are filtered stay as they were.

    Which of your lines writes into x itself?
    """
    images = ramp(-1, 1, 1, 2, 4, 4)
    before = images.copy()
    out = output(student, images, ramp(-1, 1, 2, 2, 3, 3), np.zeros(2), stride=1, pad=1)
    if out is None:
        raise NotImplementedYet("The output is None: this part is not written yet.")
    assert_unchanged(images, before, "x")
