"""The checks of a convolutional network as other graders write them: plain assertions beside the answers.

They compare the same functions at about the same shapes as the hidden checks here, in eighteen parts, and are called
from a notebook's cells, from otter's tests or from pytest, always in the process of the answers. It takes nothing of
this repository but the solution, which must be importable as ``nndl``.
"""

# ruff: noqa: S101, PLR2004  # assertions, with their bounds in place, are how such checks are written

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from typing import Any

import numpy as np

import nndl.cnn
import nndl.conv_layers as right

Answers = Mapping[str, Any]
"""What a student's code has defined, by name."""

POINTS = {
    "conv_forward_naive": 12,
    "conv_backward_naive.dx": 8,
    "conv_backward_naive.dw": 6,
    "conv_backward_naive.db": 4,
    "max_pool_forward_naive": 8,
    "max_pool_backward_naive": 8,
    "spatial_batchnorm_forward.train": 6,
    "spatial_batchnorm_forward.running_mean": 2,
    "spatial_batchnorm_forward.running_var": 2,
    "spatial_batchnorm_forward.test": 4,
    "spatial_batchnorm_backward.dx": 6,
    "spatial_batchnorm_backward.dgamma": 3,
    "spatial_batchnorm_backward.dbeta": 3,
    "ThreeLayerConvNet.init": 4,
    "ThreeLayerConvNet.init_loss": 2,
    "ThreeLayerConvNet.loss": 6,
    "ThreeLayerConvNet.grads": 8,
    "ThreeLayerConvNet.speed": 3,
}

# Shape of the images and of the filters, stride and padding.
_FORWARD = {
    "usual": ((4, 3, 5, 5), (2, 3, 3, 3), 1, 1),
    "even filters": ((4, 3, 4, 4), (2, 3, 4, 4), 2, 1),
    "stride 2": ((4, 3, 7, 7), (2, 3, 3, 3), 2, 1),
    "more filters": ((2, 3, 4, 4), (5, 3, 4, 4), 2, 1),
    "no padding": ((2, 3, 5, 5), (2, 3, 3, 3), 1, 0),
    "wide padding": ((2, 3, 5, 5), (2, 3, 3, 3), 3, 2),
    "wide images": ((2, 3, 5, 8), (2, 3, 3, 3), 1, 1),
    "wide filters": ((2, 3, 6, 6), (2, 3, 2, 4), 2, 1),
    "incomplete": ((2, 3, 6, 6), (2, 3, 3, 3), 2, 1),
    "one": ((1, 1, 4, 4), (2, 1, 3, 3), 1, 1),
}
_BACKWARD = {
    "usual": ((4, 3, 5, 5), (2, 3, 3, 3), 1, 1),
    "stride 2": ((4, 3, 7, 7), (3, 3, 3, 3), 2, 1),
    "even filters": ((3, 2, 6, 6), (2, 2, 4, 4), 2, 1),
    "no padding": ((3, 3, 5, 5), (2, 3, 3, 3), 1, 0),
    "wide padding": ((3, 3, 5, 5), (2, 3, 3, 3), 3, 2),
    "wide images": ((3, 3, 5, 8), (2, 3, 3, 3), 1, 1),
    "wide filters": ((3, 3, 6, 6), (2, 3, 2, 4), 2, 1),
    "incomplete": ((3, 3, 6, 6), (2, 3, 3, 3), 2, 1),
    "more filters": ((2, 3, 4, 4), (5, 3, 3, 3), 1, 1),
    "one": ((1, 2, 4, 4), (1, 2, 3, 3), 1, 1),
}
# Shape of the images; height, width and stride of the window.
_WINDOWS = {
    "usual": ((4, 3, 4, 4), 2, 2, 2),
    "larger": ((3, 2, 8, 8), 2, 2, 2),
    "overlapping": ((2, 3, 7, 7), 3, 3, 2),
    "stride 1": ((2, 3, 5, 5), 2, 2, 1),
    "gaps": ((2, 3, 8, 8), 2, 2, 3),
    "wide images": ((2, 3, 4, 6), 2, 2, 2),
    "wide windows": ((2, 3, 6, 6), 2, 3, 1),
    "incomplete": ((2, 3, 5, 5), 2, 2, 2),
    "one": ((1, 1, 4, 4), 2, 2, 2),
    "negative": ((2, 3, 4, 4), 2, 2, 2),
}
_NORMS: dict[str, tuple[tuple[int, ...], dict[str, Any], float]] = {
    "usual": ((2, 3, 4, 5), {}, 3.0),
    "eps": ((4, 2, 5, 3), {"eps": 1e-3}, 3.0),
    "faint": ((2, 3, 4, 5), {}, 0.03),
    "one": ((1, 3, 4, 5), {}, 3.0),
}
_SIZES = (8, 32, 128)
_WEIGHTS = ("W1", "b1", "W2", "b2", "W3", "b3")
_NET = "ThreeLayerConvNet"
_SMALL = {"input_dim": (3, 16, 16), "num_filters": 3, "filter_size": 3, "hidden_dim": 7}
_WIDE = {**_SMALL, "input_dim": (3, 8, 12)}


def run_part(part: str, answers: Answers) -> None:
    """Run all checks of a part.

    Raises
    ------
    AssertionError
        One of them failed, or the answer raised.
    """
    failed = []
    for name, check in checks(part):
        try:
            check(answers)
        except Exception as error:  # an answer may raise whatever it likes
            failed.append(f"{name}: {error}")
    assert not failed, "; ".join(failed)


def checks(part: str) -> Iterator[tuple[str, Callable[[Answers], None]]]:
    """Yield the checks of a part by name."""
    symbol, _, of = part.partition(".")
    return _CHECKS[symbol](of)


def _convolution_forward(_of: str) -> Iterator[tuple[str, Callable[[Answers], None]]]:
    for name, case in _FORWARD.items():
        yield name, partial(_forward, "conv_forward_naive", lambda case=case: _convolution(case))
    yield "bias", partial(_forward, "conv_forward_naive", _bias_alone)
    yield "kept", partial(_kept, "conv_forward_naive", lambda: _convolution(_FORWARD["usual"]))


def _convolution_backward(of: str) -> Iterator[tuple[str, Callable[[Answers], None]]]:
    which = ("dx", "dw", "db").index(of)
    for name, case in list(_BACKWARD.items())[: 3 if of == "db" else None]:
        inputs = lambda case=case: _convolution(case)  # noqa: E731
        yield name, partial(_backward, "conv", inputs, (which,))
    if of == "dx":
        yield "kept", partial(_gradient_kept, "conv", lambda: _convolution(_BACKWARD["usual"]))
    for size in _SIZES if of == "dw" else ():
        inputs = lambda size=size: _convolution(((2, size, 4, 4), (2, size, 4, 4), 1, 1))  # noqa: E731
        yield f"size {size}", partial(_backward, "conv", inputs, (0, 1, 2))


def _pool_forward(_of: str) -> Iterator[tuple[str, Callable[[Answers], None]]]:
    for name, case in _WINDOWS.items():
        inputs = lambda name=name, case=case: _pool(name, case)  # noqa: E731
        yield name, partial(_forward, "max_pool_forward_naive", inputs)


def _pool_backward(_of: str) -> Iterator[tuple[str, Callable[[Answers], None]]]:
    for name, case in _WINDOWS.items():
        yield name, partial(_backward, "max_pool", lambda name=name, case=case: _pool(name, case), (0,))
    yield "kept", partial(_gradient_kept, "max_pool", lambda: _pool("usual", _WINDOWS["usual"]))
    for size in _SIZES:
        inputs = lambda size=size: _pool("sized", ((size, 4, 4, 4), 2, 2, 2))  # noqa: E731
        yield f"size {size}", partial(_backward, "max_pool", inputs, (0,))


def _norm_forward(of: str) -> Iterator[tuple[str, Callable[[Answers], None]]]:
    if of in {"running_mean", "running_var"}:
        for name, kept in (("three steps", {}), ("history", _history(3)), ("momentum", {"momentum": 0.7})):
            yield name, partial(_running, of, kept)
        return
    for name, (shape, options, spread) in _NORMS.items():
        past = _history(shape[1]) if of == "test" else {}
        inputs = lambda s=shape, d=spread, o={"mode": of, **past, **options}: _norm(s, d, o)  # noqa: E731
        if of == "train" or name != "one":
            yield name, partial(_forward, "spatial_batchnorm_forward", inputs)
    if of == "train":
        inputs = lambda: _norm((2, 3, 4, 5), 3.0, {"mode": "train"})  # noqa: E731
        yield "kept", partial(_kept, "spatial_batchnorm_forward", inputs)


def _norm_backward(of: str) -> Iterator[tuple[str, Callable[[Answers], None]]]:
    which = ("dx", "dgamma", "dbeta").index(of)
    for name, (shape, options, spread) in list(_NORMS.items())[: 3 if of == "dx" else 2]:
        inputs = lambda s=shape, d=spread, o=options: _norm(s, d, {"mode": "train", **o})  # noqa: E731
        yield name, partial(_backward, "spatial_batchnorm", inputs, (which,))


def _network(of: str) -> Iterator[tuple[str, Callable[[Answers], None]]]:
    match of:
        case "init":
            for scale in (1e-3, 2e-2):
                yield from (
                    (f"{what} {scale}", partial(_fresh, what, scale))
                    for what in ("shapes", "biases", "weights")
                )
            yield "wide", partial(_fresh, "shapes", 1e-3)
        case "init_loss":
            yield "chance", _loss_by_chance
        case "loss":
            for reg in (0.0, 0.5, 2.0):
                yield f"reg {reg}", partial(_loss, _SMALL, reg)
            yield "reg set later", partial(_loss, _SMALL, 0.5, later=True)
            for name, shape in (("scores", _SMALL), ("scores of wide images", _WIDE)):
                yield name, partial(_scores, shape)
        case "grads":
            for reg in (0.0, 0.7):
                yield from ((f"{name} {reg}", partial(_gradient, name, reg)) for name in _WEIGHTS)
        case "speed":
            yield "speed", _speed


_CHECKS: Mapping[str, Callable[[str], Iterator[tuple[str, Callable[[Answers], None]]]]] = {
    "conv_forward_naive": _convolution_forward,
    "conv_backward_naive": _convolution_backward,
    "max_pool_forward_naive": _pool_forward,
    "max_pool_backward_naive": _pool_backward,
    "spatial_batchnorm_forward": _norm_forward,
    "spatial_batchnorm_backward": _norm_backward,
    _NET: _network,
}


@cache
def _known(_answers: int) -> dict[object, Any]:
    """Return what some answers have given so far: checks that look at one run share it, as these would anywhere."""
    return {}


def _once(answers: Answers, of: object, run: Callable[[], Any]) -> Any:
    known = _known(id(answers))
    if of not in known:
        known[of] = run()
    return known[of]


def _rng(*names: object) -> np.random.Generator:
    return np.random.default_rng(zlib.crc32(repr(names).encode()))


def _convolution(case: Any) -> list[Any]:
    images, filters, stride, pad = case
    rng = _rng("convolution", case)
    drawn = rng.normal(size=images), rng.normal(size=filters), rng.normal(size=filters[0])
    return [*drawn, {"stride": stride, "pad": pad}]


def _bias_alone() -> list[Any]:
    _, w, b, param = _convolution(((2, 3, 4, 4), (3, 3, 3, 3), 1, 1))
    return [np.zeros((2, 3, 4, 4)), w, b, param]


def _pool(name: str, case: Any) -> list[Any]:
    shape, height, width, stride = case
    x = _rng("pool", case).normal(size=shape)
    param = {"pool_height": height, "pool_width": width, "stride": stride}
    return [-1 - np.abs(x) if name == "negative" else x, param]


def _norm(shape: tuple[int, ...], spread: float, options: dict[str, Any]) -> list[Any]:
    rng, channels = _rng("norm", shape, spread), shape[1]
    x = spread * rng.normal(size=shape) + (rng.normal(0, 2, size=(channels, 1, 1)) if spread > 1 else 0)
    return [x, rng.uniform(0.5, 2, size=channels), rng.normal(size=channels), dict(options)]


def _history(channels: int) -> dict[str, Any]:
    rng = _rng("history", channels)
    return {"running_mean": rng.normal(size=channels), "running_var": rng.uniform(1, 4, size=channels)}


def _same(got: Any, wanted: Any) -> None:
    got, wanted = np.asarray(got), np.asarray(wanted)
    assert got.shape == wanted.shape, f"the shape is {got.shape} and should be {wanted.shape}"
    assert np.isfinite(got).all(), "it is not finite"
    error = np.max(np.abs(got - wanted) / np.maximum(1e-8, np.abs(got) + np.abs(wanted)))
    assert np.allclose(got, wanted, rtol=1e-6, atol=1e-8), f"the relative error is {error:.1e}"


def _forward(name: str, inputs: Callable[[], list[Any]], answers: Answers) -> None:
    _same(answers[name](*inputs())[0], getattr(right, name)(*inputs())[0])


def _kept(name: str, inputs: Callable[[], list[Any]], answers: Answers) -> None:
    given, before = inputs(), inputs()
    answers[name](*given)
    for one, other in zip(given[:-1], before[:-1], strict=True):
        assert np.array_equal(one, other), "it changes its inputs"


def _gradients(layer: str, inputs: list[Any], of: Answers) -> tuple[Any, Any]:
    """Return what the functions `of` give back, and the gradient they were given."""
    ending = "" if layer == "spatial_batchnorm" else "_naive"
    out, cache = of[f"{layer}_forward{ending}"](*inputs)
    dout = _rng("gradient", layer, inputs[0].shape).normal(size=np.shape(out))
    return of[f"{layer}_backward{ending}"](dout, cache), dout


def _backward(layer: str, inputs: Callable[[], list[Any]], which: tuple[int, ...], answers: Answers) -> None:
    given = inputs()
    of = (layer, given[0].tobytes(), repr(given[-1]))
    got, _ = _once(answers, of, lambda: _gradients(layer, inputs(), answers))
    wanted, _ = _once(vars(right), of, lambda: _gradients(layer, inputs(), vars(right)))
    for at in which:
        _same(*((each if isinstance(each, np.ndarray) else each[at]) for each in (got, wanted)))


def _gradient_kept(layer: str, inputs: Callable[[], list[Any]], answers: Answers) -> None:
    _, dout = _gradients(layer, inputs(), answers)
    again = _rng("gradient", layer, inputs()[0].shape).normal(size=dout.shape)
    assert np.array_equal(dout, again), "it changes the gradient that it is given"


def _running(statistic: str, options: dict[str, Any], answers: Answers) -> None:
    own, other = (
        {"mode": "train", **{name: np.copy(value) for name, value in options.items()}} for _ in range(2)
    )
    for step in range(3):
        inputs = _norm((2, 3, 4, 5), 3.0 + step, {})[:-1]
        answers["spatial_batchnorm_forward"](*inputs, own)
        right.spatial_batchnorm_forward(*inputs, other)
    _same(own[statistic], other[statistic])
    own["mode"], before = "test", np.copy(own[statistic])
    answers["spatial_batchnorm_forward"](*inputs, own)
    _same(own[statistic], before)


def _shapes(shape: Mapping[str, Any]) -> dict[str, tuple[int, ...]]:
    channels, height, width = shape["input_dim"]
    filters, size, hidden = shape["num_filters"], shape["filter_size"], shape["hidden_dim"]
    return {
        "W1": (filters, channels, size, size), "b1": (filters,),
        "W2": (filters * (height // 2) * (width // 2), hidden), "b2": (hidden,),
        "W3": (hidden, 10), "b3": (10,),
    }  # fmt: skip


def _fresh(what: str, scale: float, answers: Answers) -> None:
    shape = {"input_dim": (3, 16, 16), "num_filters": 16, "filter_size": 7, "hidden_dim": 50}
    params = _once(answers, scale, lambda: answers[_NET](**shape, weight_scale=scale).params)
    for name, wanted in _shapes(shape).items():
        value = params[name]
        if what == "shapes":
            assert value.shape == wanted, f"{name} has the shape {value.shape}"
        elif what == "biases":
            assert name.startswith("W") or not value.any(), f"{name} is not zero"
        elif name.startswith("W"):
            assert abs(value.std() / scale - 1) < 6 / np.sqrt(2 * value.size), f"{name} has another spread"
            assert abs(value.mean()) < 6 * scale / np.sqrt(value.size), f"{name} is not centred"


def _loss_by_chance(answers: Answers) -> None:
    rng = _rng("chance")
    loss, _ = answers[_NET]().loss(rng.normal(size=(2, 3, 32, 32)), rng.integers(10, size=2))
    assert abs(loss - np.log(10)) < 0.03, f"the loss of a new network is {loss}"


def _nets(shape: Mapping[str, Any], reg: float, answers: Answers) -> tuple[Any, Any]:
    rng = _rng("net", sorted(shape.items()))
    drawn = {
        name: rng.normal(size=each) / np.sqrt(np.prod(each[1:]) or 1) for name, each in _shapes(shape).items()
    }
    nets = [made[_NET](**shape, reg=reg, dtype=np.float64) for made in (answers, vars(nndl.cnn))]
    for net in nets:
        net.params = {name: value.copy() for name, value in drawn.items()}
    return nets[0], nets[1]


def _batch(shape: Mapping[str, Any], number: int = 0) -> tuple[Any, Any]:
    rng = _rng("batch", shape["input_dim"], number)
    return rng.normal(size=(4, *shape["input_dim"])), rng.integers(10, size=4)


def _loss(shape: Mapping[str, Any], reg: float, answers: Answers, *, later: bool = False) -> None:
    net, other = _nets(shape, 0.0 if later else reg, answers)
    net.reg = other.reg = reg
    _same(net.loss(*_batch(shape))[0], other.loss(*_batch(shape))[0])


def _scores(shape: Mapping[str, Any], answers: Answers) -> None:
    net, other = _nets(shape, 0.0, answers)
    _same(net.loss(_batch(shape)[0]), other.loss(_batch(shape)[0]))


def _gradient(name: str, reg: float, answers: Answers) -> None:
    def run() -> list[Any]:
        return [net.loss(*_batch(_SMALL))[1] for net in _nets(_SMALL, reg, answers)]

    got, wanted = _once(answers, ("gradients", reg), run)
    _same(got[name], wanted[name])


def _speed(answers: Answers) -> None:
    shape = {"input_dim": (3, 16, 16), "num_filters": 8, "filter_size": 7, "hidden_dim": 20}
    nets, ratios = _nets(shape, 0.0, answers), []
    for number in range(6):
        began = [0.0] * 3
        for at, net in enumerate(nets):
            began[at] = time.thread_time()
            net.loss(*_batch(shape, number))
            began[at + 1] = time.thread_time()
        ratios.append((began[1] - began[0]) / (began[2] - began[1]))
    assert np.median(ratios) < 8, "it takes more than eight times as long as plain loops need"
