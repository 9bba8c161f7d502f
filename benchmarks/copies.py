"""How much less of shifted, mirrored and noisy copies of the held-out images honest networks recognise.

`python -m benchmarks.copies DATA --networks FOLDER` trains the networks that are not in the folder yet, a quarter of an
hour of CPU time altogether, and prints each one's accuracy and its drops. The largest of them is what the bar of the
check of CNN.accuracy is set by: only what knows the images themselves loses more.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.subjects import load_solution

SEEN, HELD_OUT = 1000, 4000
"""As in the check."""

CHECK = Path(__file__).resolve().parent.parent / "assignments" / "cnn" / "checks" / "test_cnn_accuracy.py"

DRAWINGS = 5


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one network is made; each is another one that a notebook might train."""

    filters: int
    size: int
    hidden: int
    reg: float
    epochs: int
    mirrored: bool = False
    decay: float = 0.8


RECIPES = (
    Recipe(32, 5, 128, 5e-4, 7, mirrored=True, decay=0.75),
    Recipe(32, 5, 200, 2e-3, 5, decay=0.7),
    Recipe(24, 7, 100, 1e-3, 5, mirrored=True, decay=0.7),
    Recipe(48, 3, 128, 1e-3, 6, mirrored=True, decay=0.75),
    Recipe(40, 5, 100, 3e-3, 5, decay=0.7),
    Recipe(32, 3, 300, 4e-3, 5, decay=0.7),
)


def main() -> int:
    """Train what is missing and print what each network loses."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.copies", description=__doc__)
    parser.add_argument("data", type=Path, help="the folder cifar-10-batches-py")
    parser.add_argument("--networks", type=Path, required=True, help="a folder that networks are kept in")
    arguments = parser.parse_args()
    arguments.networks.mkdir(parents=True, exist_ok=True)
    solution = load_solution()
    read = importlib.import_module("cs231n.data_utils").get_CIFAR10_data
    data = read(arguments.data, num_test=SEEN + HELD_OUT)
    for seed, recipe in enumerate(RECIPES):
        path = arguments.networks / f"{seed}.npz"
        if not path.exists():
            np.savez(path, **trained(solution, recipe, data, seed))
        with np.load(path) as params:
            network = solution.ThreeLayerConvNet(num_filters=1, filter_size=1, hidden_dim=1)
            network.params = dict(params)
        print(recipe, told(network, data["X_test"][SEEN:], data["y_test"][SEEN:]), flush=True)
    return 0


def told(network: Any, images: Any, labels: Any) -> str:
    """Say how much of the images a network recognises, and how much less of each of some drawings of copies."""
    spec = importlib.util.spec_from_file_location("copied_images", CHECK)
    assert spec is not None  # noqa: S101  # the file is there
    assert spec.loader is not None  # noqa: S101
    check = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(check)
    accuracy = check.count_right(network.loss, images, labels) / len(labels)
    rngs = map(np.random.default_rng, range(DRAWINGS))
    drops = [check.drop_on_copies(network.loss, images, labels, rng) for rng in rngs]
    return f"{accuracy:.1%}, less by {', '.join(f'{each:.1%}' for each in drops)}"


def trained(solution: Any, recipe: Recipe, data: dict[str, Any], seed: int) -> dict[str, Any]:
    """Return the parameters of a network trained as the notebook trains it."""
    rng = np.random.default_rng(seed)
    np.random.seed(seed)  # what the network draws its weights with

    def mirror(images: Any) -> Any:
        chosen = rng.random(len(images)) < 0.5  # noqa: PLR2004
        images[chosen] = images[chosen, :, :, ::-1]
        return images

    network = solution.ThreeLayerConvNet(
        num_filters=recipe.filters,
        filter_size=recipe.size,
        hidden_dim=recipe.hidden,
        reg=recipe.reg,
        weight_scale=5e-3,
    )
    solver = importlib.import_module("cs231n.solver").Solver(
        network,
        data,
        num_epochs=recipe.epochs,
        batch_size=200,
        augment=mirror if recipe.mirrored else None,
        update_rule="adam",
        optim_config={"learning_rate": 1e-3},
        lr_decay=recipe.decay,
        verbose=False,
        seed=seed,
    )
    solver.train()
    return dict(network.params)


if __name__ == "__main__":
    sys.exit(main())
