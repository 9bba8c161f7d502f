"""Winograd's convolution is the direct one with fewer multiplications: as exact as promised, the same in any batch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from numpy.lib.stride_tricks import sliding_window_view

from cs231n import fast_layers, im2col, winograd_matrices

KERNELS = fast_layers.kernels_cython.kernels() if fast_layers.kernels_cython is not None else []
SIDES = sorted(fast_layers.PAIRS)
MOST = {np.float32: (3e-6, 6e-5), np.float64: (2e-14, 4e-13)}
"""Root of the mean square and largest error, in the output's spread."""

ENOUGH = 200
"""Outputs from which on a mean says something."""

PROPERTY = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
compiled = pytest.mark.skipif(
    not KERNELS, reason="the fast layers are not compiled: no C compiler, or no build"
)


@pytest.fixture(params=KERNELS)
def kernel(request, monkeypatch):
    """Force one instruction set."""
    monkeypatch.setenv("FAST_LAYERS_KERNEL", request.param)
    return request.param


@st.composite
def layers(draw):
    """Draw a convolution of stride 1 that can go Winograd's way, ragged edges and wide borders included."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    dtype, side = draw(st.sampled_from([np.float32, np.float64])), draw(st.sampled_from(SIDES))
    pad = draw(st.integers(0, side))
    size = [draw(st.integers(max(1, side - 2 * pad), 19)) for _ in range(2)]
    batch, channels, filters = draw(st.integers(1, 5)), draw(st.integers(1, 20)), draw(st.integers(1, 20))
    x = rng.normal(size=(batch, channels, *size)).astype(dtype)
    w, b = (
        rng.normal(size=(filters, channels, side, side)).astype(dtype),
        rng.normal(size=filters).astype(dtype),
    )
    return x, w, b, {"stride": 1, "pad": pad}


def convolution(x, w, b, pad):
    """Convolve in the longest floats there are, window by window."""
    x, w, b = (each.astype(np.longdouble) for each in (x, w, b))
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    windows = sliding_window_view(padded, w.shape[2:], axis=(2, 3))
    return np.einsum("nchwij,fcij->nfhw", windows, w) + b[:, None, None]


def assert_exact(found, right, scale, dtype):
    """Demand that errors stay below what the module's text promises, in units of `scale`."""
    error = np.abs(found - right).astype(float) / scale
    rms, worst = MOST[dtype]
    assert error.max() <= worst
    if error.size >= ENOUGH:
        assert np.sqrt(np.mean(error**2)) <= rms


@compiled
@pytest.mark.usefixtures("kernel")
@PROPERTY
@given(layers())
def test_the_forward_pass_is_as_exact_as_promised(layer):
    """Both errors are held, against long double, for any size, border and instruction set."""
    x, w, b, param = layer
    out, _ = fast_layers.conv_forward_fast(x, w, b, param, algorithm="winograd")
    scale = np.sqrt(w[0].size)  # the spread of a sum of so many products of unit normal numbers
    assert_exact(out, convolution(x, w, b, param["pad"]), scale, x.dtype.type)


@compiled
@pytest.mark.usefixtures("kernel")
@PROPERTY
@given(layers())
def test_the_gradients_are_as_exact_as_promised(layer):
    """Against the direct way in float64, those of images and of filters, which sum over filters and over positions."""
    x, w, b, param = layer
    rng = np.random.default_rng(x.size)
    out, cache = fast_layers.conv_forward_fast(x, w, b, param)
    dout = rng.normal(size=out.shape).astype(x.dtype)
    found = fast_layers.conv_backward_fast(dout, cache, algorithm="winograd")
    exact = tuple(each.astype(np.float64) for each in (x, w, b))
    right = fast_layers.conv_backward_fast(dout.astype(np.float64), (*exact, param), algorithm="direct")
    for ours, theirs, terms in zip(found, right, (w[:, 0].size, *2 * [out[:, 0].size]), strict=True):
        assert_exact(ours, theirs, np.sqrt(terms), x.dtype.type)


@compiled
@pytest.mark.usefixtures("kernel")
@PROPERTY
@given(layers(), st.integers(2, 4))
def test_an_image_alone_comes_out_as_in_its_batch_with_any_threads(layer, threads):
    """To the last bit, for the speed part compares networks on batches of other sizes."""
    x, w, b, param = layer
    whole, _ = fast_layers.conv_forward_fast(x, w, b, param, algorithm="winograd")
    shared, _ = fast_layers.conv_forward_fast(x, w, b, param, threads=threads, algorithm="winograd")
    alone = [fast_layers.conv_forward_fast(each[None], w, b, param, algorithm="winograd")[0] for each in x]
    assert np.array_equal(whole, shared)
    assert np.array_equal(whole, np.concatenate(alone))
    one, several = (
        fast_layers.conv_backward_fast(whole, (x, w, b, param), threads=each, algorithm="winograd")
        for each in (1, threads)
    )
    assert all(map(np.array_equal, one, several))


@compiled
def test_the_rule_the_argument_and_the_environment_choose(monkeypatch):
    """Small layers go the direct way and large ones Winograd's; the environment decides, and the argument over it."""
    large, small = np.empty((64, 64, 3, 3)), np.empty((4, 3, 3, 3))
    choose = fast_layers.takes_winograd
    assert choose(large, 1, (16, 16))
    assert not choose(small, 1, (16, 16))
    assert not choose(large, 2, (16, 16))
    assert choose(small, 1, (16, 16), "winograd")
    assert choose(large, 1, (8, 8), of_filters=True)
    assert not choose(large, 1, (8, 8))
    assert not choose(np.empty((64, 64, 5, 5)), 1, (16, 16), "winograd", of_filters=True)
    monkeypatch.setenv("FAST_LAYERS_CONVOLUTION", "direct")
    assert not choose(large, 1, (16, 16))
    assert choose(large, 1, (16, 16), "winograd")
    with pytest.raises(ValueError, match=r"'direct' or 'winograd'"):
        choose(large, 1, (16, 16), "fourier")


def test_the_matrices_are_those_of_the_script():
    """The header in the folder is what winograd_matrices.py writes."""
    header = Path(winograd_matrices.__file__).with_suffix(".h")
    assert header.read_text(encoding="utf-8") == winograd_matrices.header()


@pytest.mark.parametrize(("m", "r"), winograd_matrices.SIZES)
def test_the_matrices_are_exact(m, r):
    """In fractions the transforms give the very outputs of the filter."""
    at, g, bt = winograd_matrices.matrices(m, r, winograd_matrices.SIZES[m, r])
    rng = np.random.default_rng(r)
    pixels, weights = (rng.integers(-9, 10, size=size).tolist() for size in (m + r - 1, r))

    def times(matrix, vector):
        return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]

    products = [a * b for a, b in zip(times(g, weights), times(bt, pixels), strict=True)]
    right = [sum(pixels[i + j] * weights[j] for j in range(r)) for i in range(m)]
    assert times(at, products) == right


def test_names_of_cs231n_work():
    """Code that calls CS231n's other names for the same layers runs, and a bias of another shape does, too."""
    rng = np.random.default_rng(0)
    x, w, b = rng.normal(size=(2, 3, 8, 8)), rng.normal(size=(4, 3, 3, 3)), rng.normal(size=(1, 4))
    param, pool = {"stride": 1, "pad": 1}, {"pool_height": 2, "pool_width": 2, "stride": 2}
    right, _ = fast_layers.conv_forward_fast(x, w, b[0], param)
    for name in ("im2col", "strides"):
        out, own = getattr(fast_layers, f"conv_forward_{name}")(x, w, b, param)
        assert np.array_equal(out, right)
        assert getattr(fast_layers, f"conv_backward_{name}")(out, own)[2].shape == (4,)
    for name in ("im2col", "reshape"):
        out, own = getattr(fast_layers, f"max_pool_forward_{name}")(x, pool)
        assert getattr(fast_layers, f"max_pool_backward_{name}")(out, own).shape == x.shape
    columns = im2col.im2col_indices(x, 3, 3)
    dout = rng.normal(size=columns.shape)
    assert np.isclose(np.sum(columns * dout), np.sum(x * im2col.col2im_indices(dout, x.shape)))
    k, i, j = im2col.get_im2col_indices(x.shape, 3, 3)
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    assert np.array_equal(padded[:, k, i, j].transpose(1, 2, 0).reshape(len(columns), -1), columns)


def test_the_readable_extension_says_what_the_fast_layers_compute():
    """im2col_cython lays out the columns of NumPy's im2col, and col2im_cython is its transpose."""
    cython = pytest.importorskip("cs231n.im2col_cython", reason="the extension is not compiled")
    rng = np.random.default_rng(1)
    for dtype in (np.float32, np.float64):
        x = rng.normal(size=(2, 3, 7, 6)).astype(dtype)
        for height, width, pad, stride in ((3, 3, 1, 1), (2, 4, 0, 2), (3, 2, 2, 3)):
            columns = cython.im2col_cython(x, height, width, pad, stride)
            assert np.array_equal(columns, im2col.im2col_indices(x, height, width, pad, stride))
            found = cython.col2im_cython(columns, *x.shape, height, width, pad, stride)
            assert np.allclose(
                found, im2col.col2im_indices(columns, x.shape, height, width, pad, stride), rtol=1e-5
            )
