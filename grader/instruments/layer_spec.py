"""What a layer must bring along to certify gradient instruments on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from grader.instruments.arrays import Float

Forward = Callable[..., Float]
Gradients = Callable[..., tuple[Float, ...]]
Draw = Callable[[np.random.Generator, int], tuple[Float, ...]]
Pair = Callable[..., tuple[Float, object]]
Backward = Callable[[Float, object], tuple[Float, ...]]


@dataclass(frozen=True, slots=True)
class LayerSpec:
    """A differentiable function with its gradients.

    Attributes
    ----------
    name
        For the table.
    draw
        Given a generator and a batch size, the inputs, each of them differentiable; float64.
    forward
        ``forward(*inputs)`` returns the output.
    gradients
        ``gradients(dout, *inputs)`` returns one gradient per input: the reference.
    variants
        Other right answers by name, such as other conventions at a tie.
    mistakes
        Wrong answers by name. One that is right on some inputs counts only where it differs.
    """

    name: str
    draw: Draw
    forward: Forward
    gradients: Gradients
    variants: Mapping[str, Gradients] = field(default_factory=dict)
    mistakes: Mapping[str, Gradients] = field(default_factory=dict)


def layer_from_pair(
    name: str,
    draw: Draw,
    forward: Pair,
    backward: Backward,
    *,
    extra: tuple[object, ...] = (),
    variants: Mapping[str, Backward] | None = None,
    mistakes: Mapping[str, Backward] | None = None,
) -> LayerSpec:
    """Make a spec of a forward that returns ``(out, cache)`` and a backward that takes ``(dout, cache)``.

    Parameters
    ----------
    extra
        Further arguments of the forward, such as ``{"stride": 1, "pad": 1}``; handed over as they are.
    variants, mistakes
        Other backwards, given the same forward's cache.
    """

    def output(*inputs: Float) -> Float:
        return forward(*inputs, *extra)[0]

    def through(chosen: Backward) -> Gradients:
        return lambda dout, *inputs: _as_tuple(chosen(dout, forward(*inputs, *extra)[1]))

    return LayerSpec(
        name,
        draw,
        output,
        through(backward),
        {key: through(each) for key, each in (variants or {}).items()},
        {key: through(each) for key, each in (mistakes or {}).items()},
    )


def _as_tuple(gradients: object) -> tuple[Float, ...]:
    return gradients if isinstance(gradients, tuple) else (np.asarray(gradients),)
