"""The layers used for certification have the gradients they claim, by the simplest derivative there is."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.certification.layers import LayerSpec, standard_layers

LAYERS = {spec.name: spec for spec in standard_layers()}


def numeric_gradient(
    spec: LayerSpec, dout: np.ndarray, inputs: tuple[np.ndarray, ...], variable: int
) -> np.ndarray:
    """Return the gradient entry by entry, from central differences."""
    found = np.zeros_like(inputs[variable])
    for place in np.ndindex(found.shape):
        values = []
        for step in (1e-6, -1e-6):
            moved = [each.copy() for each in inputs]
            moved[variable][place] += step
            values.append(float(np.sum(dout * spec.forward(*moved))))
        found[place] = (values[0] - values[1]) / 2e-6
    return found


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("batch", [1, 2])
def test_gradients_are_right(name: str, batch: int) -> None:
    """The reference and every variant agree with a numeric gradient in every entry of every input."""
    spec, rng = LAYERS[name], np.random.default_rng(batch)
    inputs = spec.draw(rng, batch)
    dout = rng.normal(size=np.shape(spec.forward(*inputs)))
    for gradients in (spec.gradients, *spec.variants.values()):
        for variable, gradient in enumerate(gradients(dout, *inputs)):
            expected = numeric_gradient(spec, dout, inputs, variable)
            np.testing.assert_allclose(gradient, expected, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("name", LAYERS)
def test_mistakes_are_wrong(name: str) -> None:
    """Every mistake differs from the reference on some input."""
    spec, rng = LAYERS[name], np.random.default_rng(0)
    for wrong in spec.mistakes.values():
        inputs = spec.draw(rng, 3)
        dout = rng.normal(size=np.shape(spec.forward(*inputs)))
        pairs = zip(wrong(dout, *inputs), spec.gradients(dout, *inputs), strict=True)
        assert any(not np.allclose(one, other) for one, other in pairs)


@pytest.mark.parametrize("name", LAYERS)
def test_float32_stays_float32(name: str) -> None:
    """A layer fed float32 computes and answers in float32."""
    spec, rng = LAYERS[name], np.random.default_rng(0)
    inputs = tuple(each.astype(np.float32) for each in spec.draw(rng, 2))
    out = spec.forward(*inputs)
    dout = np.ones_like(out)
    assert out.dtype == np.float32
    assert all(each.dtype == np.float32 for each in spec.gradients(dout, *inputs))
