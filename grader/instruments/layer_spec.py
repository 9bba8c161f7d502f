"""What a layer must bring along to certify gradient instruments on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from grader.instruments.arrays import Float

Forward = Callable[..., Float]
Gradients = Callable[..., tuple[Float, ...]]
Draw = Callable[[np.random.Generator, int], tuple[Float, ...]]


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
