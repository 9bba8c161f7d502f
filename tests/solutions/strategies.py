"""Random layers to try: shapes, strides and paddings beyond those of the assignment."""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st


@dataclass(frozen=True)
class Convolution:
    """Shapes of one convolution that fits at least once."""

    x_shape: tuple[int, int, int, int]
    w_shape: tuple[int, int, int, int]
    stride: int
    pad: int
    seed: int

    @property
    def param(self) -> dict[str, int]:
        """The layer's `conv_param`."""
        return {"stride": self.stride, "pad": self.pad}

    def arrays(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Draw x, w and b."""
        random = np.random.default_rng(self.seed)
        return tuple(random.normal(size=shape) for shape in (self.x_shape, self.w_shape, self.w_shape[:1]))


@dataclass(frozen=True)
class Pooling:
    """Shapes of one max pooling that fits at least once."""

    x_shape: tuple[int, int, int, int]
    pool_height: int
    pool_width: int
    stride: int
    seed: int

    @property
    def param(self) -> dict[str, int]:
        """The layer's `pool_param`."""
        return {"pool_height": self.pool_height, "pool_width": self.pool_width, "stride": self.stride}

    def input(self) -> np.ndarray:
        """Draw x: distinct numbers, at least 1 apart, so that no small step changes which one is largest."""
        random = np.random.default_rng(self.seed)
        return random.permutation(np.prod(self.x_shape)).reshape(self.x_shape).astype(np.float64)


@st.composite
def convolutions(draw: st.DrawFn) -> Convolution:
    """Small convolutions of any stride and padding, rectangular or not."""
    channels, height, width, pad = (draw(st.integers(*bounds)) for bounds in ((1, 3), (1, 6), (1, 6), (0, 2)))
    filters = draw(st.integers(1, 3))
    filter_height = draw(st.integers(1, min(4, height + 2 * pad)))
    filter_width = draw(st.integers(1, min(4, width + 2 * pad)))
    return Convolution(
        (draw(st.integers(1, 2)), channels, height, width),
        (filters, channels, filter_height, filter_width),
        draw(st.integers(1, 3)),
        pad,
        draw(st.integers(0, 2**31)),
    )


@st.composite
def poolings(draw: st.DrawFn) -> Pooling:
    """Small poolings, of windows that tile, overlap or leave gaps."""
    height, width = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    return Pooling(
        (draw(st.integers(1, 2)), draw(st.integers(1, 3)), height, width),
        draw(st.integers(1, min(4, height))),
        draw(st.integers(1, min(4, width))),
        draw(st.integers(1, 3)),
        draw(st.integers(0, 2**31)),
    )
