"""Hidden checks of conv_forward_naive."""

import numpy as np
import pytest

from grader.checking import (
    IMAGE_AXES,
    assert_matches,
    assert_unchanged,
    beyond,
    part,
    require_written,
    results,
)

PART = "conv_forward_naive"


def run(student, reference, rng, x_shape, w_shape, stride, pad):
    """Draw a layer's input, run the student's and the reference's forward pass, compare."""
    x, w, b = rng.normal(size=x_shape), rng.normal(size=w_shape), rng.normal(size=w_shape[0])
    args = (x, w, b, {"stride": stride, "pad": pad})
    out, _ = results(student.conv_forward_naive(*args), 2, PART)
    assert_matches(out, reference.conv_forward_naive(*args)[0], axes=IMAGE_AXES)


@part(PART)
@pytest.mark.parametrize(
    ("size", "filter_size", "stride"), [(5, 3, 1), (4, 4, 2), (7, 3, 2)], ids=["stride1", "stride2", "odd"]
)
def test_output(student, reference, rng, size, filter_size, stride):
    """The output is right for {size}x{size} images, {filter_size}x{filter_size} filters, stride {stride}, padding 1."""
    run(student, reference, rng, (4, 3, size, size), (2, 3, filter_size, filter_size), stride, 1)


@part(PART)
def test_more_filters_than_images(student, reference, rng):
    """The output has one channel per filter, also where there are more filters than images."""
    run(student, reference, rng, (2, 3, 4, 4), (5, 3, 4, 4), 2, 1)


@part(PART)
def test_bias(student, reference, rng):
    """Each filter adds its own bias."""
    b = rng.uniform(0.5, 2, size=3) * [1, -1, 1]  # of either sign, whatever is drawn
    x, w = np.zeros((2, 3, 4, 4)), rng.normal(size=(3, 3, 3, 3))
    args = (x, w, b, {"stride": 1, "pad": 1})
    out, _ = results(student.conv_forward_naive(*args), 2, PART)
    assert_matches(out, reference.conv_forward_naive(*args)[0], axes=IMAGE_AXES)


@beyond(PART)
def test_no_padding(student, reference, rng):
    """The output is right without padding."""
    run(student, reference, rng, (2, 3, 5, 5), (2, 3, 3, 3), 1, 0)


@beyond(PART)
def test_wide_padding(student, reference, rng):
    """The output is right for padding 2 and stride 3."""
    run(student, reference, rng, (2, 3, 5, 5), (2, 3, 3, 3), 3, 2)


@beyond(PART)
@pytest.mark.parametrize("size", [(5, 8), (8, 5)], ids=["wide", "tall"])
def test_oblong_images(student, reference, rng, size):
    """The output is right for images of {size} pixels."""
    run(student, reference, rng, (2, 3, *size), (2, 3, 3, 3), 1, 1)


@beyond(PART)
@pytest.mark.parametrize("size", [(2, 4), (4, 2)], ids=["wide", "tall"])
def test_oblong_filters(student, reference, rng, size):
    """The output is right for filters of {size} pixels."""
    run(student, reference, rng, (2, 3, 6, 6), (2, 3, *size), 2, 1)


@beyond(PART)
def test_incomplete_step(student, reference, rng):
    """Where the last step of a filter would leave the image, it is not taken."""
    run(student, reference, rng, (2, 3, 6, 6), (2, 3, 3, 3), 2, 1)


@beyond(PART)
def test_one_image(student, reference, rng):
    """The output is right for a single image with a single channel."""
    run(student, reference, rng, (1, 1, 4, 4), (2, 1, 3, 3), 1, 1)


@beyond(PART)
def test_arguments_kept(student, rng):
    """The forward pass leaves images, filters and biases as they were."""
    given = {"x": rng.normal(size=(2, 3, 4, 4)), "w": rng.normal(size=(2, 3, 3, 3)), "b": rng.normal(size=2)}
    kept = {name: student.put(value) for name, value in given.items()}
    require_written(student.conv_forward_naive(*kept.values(), {"stride": 1, "pad": 1}))
    for name, value in given.items():
        assert_unchanged(kept[name].value(), value, name)
