"""`python -m benchmarks.figures docs/figures.md RUN.json ...`: write the tables of the manual anew from runs' JSON.

Runs of `python -m benchmarks layers --json` and `train --json` on one machine go together: times are their medians,
ratios their ranges. What is written stands between two comments that name the part.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.layers import WAYS

Figure = Mapping[str, Any]

DIRECTIONS = ("forward", "backward")


def main(page: Path, runs: Sequence[Path]) -> None:
    """Write the parts of `page` that the runs speak of."""
    found = [json.loads(each.read_text(encoding="utf-8"))["figures"] for each in runs]
    lists = [each for each in found if isinstance(each, list)]
    text = page.read_text(encoding="utf-8")
    parts = {
        "layers": _layers([each for each in lists if "shape" in each[0]]),
        "train": _step([each for each in found if isinstance(each, dict)]),
        "stages": _stages([each for each in lists if "stage" in each[0]]),
    }
    for name, lines in parts.items():
        if written := "".join(f"{each}\n" for each in lines):
            opening, closing = f"<!-- {name} -->\n", "<!-- end -->"
            before, _, after = text.partition(opening)
            text = f"{before}{opening}{written}{closing}{after.partition(closing)[2]}"
    page.write_text(text, encoding="utf-8")


def _layers(runs: Sequence[Sequence[Figure]]) -> Iterator[str]:
    """Yield the table of the layers, a row for both directions of one."""
    rows: defaultdict[tuple[str, str], defaultdict[str, list[Figure]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for figure in (each for run in runs for each in run):
        rows[figure["shape"], figure["dtype"]][figure["direction"]].append(figure)
    headings = (
        "layer",
        "ms",
        "x naive loops",
        "x torch",
        "x torch best",
        *(f"torch {way} ms" for way in WAYS),
    )
    yield f"| {' | '.join(headings)} |"
    yield f"|{' --- |' * len(headings)}"
    for (shape, dtype), of in rows.items():
        both = [of[each] for each in DIRECTIONS]
        cells = (
            f"{shape} {dtype}",
            *(" / ".join(map(each, both)) for each in (_milliseconds, _naive)),
            *(
                " / ".join(_range(each, ratio) for each in both)
                for ratio in ("ratio_to_torch", "ratio_to_torch_best")
            ),
            *(" / ".join(_way(each, way) for each in both) for way in WAYS),
        )
        yield f"| {' | '.join(cells)} |"


def _step(runs: Sequence[Figure]) -> Iterator[str]:
    """Yield a sentence about the training step."""
    if not runs:
        return
    ours, plain, fused = (1e3 * median(each[name] for each in runs) for name in ("seconds", "torch", "fused"))
    yield f"One training step of the three-layer network (`invoke bench train`, {len(runs)} runs) takes {ours:.1f} ms;"
    yield f"with PyTorch {plain:.1f} ms ({_range(runs, 'ratio_to_torch')} times as long), and with its"
    yield f"`Adam(fused=True)` {fused:.1f} ms ({_range(runs, 'ratio_to_fused')})."


def _stages(runs: Sequence[Sequence[Figure]]) -> Iterator[str]:
    """Yield the table of the stages around grading, of the last run."""
    for at, each in enumerate(each for run in runs[-1:] for each in run if each["memory"]):
        if not at:
            size = each["size"]
            yield f"| stage | CPU s at {size:,} | MiB at {size // 10:,} | at {size:,} |"
            yield "| --- | --- | --- | --- |"
        yield f"| {each['stage']} | {each['cpu']:.0f} | {each['memory_of_a_tenth']:.0f} | {each['memory']:.0f} |"


def _milliseconds(figures: Sequence[Figure]) -> str:
    return f"{1e3 * median(each['seconds'] for each in figures):.2f}"


def _naive(figures: Sequence[Figure]) -> str:
    return f"{median(each['ratio_to_naive'] for each in figures):.0f}"


def _way(figures: Sequence[Figure], way: str) -> str:
    times = [each["ways"][way] for each in figures if way in each["ways"]]
    return f"{1e3 * median(times):.2f}" if times else "-"


def _range(figures: Sequence[Figure], ratio: str) -> str:
    low, high = (f"{end(each[ratio] for each in figures):.2f}" for end in (min, max))
    return low if low == high else f"{low} to {high}"


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(each) for each in sys.argv[2:]])
