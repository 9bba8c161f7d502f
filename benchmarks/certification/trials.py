"""Draw right and wrong gradients of layers, on the kinds of input that gradient checks fail on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from benchmarks.certification.layers import Gradients, LayerSpec
from grader.instruments.arrays import Array, Float, natural_scale, root_mean_square

REFERENCE = "reference"

LARGEST_BATCH = 4

MOST_DRAWS = 100
"""Draws until an error changes anything at all; half of a ReLU's gradient is zero and cannot be scaled."""

COARSE = 0.5
"""Inputs that lie on kinks are whole multiples of this: zeros and ties are then common."""

ROUNDING = 1e-9
"""A gradient nearer than this to a right one, relative to its scale, is that one computed otherwise."""

OWN_MISTAKES = 0.5
"""Share of the wrong gradients that are the layer's own mistakes; the others are spoiled at random."""


class Regime(StrEnum):
    """Kinds of input, and of arithmetic behind the gradient."""

    PLAIN = "plain"
    KINKS = "kinks"
    FLOAT32 = "float32"
    BATCH_OF_ONE = "batch of one"


@dataclass(frozen=True, slots=True)
class Task:
    """One gradient to be judged, with all that an instrument may want to know.

    Attributes
    ----------
    number, layer, variable, regime
        Where it comes from: the trial, and what is differentiated with respect to which input.
    kind
        Name of the variant, mistake or corruption; `REFERENCE` for the reference itself.
    wrong
        Whether it is wrong.
    forward
        The function of that one variable.
    point, dout
        Where, and the weight of each output.
    accepted
        Every right gradient there, in float64.
    error
        What was done to the gradient: its distance, in exact arithmetic, from the nearest right one.
    claimed, claimed_at
        The gradient to be judged, and the same as a function of the point. What spoils it stays as large.
    """

    number: int
    layer: str
    variable: int
    regime: Regime
    kind: str
    wrong: bool
    forward: Callable[[Float], Array]
    point: Float
    dout: Float
    accepted: tuple[Float, ...]
    error: Float
    claimed: Array
    claimed_at: Callable[[Float], Array]


def draw_task(specs: Sequence[LayerSpec], seed: int, number: int, *, wrong: bool) -> Task:
    """Draw the trial numbered `number`; layers and regimes come in turn, all else is random.

    Raises
    ------
    ValueError
        Nothing that was drawn made the layer's gradient wrong: it is zero, or its mistakes are right.
    """
    rng = np.random.default_rng([seed, number, int(wrong)])
    spec = specs[number % len(specs)]
    regime = list(Regime)[number // len(specs) % len(Regime)]
    for _ in range(MOST_DRAWS):
        task = _draw(spec, regime, number, rng, wrong=wrong)
        if not wrong or np.max(np.abs(task.error)) > ROUNDING * natural_scale(task.accepted[0]):
            return task
    raise ValueError(f"no error that was drawn changes the gradient of layer {spec.name!r} ({regime})")


@dataclass(frozen=True, slots=True)
class _Setting:
    """A layer at one input, in one arithmetic."""

    spec: LayerSpec
    regime: Regime
    inputs: tuple[Float, ...]
    dout: Float
    variable: int
    hidden: bool

    def _at(self, point: Float) -> tuple[Float, ...]:
        return (*self.inputs[: self.variable], point, *self.inputs[self.variable + 1 :])

    def _in_precision(self, arrays: Sequence[Float]) -> tuple[Array, ...]:
        single = self.regime is Regime.FLOAT32
        return tuple(each.astype(np.float32) for each in arrays) if single else tuple(arrays)

    def _out(self, array: Array) -> Array:
        return array.astype(np.float64) if self.hidden else array

    def forward(self, point: Float) -> Array:
        """Return the output as the regime computes it."""
        return self._out(np.asarray(self.spec.forward(*self._in_precision(self._at(point)))))

    def exact(self, gradients: Gradients, point: Float) -> Float:
        """Return the gradient in float64."""
        return np.array(gradients(self.dout, *self._at(point))[self.variable], dtype=np.float64)

    def computed(self, gradients: Gradients, point: Float) -> Array:
        """Return the gradient as the regime computes it."""
        dout, *inputs = self._in_precision((self.dout, *self._at(point)))
        return self._out(np.array(gradients(dout, *inputs)[self.variable]))


def _draw(spec: LayerSpec, regime: Regime, number: int, rng: np.random.Generator, *, wrong: bool) -> Task:
    setting = _draw_setting(spec, regime, rng)
    point = setting.inputs[setting.variable]
    kind, gradients, spoil = _draw_wrong(spec, point.shape, rng) if wrong else _draw_right(spec, rng)
    claimed = spoil(setting.computed(gradients, point))
    spoiled = claimed - setting.computed(gradients, point)
    accepted = tuple(setting.exact(each, point) for each in (spec.gradients, *spec.variants.values()))
    meant = spoil(setting.exact(gradients, point))
    errors = [meant - each for each in accepted]
    return Task(
        number=number,
        layer=spec.name,
        variable=setting.variable,
        regime=regime,
        kind=kind,
        wrong=wrong,
        forward=setting.forward,
        point=point,
        dout=setting.dout,
        accepted=accepted,
        error=min(errors, key=lambda each: float(np.max(np.abs(each)))),
        claimed=claimed,
        claimed_at=lambda there: setting.computed(gradients, there) + spoiled,
    )


def _draw_setting(spec: LayerSpec, regime: Regime, rng: np.random.Generator) -> _Setting:
    batch = 1 if regime is Regime.BATCH_OF_ONE else int(rng.integers(2, LARGEST_BATCH + 1))
    inputs = spec.draw(rng, batch)
    if regime is Regime.KINKS:
        inputs = tuple(COARSE * np.round(each / COARSE) for each in inputs)
    dout = np.asarray(rng.normal(size=np.shape(spec.forward(*inputs))))
    hidden = regime is Regime.FLOAT32 and bool(rng.integers(2))
    return _Setting(spec, regime, inputs, dout, int(rng.integers(len(inputs))), hidden)


def _draw_right(spec: LayerSpec, rng: np.random.Generator) -> tuple[str, Gradients, Corruption]:
    right = {REFERENCE: spec.gradients, **spec.variants}
    kind = str(rng.choice(list(right)))
    return kind, right[kind], lambda gradient: gradient


def _draw_wrong(
    spec: LayerSpec, shape: tuple[int, ...], rng: np.random.Generator
) -> tuple[str, Gradients, Corruption]:
    if spec.mistakes and rng.random() < OWN_MISTAKES:
        kind = str(rng.choice(list(spec.mistakes)))
        return kind, spec.mistakes[kind], lambda gradient: gradient
    kind = str(rng.choice(list(CORRUPTIONS)))
    return kind, spec.gradients, CORRUPTIONS[kind](rng, shape)


# --- errors that nobody thought of ---------------------------------------------------------------------------------

Corruption = Callable[[Array], Array]
DrawCorruption = Callable[[np.random.Generator, tuple[int, ...]], Corruption]

SMALLEST_CHANGE, LARGEST_CHANGE = 1e-3, 1.0
"""Relative sizes of random errors, drawn evenly in the logarithm: from a lost eps to a lost term."""


def _change(rng: np.random.Generator) -> float:
    size = float(np.exp(rng.uniform(np.log(SMALLEST_CHANGE), np.log(LARGEST_CHANGE))))
    return float(rng.choice([-1.0, 1.0])) * size


def _place(rng: np.random.Generator, shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(int(rng.integers(length)) for length in shape)


def _entry_scaled(rng: np.random.Generator, shape: tuple[int, ...]) -> Corruption:
    place, change = _place(rng, shape), _change(rng)

    def spoil(gradient: Array) -> Array:
        gradient[place] *= 1.0 + change
        return gradient

    return spoil


def _entry_off(rng: np.random.Generator, shape: tuple[int, ...]) -> Corruption:
    place, change = _place(rng, shape), _change(rng)

    def spoil(gradient: Array) -> Array:
        gradient[place] += change * root_mean_square(gradient)
        return gradient

    return spoil


def _all_scaled(rng: np.random.Generator, shape: tuple[int, ...]) -> Corruption:  # noqa: ARG001 - one signature
    factor = 1.0 + _change(rng)

    def spoil(gradient: Array) -> Array:
        gradient *= factor
        return gradient

    return spoil


def _sign(rng: np.random.Generator, shape: tuple[int, ...]) -> Corruption:  # noqa: ARG001 - one signature
    return np.negative


def _row_missing(rng: np.random.Generator, shape: tuple[int, ...]) -> Corruption:
    axis = int(rng.integers(len(shape)))
    index = int(rng.choice([0, shape[axis] - 1]))

    def spoil(gradient: Array) -> Array:
        np.moveaxis(gradient, axis, 0)[index] = 0.0
        return gradient

    return spoil


def _swapped(rng: np.random.Generator, shape: tuple[int, ...]) -> Corruption:
    one, other = _place(rng, shape), _place(rng, shape)

    def spoil(gradient: Array) -> Array:
        gradient[one], gradient[other] = gradient[other], gradient[one]
        return gradient

    return spoil


CORRUPTIONS: Mapping[str, DrawCorruption] = {
    "one entry scaled": _entry_scaled,
    "one entry off": _entry_off,
    "all entries scaled": _all_scaled,
    "opposite sign": _sign,
    "first or last row missing": _row_missing,
    "two entries swapped": _swapped,
}
"""Each draws, for a shape, what happens to a gradient; what is drawn may change the array it is given."""
