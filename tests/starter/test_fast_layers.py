"""The fast layers agree with the naive ones, compiled for every instruction set and in NumPy, with any threads."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from cs231n import fast_layers
from nndl import conv_layers

COMPILED = fast_layers.kernels_cython.kernels() if fast_layers.kernels_cython is not None else []
KERNELS = [*COMPILED, "numpy"]

PROPERTY = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(params=KERNELS)
def kernel(request, monkeypatch):
    """Force one implementation."""
    monkeypatch.setenv("FAST_LAYERS_KERNEL", request.param)
    return request.param


@st.composite
def convolutions(draw):
    """Draw a convolution's arguments and an upstream gradient: any stride, padding, sizes, types and strides."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    dtype = draw(st.sampled_from([np.float32, np.float64]))
    pad, stride = draw(st.integers(0, 3)), draw(st.integers(1, 3))
    window = [draw(st.integers(1, 5)) for _ in range(2)]
    image = [draw(st.integers(max(1, size - 2 * pad), 9)) for size in window]
    batch, channels, filters = (draw(st.integers(least, 4)) for least in (0, 1, 1))
    x = rng.normal(size=(batch, channels, *image)).astype(dtype)
    if draw(st.booleans()):
        x = np.asfortranarray(x)
    w, b = rng.normal(size=(filters, channels, *window)).astype(dtype), rng.normal(size=filters).astype(dtype)
    out = [1 + (size + 2 * pad - part) // stride for size, part in zip(image, window, strict=True)]
    dout = rng.normal(size=(batch, filters, *out)).astype(dtype)
    return x, w, b, {"stride": stride, "pad": draw(st.sampled_from([pad, float(pad)]))}, dout


@st.composite
def poolings(draw):
    """Draw a pooling's arguments without ties: windows that tile, overlap or leave gaps, in rows of several vectors."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    dtype = draw(st.sampled_from([np.float32, np.float64]))
    usual = st.sampled_from([(2, 2, 2), (3, 3, 2)])
    *window, stride = draw(usual | st.tuples(*3 * [st.integers(1, 4)]))
    image = [draw(st.integers(size, most)) for size, most in zip(window, (9, 70), strict=True)]
    shape = (draw(st.integers(0, 3)), draw(st.integers(1, 3)), *image)
    x = rng.permutation(np.prod(shape)).reshape(shape).astype(dtype)
    out = [1 + (size - part) // stride for size, part in zip(image, window, strict=True)]
    param = {"pool_height": window[0], "pool_width": window[1], "stride": stride}
    return x, param, rng.normal(size=(*shape[:2], *out)).astype(dtype)


def assert_close(actual, expected):
    """Compare up to the rounding of the type, relative to the largest entry."""
    assert actual.shape == expected.shape
    tolerance = 1e-4 if actual.dtype == np.float32 else 1e-10
    scale = np.max(np.abs(expected), initial=1.0)
    assert np.max(np.abs(actual - expected), initial=0.0) <= tolerance * scale


@PROPERTY
@given(layer=convolutions(), threads=st.integers(1, 3))
def test_convolution_agrees_with_the_loops(kernel, layer, threads) -> None:
    """Output and all gradients are those of the naive layers, in the type of the input."""
    x, w, b, param, dout = layer
    kept = [each.copy() for each in (x, w, b, dout)]
    out, cache = fast_layers.conv_forward_fast(x, w, b, param, threads=threads)
    expected, naive_cache = conv_layers.conv_forward_naive(x, w, b, param)
    assert out.dtype == x.dtype
    assert_close(out, expected)
    gradients = fast_layers.conv_backward_fast(dout, cache, threads=threads)
    for actual, right in zip(gradients, conv_layers.conv_backward_naive(dout, naive_cache), strict=True):
        assert_close(actual, right)
    for before, after in zip(kept, (x, w, b, dout), strict=True):
        assert np.array_equal(before, after)


@PROPERTY
@given(layer=poolings(), threads=st.integers(1, 3))
def test_pooling_agrees_with_the_loops(kernel, layer, threads) -> None:
    """Maxima and gradients are exactly those of the naive layers."""
    x, param, dout = layer
    out, cache = fast_layers.max_pool_forward_fast(x, param, threads=threads)
    expected, naive_cache = conv_layers.max_pool_forward_naive(x, param)
    assert np.array_equal(out, expected)
    dx = fast_layers.max_pool_backward_fast(dout, cache, threads=threads)
    assert_close(dx, conv_layers.max_pool_backward_naive(dout, naive_cache))


def test_results_do_not_depend_on_the_threads(kernel) -> None:
    """One thread and three give the same bits, sums over the batch included."""
    rng = np.random.default_rng(5)
    x, w, b = (rng.normal(size=shape).astype(np.float32) for shape in ((11, 3, 9, 9), (4, 3, 3, 3), (4,)))
    dout = rng.normal(size=(11, 4, 9, 9)).astype(np.float32)
    results = []
    for threads in (1, 3):
        out, cache = fast_layers.conv_forward_fast(x, w, b, {"stride": 1, "pad": 1}, threads=threads)
        results.append((out, *fast_layers.conv_backward_fast(dout, cache, threads=threads)))
    for one, three in zip(*results, strict=True):
        assert np.array_equal(one, three)


def test_a_failure_in_a_helping_thread_reaches_the_caller() -> None:
    """What goes wrong in any of the threads is raised where the layer was called."""
    caller = threading.get_ident()

    def task():
        if threading.get_ident() != caller:
            raise MemoryError("in a helper")

    with pytest.raises(MemoryError, match="in a helper"):
        fast_layers.share(task, threads=2, most=2)


def test_no_more_threads_run_than_there_are_images() -> None:
    """A thread without work is not started, and an empty batch is the caller's alone."""
    for images, threads in ((0, 1), (1, 1), (3, 3), (9, 4)):
        running = []
        fast_layers.share(lambda calls=running: calls.append(threading.get_ident()), threads=4, most=images)
        assert len(running) == threads


def test_the_first_of_equal_pixels_wins(kernel) -> None:
    """A tie's gradient goes to the first maximum in reading order."""
    out, cache = fast_layers.max_pool_forward_fast(
        np.ones((1, 1, 2, 2)), {"pool_height": 2, "pool_width": 2, "stride": 2}
    )
    assert out.item() == 1.0
    dx = fast_layers.max_pool_backward_fast(np.full((1, 1, 1, 1), 3.0), cache)
    assert np.array_equal(dx[0, 0], [[3.0, 0.0], [0.0, 0.0]])


def test_a_window_with_nan_gives_nan(kernel) -> None:
    """What is not a number is not overlooked, wherever in the window it is."""
    for place in range(4):
        x = np.arange(4.0)
        x[place] = np.nan
        out, _ = fast_layers.max_pool_forward_fast(
            x.reshape(1, 1, 2, 2), {"pool_height": 2, "pool_width": 2, "stride": 2}
        )
        assert np.isnan(out.item())


@pytest.mark.parametrize(
    ("x", "w", "b", "param", "told"),
    [
        ((2, 3, 5), (2, 3, 3, 3), (2,), {}, r"\(2, 3, 5\)"),
        ((2, 3, 5, 5), (2, 4, 3, 3), (2,), {}, r"\(2, 4, 3, 3\)"),
        ((2, 3, 5, 5), (2, 3, 3, 3), (3,), {}, r"\(3,\)"),
        ((2, 3, 2, 2), (2, 3, 3, 3), (2,), {"pad": 0}, "3 x 3"),
        ((2, 3, 5, 5), (2, 3, 3, 3), (2,), {"pad": -1}, "pad"),
        ((2, 3, 5, 5), (2, 3, 3, 3), (2,), {"pad": 0.5}, "pad"),
        ((2, 3, 5, 5), (2, 3, 3, 3), (2,), {"stride": 0}, "stride"),
    ],
)
def test_arguments_that_do_not_fit_are_named(kernel, x, w, b, param, told) -> None:
    """Wrong shapes and sizes raise ValueError and say which."""
    with pytest.raises(ValueError, match=told):
        fast_layers.conv_forward_fast(np.ones(x), np.ones(w), np.ones(b), {"stride": 1, "pad": 1, **param})


def test_other_types_are_refused(kernel) -> None:
    """Integers and half precision raise ValueError with the dtype."""
    for dtype in (np.int64, np.float16, np.complex128):
        with pytest.raises(ValueError, match=np.dtype(dtype).name):
            fast_layers.max_pool_forward_fast(
                np.ones((1, 1, 2, 2), dtype), {"pool_height": 1, "pool_width": 1, "stride": 1}
            )


def test_an_upstream_gradient_of_another_shape_is_refused(kernel) -> None:
    """The backward passes check dout against the layer's output."""
    x, w, b = np.ones((2, 3, 5, 5)), np.ones((2, 3, 3, 3)), np.ones(2)
    _, cache = fast_layers.conv_forward_fast(x, w, b, {"stride": 1, "pad": 1})
    with pytest.raises(ValueError, match=r"\(2, 2, 4, 5\)"):
        fast_layers.conv_backward_fast(np.ones((2, 2, 4, 5)), cache)
    _, cache = fast_layers.max_pool_forward_fast(x, {"pool_height": 5, "pool_width": 5, "stride": 1})
    with pytest.raises(ValueError, match=r"\(2, 3, 2, 1\)"):
        fast_layers.max_pool_backward_fast(np.ones((2, 3, 2, 1)), cache)


def test_windows_too_large_for_a_byte_still_pool() -> None:
    """Windows of more than 256 cells go the NumPy way."""
    x = np.random.default_rng(1).normal(size=(1, 2, 20, 20))
    param = {"pool_height": 17, "pool_width": 17, "stride": 2}
    out, _ = fast_layers.max_pool_forward_fast(x, param)
    assert np.array_equal(out, conv_layers.max_pool_forward_naive(x, param)[0])


def test_an_unknown_kernel_lists_the_known_ones(monkeypatch) -> None:
    """A typing error in the environment variable is answered with what there is."""
    if fast_layers.kernels_cython is None:
        pytest.skip("the extension is not compiled here; run: invoke setup")
    monkeypatch.setenv("FAST_LAYERS_KERNEL", "turbo")
    with pytest.raises(ValueError, match="baseline"):
        fast_layers.kernel_name()
