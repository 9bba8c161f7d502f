"""One training step of the three-layer network, batch 50, float32, Adam: ours against PyTorch's, plain and fused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from types import ModuleType

import numpy as np
from rich.table import Table

from benchmarks.measure import Work, interleaved
from benchmarks.subjects import load_solution, load_torch

ROUNDS = 25
ROUNDS_WHEN_QUICK = 5
BATCH, HIDDEN, CLASSES = 50, 500, 10
IMAGE = (3, 32, 32)
FILTERS, FILTER_SIZE = 32, 7
RATE = 1e-3


@dataclass(frozen=True, slots=True)
class StepFigure:
    """CPU seconds of one step, medians of interleaved rounds; ratios are PyTorch's over ours."""

    seconds: float
    torch: float | None = None
    ratio_to_torch: float | None = None
    fused: float | None = None
    ratio_to_fused: float | None = None


def run(rounds: int = ROUNDS) -> StepFigure:
    """Measure one step of each."""
    works: dict[str, Work] = {"ours": _our_step()}
    torch = load_torch()
    if torch is not None:
        works |= {"torch": _torch_step(torch), "fused": _torch_step(torch, fused=True)}
    timings = interleaved(works, rounds)
    ours = timings["ours"].median
    if torch is None:
        return StepFigure(ours)
    plain, fused = timings["torch"].median, timings["fused"].median
    return StepFigure(ours, plain, plain / ours, fused, fused / ours)


def table(figure: StepFigure) -> Table:
    """Return the figures as a table."""
    result = Table(title="One training step, batch 50, float32, one thread, CPU time, interleaved")
    for heading in ("ms", "torch ms", "x torch", "Adam(fused=True) ms", "x fused"):
        result.add_column(heading, justify="right")
    scale = {"seconds": 1e3, "torch": 1e3, "ratio_to_torch": 1.0, "fused": 1e3, "ratio_to_fused": 1.0}
    values = asdict(figure)
    result.add_row(*("" if values[name] is None else f"{values[name] * scale[name]:.2f}" for name in scale))
    return result


def _batch() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return rng.normal(size=(BATCH, *IMAGE)).astype(np.float32), rng.integers(CLASSES, size=BATCH)


def _our_step() -> Callable[[], None]:
    solution = load_solution()
    images, labels = _batch()
    model = solution.ThreeLayerConvNet(
        num_filters=FILTERS, filter_size=FILTER_SIZE, hidden_dim=HIDDEN, weight_scale=RATE
    )
    configs: dict[str, dict[str, object]] = {name: {"learning_rate": RATE} for name in model.params}

    def step() -> None:
        _, grads = model.loss(images, labels)
        for name, values in model.params.items():
            model.params[name], configs[name] = solution.adam(values, grads[name], configs[name])

    return step


def _torch_step(torch: ModuleType, *, fused: bool = False) -> Callable[[], None]:
    images, labels = (torch.from_numpy(each) for each in _batch())
    nn = torch.nn
    model = nn.Sequential(
        nn.Conv2d(IMAGE[0], FILTERS, FILTER_SIZE, padding=FILTER_SIZE // 2),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(FILTERS * IMAGE[1] * IMAGE[2] // 4, HIDDEN),
        nn.ReLU(),
        nn.Linear(HIDDEN, CLASSES),
    )
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE, fused=fused)

    def step() -> None:
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(images), labels).backward()
        optimizer.step()

    return step
