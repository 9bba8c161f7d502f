"""Hidden checks of both cells, forward and backward, for one step and over time."""

from dataclasses import dataclass

import pytest

from grader.checking import (
    Derivation,
    Effort,
    Failed,
    assert_matches,
    assert_unchanged,
    beyond,
    cache_of,
    part,
    require_written,
    results,
    run_backward,
    timed,
)

AXES = {2: ("sequence", "unit"), 3: ("sequence", "step", "unit")}
WEIGHT_AXES = {"dWx": ("input", "activation"), "dWh": ("unit", "activation"), "db": ("activation",)}
LARGE = 1e10
"""Inputs and states of this size, and weights as small, make the same activations: a derivative stays as it is, and a
difference drowns in rounding."""


@dataclass(frozen=True)
class Layer:
    """A cell, for one step or over time.

    Attributes
    ----------
    name
        What its functions begin with.
    arguments
        Names of what goes in; a gradient is called after each.
    outputs
        What comes out in front of the cache.
    """

    name: str
    arguments: tuple
    outputs: tuple

    def __str__(self):
        return self.name

    @property
    def over_time(self):
        """Whether it runs over sequences."""
        return "step" not in self.name

    @property
    def gradients(self):
        """Names of what its backward pass returns."""
        return tuple(f"d{each}" for each in self.arguments)

    def draw(self, rng, sizes=(4, 5, 3, 6), large=1.0):
        """Draw arguments for so many sequences, steps, inputs and units."""
        N, T, D, H = sizes
        width = 4 * H if self.name.startswith("lstm") else H
        shapes = {
            "x": (N, T, D) if self.over_time else (N, D),
            **dict.fromkeys(("h0", "prev_h", "prev_c"), (N, H)),
            **{"Wx": (D, width), "Wh": (H, width), "b": (width,)},
        }
        spread = {
            "x": large,
            "h0": large,
            "prev_h": large,
            "Wx": 1 / large / D**0.5,
            "Wh": 1 / large / H**0.5,
        }
        return tuple(spread.get(each, 1.0) * rng.normal(size=shapes[each]) for each in self.arguments)

    def forward(self, module, args):
        """Run the forward pass; return its outputs, and its cache last."""
        name = f"{self.name}_forward"
        return results(getattr(module, name)(*args), len(self.outputs) + 1, name)

    def draw_upstream(self, rng, args):
        """Draw the gradient of each output."""
        shape = (*args[0].shape[:-1], args[1].shape[-1])
        return tuple(rng.normal(size=shape) for _ in self.outputs)

    def gradients_of(self, student, args, douts):
        """Return the student's gradients, by way of the student's own cache."""

        def forward():
            try:
                found = self.forward(student, args)
            except Failed:  # the forward pass has lost its own points
                return None
            return found[0], found[-1]

        cache = cache_of(forward)
        backward = getattr(student, f"{self.name}_backward")
        value = run_backward(lambda: backward(*douts, cache), cache, f"{self.name}_forward")
        return results(value, len(self.arguments), f"{self.name}_backward")

    def right_gradients(self, reference, args, douts):
        """Return the reference's gradients."""
        cache = getattr(reference, f"{self.name}_forward")(*args)[-1]
        return getattr(reference, f"{self.name}_backward")(*douts, cache)


STEP = ("x", "prev_h", "Wx", "Wh", "b")
LSTM_STEP = ("x", "prev_h", "prev_c", "Wx", "Wh", "b")
TIME = ("x", "h0", "Wx", "Wh", "b")
LAYERS = (
    Layer("rnn_step", STEP, ("next_h",)),
    Layer("rnn", TIME, ("h",)),
    Layer("lstm_step", LSTM_STEP, ("next_h", "next_c")),
    Layer("lstm", TIME, ("h",)),
)

# --- forward ------------------------------------------------------------------------------------------------------


def outputs():
    """Yield each output of each layer, with the part that it is."""
    for layer in LAYERS:
        for place, name in enumerate(layer.outputs):
            whole = f"{layer.name}_forward"
            marks = part(whole if len(layer.outputs) == 1 else f"{whole}.{name}")
            yield pytest.param(layer, place, marks=marks, id=f"{layer.name}-{name}")


@pytest.mark.parametrize(("layer", "place"), [*outputs()])
def test_states(student, reference, rng, layer, place):
    """The states are right."""
    args = layer.draw(rng)
    right = layer.forward(reference, args)[place]
    assert_matches(layer.forward(student, args)[place], right, layer.outputs[place], AXES[right.ndim])


@pytest.mark.parametrize(
    "name", [pytest.param(each, marks=beyond(f"{each}_forward"), id=each) for each in ("rnn", "lstm")]
)
def test_one_step(student, reference, rng, name):
    """Sequences of a single step keep their axis."""
    layer = next(each for each in LAYERS if each.name == name)
    args = layer.draw(rng, (3, 1, 4, 5))
    assert_matches(layer.forward(student, args)[0], layer.forward(reference, args)[0], "h", AXES[3])


# --- backward -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Gradients:
    """The gradients of both sides for one layer, and how the student's come about."""

    actual: dict
    expected: dict
    derivation: Derivation


def both_sides(layer, student, reference, rng, sizes=(4, 5, 3, 6), large=1.0):
    """Return the gradients of both sides by name, and the CPU seconds of the student's."""
    args = layer.draw(rng, sizes, large)
    douts = tuple(large * each for each in layer.draw_upstream(rng, args))
    actual, seconds = timed(student.cpu_seconds, lambda: layer.gradients_of(student, args, douts))
    names, expected = layer.gradients, layer.right_gradients(reference, args, douts)
    return dict(zip(names, actual, strict=True)), dict(zip(names, expected, strict=True)), seconds


def paired(actual, expected):
    """Return what came out and what is right, by name."""
    return {name: (actual[name], expected[name]) for name in expected}


@pytest.fixture(scope="module")
def gradients(request, student, reference, draw):
    """The gradients of one layer."""
    layer = request.param
    actual, expected, _ = both_sides(layer, student, reference, draw(layer.name))

    def at_large_values():
        return paired(*both_sides(layer, student, reference, draw(layer.name, "large"), large=LARGE)[:2])

    def at_size(units, look):
        sizes = (4, 3, units, units)
        *both, seconds = both_sides(layer, student, reference, draw(layer.name, units, look), sizes)
        return paired(*both), Effort(student=seconds, entries=units * units, work=units * units)

    return Gradients(
        actual, expected, Derivation(at_large_values, at_size, (8, 16, 32, 64, 128), few=("db",))
    )


EACH = [
    pytest.param(layer, name, marks=part(f"{layer.name}_backward.{name}"), id=f"{layer.name}-{name}")
    for layer in LAYERS
    for name in layer.gradients
]


@pytest.mark.parametrize(("gradients", "name"), EACH, indirect=["gradients"])
def test_gradient(gradients, name):
    """The gradient {name} is right."""
    right = gradients.expected[name]
    axes = WEIGHT_AXES.get(name) or AXES[right.ndim]
    assert_matches(gradients.actual[name], right, name, axes)
    gradients.derivation.demand(name)


@pytest.mark.parametrize(
    "name", [pytest.param(each, marks=beyond(f"{each}_backward.dx"), id=each) for each in ("rnn", "lstm")]
)
def test_upstream_kept(student, rng, name):
    """The backward pass leaves the upstream gradient as it was."""
    layer = next(each for each in LAYERS if each.name == name)
    args = layer.draw(rng)
    (dh,) = layer.draw_upstream(rng, args)
    kept = student.put(dh)
    require_written(layer.gradients_of(student, args, (kept,)))
    assert_unchanged(kept.value(), dh, "dh")
