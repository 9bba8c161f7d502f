"""The picture grid puts every image in its place, stretched to the full range."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from cs231n.vis_utils import visualize_grid


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 10), st.integers(2, 4), st.integers(2, 4), st.integers(0, 3))
def test_every_image_is_in_its_place(count, height, width, padding):
    """Image n is at row n // side and column n % side, from 0 to ubound, and nothing else is drawn."""
    images = np.random.default_rng(count).normal(size=(count, height, width, 3))
    side = int(np.ceil(np.sqrt(count)))

    grid = visualize_grid(images, ubound=10.0, padding=padding)

    assert grid.shape == (side * (height + padding) - padding, side * (width + padding) - padding, 3)
    for n, image in enumerate(images):
        top, left = (n // side) * (height + padding), (n % side) * (width + padding)
        place = grid[top : top + height, left : left + width]
        stretched = 10 * (image - image.min()) / (image.max() - image.min())
        np.testing.assert_allclose(place, stretched, atol=1e-9)
        place[...] = 0
    assert not grid.any()


def test_an_image_of_one_colour_is_black():
    """An image without any contrast becomes black, not a division by zero."""
    assert not visualize_grid(np.full((1, 2, 2, 3), 5.0)).any()


def test_the_brightest_pixel_is_ubound():
    """By default images go up to 255, as pictures of bytes do, also from integers."""
    images = np.array([0, 200, 100, 255], dtype=np.uint8).reshape(1, 2, 2, 1)

    assert visualize_grid(images).max() == pytest.approx(255.0)
