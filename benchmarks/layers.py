"""The fast layers against the naive loops and PyTorch, on the shapes of the assignment and of larger networks."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.table import Table

from benchmarks.measure import Work, interleaved
from benchmarks.subjects import load_fast_layers, load_solution, load_torch

ROUNDS = 25
ROUNDS_WHEN_QUICK = 5
SCALING_ROUNDS = 100
INFERENCE = "inference"
WAYS = ("plain", INFERENCE, "channels_last")
"""PyTorch's, as columns; the ratio is to the quickest."""

NAIVE_IMAGES = 1
"""The loops take seconds per batch and the same time for every image, so they run on so many and are scaled up."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One layer: `w` is the filters' shape, or (height, width) of a pooling window."""

    name: str
    x: tuple[int, int, int, int]
    w: tuple[int, ...]
    stride: int
    pad: int = 0


SHAPES = (
    Shape("S1", (100, 3, 31, 31), (25, 3, 3, 3), 2, 1),
    Shape("S2", (50, 3, 32, 32), (32, 3, 7, 7), 1, 3),
    Shape("S4", (50, 64, 16, 16), (64, 64, 3, 3), 1, 1),
    Shape("P1", (100, 3, 32, 32), (2, 2), 2),
    Shape("P2", (50, 32, 32, 32), (2, 2), 2),
    Shape("P3", (50, 32, 32, 32), (3, 3), 2),
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One layer in one direction. Seconds are CPU medians of interleaved rounds; ratios are how often ours fits in.

    Attributes
    ----------
    torch
        PyTorch's, by the quickest of its ways; NumPy's layout goes in and comes out in each.
    ways
        PyTorch's by each way: ``plain``, ``inference`` (without a graph that could be begun, forward alone) and
        ``channels_last`` (its kernels for the other layout, conversion included).
    torch_best
        PyTorch's shortest time in a loop of its own, its allocator warm; ``ratio_to_torch_best`` compares it with
        ours in the same kind of loop.
    """

    shape: str
    dtype: str
    direction: str
    seconds: float
    ratio_to_naive: float | None
    torch: float | None = None
    ratio_to_torch: float | None = None
    torch_best: float | None = None
    ratio_to_torch_best: float | None = None
    ways: dict[str, float] = field(default_factory=dict)


Pair = tuple[Work, Work]
"""The same layer forward and backward, without arguments."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """The same layer, ours, in plain loops, and by each of PyTorch's ways; none without PyTorch."""

    fast: Pair
    naive: Pair
    torch: Mapping[str, Pair]


def run(rounds: int = ROUNDS, *, naive: bool = True) -> list[Figure]:
    """Measure every shape, dtype and direction."""
    figures = []
    for shape in SHAPES:
        for dtype in (np.float32, np.float64):
            candidates = (_pool if len(shape.w) == 2 else _convolution)(shape, dtype)  # noqa: PLR2004  # height, width
            for direction in (0, 1):
                figures.append(_figure(shape, np.dtype(dtype).name, direction, candidates, rounds, naive))
    return figures


def table(figures: list[Figure]) -> Table:
    """Return the figures as a table, in milliseconds and ratios."""
    result = Table(title="Fast layers, one thread, CPU time, interleaved")
    for heading in (
        "layer",
        "dtype",
        "direction",
        "ms",
        "x naive",
        *WAYS,
        "x torch",
        "torch best",
        "x best",
    ):
        result.add_column(heading, justify="left" if heading in {"layer", "dtype", "direction"} else "right")
    for each in figures:
        result.add_row(
            each.shape,
            each.dtype,
            each.direction,
            _milliseconds(each.seconds),
            _ratio(each.ratio_to_naive, 0),
            *(_milliseconds(each.ways.get(way)) for way in WAYS),
            _ratio(each.ratio_to_torch, 2),
            _milliseconds(each.torch_best),
            _ratio(each.ratio_to_torch_best, 2),
        )
    return result


def as_json(figures: list[Figure]) -> list[dict[str, object]]:
    """Return the figures as JSON values."""
    return [asdict(each) for each in figures]


def scaling(rounds: int = SCALING_ROUNDS) -> dict[str, float]:
    """Return how much faster two threads are than one, by wall time; PyTorch must not be in the process.

    They take turns, and the shortest of the rounds counts on both sides: the second core may be busy with other work
    at times.
    """
    fast = load_fast_layers()
    speedups = {}
    for shape in SHAPES:
        if shape.name in {"S2", "S4"}:
            x, w, b, param, dout = _arrays(shape, np.float32)
            _, cache = fast.conv_forward_fast(x, w, b, param)
            works: dict[str, Callable[[int], object]] = {
                "forward": lambda threads, a=(x, w, b, param): fast.conv_forward_fast(*a, threads=threads),
                "backward": lambda threads, a=(dout, cache): fast.conv_backward_fast(*a, threads=threads),
            }
            for direction, work in works.items():
                walls = [[_wall(work, threads) for threads in (1, 2)] for _ in range(rounds)]
                one, two = (min(each) for each in zip(*walls, strict=True))
                speedups[f"{shape.name} {direction}"] = one / two
    return speedups


def _wall(work: Callable[[int], object], threads: int) -> float:
    before = time.perf_counter()
    work(threads)
    return time.perf_counter() - before


def _figure(
    shape: Shape, dtype: str, direction: int, candidates: Candidates, rounds: int, naive: bool
) -> Figure:
    works = {
        "fast": candidates.fast[direction],
        **{
            way: pair[direction]
            for way, pair in candidates.torch.items()
            if not (direction and way == INFERENCE)
        },
    }
    timings = interleaved(works, rounds)
    ours = timings["fast"].median
    per_image = interleaved({"naive": candidates.naive[direction]}, 1)["naive"].best if naive else None
    ratio_to_naive = per_image * shape.x[0] / NAIVE_IMAGES / ours if per_image is not None else None
    figure = Figure(shape.name, dtype, ("forward", "backward")[direction], ours, ratio_to_naive)
    if not candidates.torch:
        return figure
    ways = {way: timing.median for way, timing in timings.items() if way != "fast"}
    quickest = min(ways, key=ways.__getitem__)
    alone = {name: interleaved({name: works[name]}, rounds)[name].best for name in ("fast", quickest)}
    return replace(
        figure,
        torch=ways[quickest],
        ratio_to_torch=ways[quickest] / ours,
        torch_best=alone[quickest],
        ratio_to_torch_best=alone[quickest] / alone["fast"],
        ways=ways,
    )


def _arrays(shape: Shape, dtype: Any) -> tuple[Any, ...]:
    rng = np.random.default_rng(0)
    x, w, b = (rng.normal(size=each).astype(dtype) for each in (shape.x, shape.w, shape.w[:1]))
    param = {"stride": shape.stride, "pad": shape.pad}
    height, width = (
        1 + (size + 2 * shape.pad - window) // shape.stride
        for size, window in zip(shape.x[2:], shape.w[2:], strict=True)
    )
    return x, w, b, param, rng.normal(size=(shape.x[0], shape.w[0], height, width)).astype(dtype)


def _convolution(shape: Shape, dtype: Any) -> Candidates:
    fast, solution, torch = load_fast_layers(), load_solution(), load_torch()
    x, w, b, param, dout = _arrays(shape, dtype)
    _, cache = fast.conv_forward_fast(x, w, b, param)
    few = (x[:NAIVE_IMAGES], w, b, param)
    return Candidates(
        fast=(lambda: fast.conv_forward_fast(x, w, b, param), lambda: fast.conv_backward_fast(dout, cache)),
        naive=(
            lambda: solution.conv_forward_naive(*few),
            lambda: solution.conv_backward_naive(dout[:NAIVE_IMAGES], few),
        ),
        torch={} if torch is None else _torch_convolution(torch, shape, (x, w, b, dout)),
    )


def _pool(shape: Shape, dtype: Any) -> Candidates:
    fast, solution, torch = load_fast_layers(), load_solution(), load_torch()
    rng = np.random.default_rng(0)
    x = rng.normal(size=shape.x).astype(dtype)
    param = {"pool_height": shape.w[0], "pool_width": shape.w[1], "stride": shape.stride}
    out, cache = fast.max_pool_forward_fast(x, param)
    dout = rng.normal(size=out.shape).astype(dtype)
    few = x[:NAIVE_IMAGES]
    return Candidates(
        fast=(lambda: fast.max_pool_forward_fast(x, param), lambda: fast.max_pool_backward_fast(dout, cache)),
        naive=(
            lambda: solution.max_pool_forward_naive(few, param),
            lambda: solution.max_pool_backward_naive(dout[:NAIVE_IMAGES], (few, param)),
        ),
        torch={} if torch is None else _torch_pool(torch, shape, x, dout),
    )


def _torch_convolution(
    torch: ModuleType, shape: Shape, arrays: tuple[NDArray[Any], ...]
) -> Mapping[str, Pair]:
    x, w, b, dout = (torch.from_numpy(each) for each in arrays)
    for each in (x, w, b):
        each.requires_grad_()

    def apply(images: Any) -> Any:
        return torch.nn.functional.conv2d(images, w, b, stride=shape.stride, padding=shape.pad)

    return _torch_ways(torch, apply, (x, w, b), dout)


def _torch_pool(torch: ModuleType, shape: Shape, x: NDArray[Any], dout: NDArray[Any]) -> Mapping[str, Pair]:
    images, upstream = torch.from_numpy(x).requires_grad_(), torch.from_numpy(dout)

    def apply(given: Any) -> Any:
        return torch.nn.functional.max_pool2d(given, shape.w, stride=shape.stride)

    return _torch_ways(torch, apply, (images,), upstream)


def _torch_ways(
    torch: ModuleType, apply: Callable[[Any], Any], inputs: tuple[Any, ...], dout: Any
) -> Mapping[str, Pair]:
    """Return, by each way, a forward pass without a graph, and the backward pass alone, on a graph kept for it."""
    nchw, nhwc = torch.contiguous_format, torch.channels_last

    def converted() -> Any:
        return apply(inputs[0].contiguous(memory_format=nhwc)).contiguous(memory_format=nchw)

    def forward(layer: Callable[[], Any], mode: Callable[[], Any]) -> Work:
        def run() -> object:
            with mode():
                return layer()

        return run

    def backward(layer: Callable[[], Any]) -> Work:
        out = layer()
        return lambda: torch.autograd.grad(out, inputs, dout, retain_graph=True)

    def plain() -> Any:
        return apply(inputs[0])

    return {
        "plain": (forward(plain, torch.no_grad), backward(plain)),
        INFERENCE: (forward(plain, torch.inference_mode), backward(plain)),
        "channels_last": (forward(converted, torch.no_grad), backward(converted)),
    }


def _milliseconds(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds * 1e3:.2f}"


def _ratio(ratio: float | None, digits: int) -> str:
    return "" if ratio is None else f"{ratio:.{digits}f}"
