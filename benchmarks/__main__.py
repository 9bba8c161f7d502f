"""`python -m benchmarks WHAT [--json FILE] [--quick] [--kernel NAME]`: measure, print a table, keep the figures."""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import (
    colab,
    grade,
    grade_class,
    imports,
    judging,
    layers,
    notebook,
    peers,
    review,
    stages,
    start,
    train,
)
from benchmarks.measure import machine
from benchmarks.subjects import load_fast_layers


def main() -> int:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "what",
        choices=[
            "layers",
            "scaling",
            "train",
            "grade",
            "class",
            "notebook",
            "import",
            "colab",
            "review",
            "start",
            "peers",
        ],
    )
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    parser.add_argument(
        "--kernel", help="avx512, avx2, baseline or numpy in place of the best for this machine"
    )
    parser.add_argument("--size", type=int, help="how many submissions the class has")
    parser.add_argument(
        "--against", choices=["formgrader"], help="judge a class by hand here and with this (review only)"
    )
    parser.add_argument(
        "--made", action="store_true", help="run what is around grading, on reports made up (class only)"
    )
    arguments = parser.parse_args()
    if arguments.kernel:
        os.environ["FAST_LAYERS_KERNEL"] = arguments.kernel
    result, figures = _measure(
        "stages" if arguments.made else arguments.what,
        quick=arguments.quick,
        size=arguments.size,
        against=arguments.against,
    )
    console = Console(width=None if sys.stdout.isatty() else 120)
    console.print(result)
    header = {"machine": machine(), "kernel": load_fast_layers().kernel_name()}
    console.print(", ".join(header.values()), highlight=False)
    if arguments.json:
        arguments.json.write_text(json.dumps({**header, "figures": figures}, indent=1), encoding="utf-8")
    return 0


def _measure(  # noqa: PLR0911, PLR0912  # one per benchmark
    what: str, *, quick: bool, size: int | None = None, against: str | None = None
) -> tuple[Table, object]:
    if what == "layers":
        found = layers.run(layers.ROUNDS_WHEN_QUICK if quick else layers.ROUNDS)
        return layers.table(found), layers.as_json(found)
    if what == "scaling":
        speedups = layers.scaling(layers.ROUNDS if quick else layers.SCALING_ROUNDS)
        result = Table("layer", "x one thread", title="Two threads against one, wall time, shortest of each")
        for name, speedup in speedups.items():
            result.add_row(name, f"{speedup:.2f}")
        return result, speedups
    if what == "train":
        step = train.run(train.ROUNDS_WHEN_QUICK if quick else train.ROUNDS)
        return train.table(step), asdict(step)
    if what == "notebook":
        shown = notebook.run(notebook.ROUNDS_WHEN_QUICK if quick else notebook.ROUNDS)
        return notebook.table(shown), asdict(shown)
    if what == "start":
        waited = start.run(start.ROUNDS_WHEN_QUICK if quick else start.ROUNDS)
        return start.table(waited), list(map(asdict, waited))
    if what == "colab":
        installed = colab.run()
        return colab.table(installed), list(map(asdict, installed))
    if what == "import":
        compared = imports.run(size or imports.SIZE)
        return imports.table(compared), list(map(asdict, compared))
    if what == "peers":
        costs = peers.run(size or peers.SIZE, peers.ROUNDS_WHEN_QUICK if quick else peers.ROUNDS)
        return peers.table(costs), list(map(asdict, costs))
    if what == "review" and against:
        judged = judging.run(size or judging.SIZE)
        return judging.table(judged), list(map(asdict, judged))
    if what == "review":
        pages = review.run(size or (review.SIZE_WHEN_QUICK if quick else review.SIZE))
        return review.table(pages), list(map(asdict, pages))
    if what == "stages":
        flat = stages.run(size or (stages.SIZE_WHEN_QUICK if quick else stages.SIZE))
        return stages.table(flat), list(map(asdict, flat))
    if what == "class":
        costs = grade_class.run(size or (grade_class.SIZE_WHEN_QUICK if quick else grade_class.SIZE))
        return grade_class.table(costs), grade_class.as_json(costs)
    cost = grade.run(grade.ROUNDS_WHEN_QUICK if quick else grade.ROUNDS)
    return grade.table(cost), asdict(cost)


if __name__ == "__main__":
    sys.exit(main())
