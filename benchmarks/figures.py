"""`python -m benchmarks.figures docs/figures.md RUN.json ...`: write the tables of the manual anew from runs' JSON.

Runs that `python -m benchmarks WHAT --json` kept on one machine go together, where WHAT is layers, train, grade, start,
peers or class with --made: times are their medians, ratios their ranges. What is written stands between two comments
that name the part.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from types import MappingProxyType
from typing import Any

from benchmarks.layers import WAYS
from benchmarks.peers import OURS
from benchmarks.start import two_against_one
from grader.reporting.text import counted

Figure = Mapping[str, Any]

DIRECTIONS = ("forward", "backward")


def main(page: Path, runs: Sequence[Path]) -> None:
    """Write the parts of `page` that the runs speak of."""
    found = [json.loads(each.read_text(encoding="utf-8"))["figures"] for each in runs]
    lists = [each if isinstance(each, list) else [each] for each in found]
    text = page.read_text(encoding="utf-8")
    for name, (field, lines) in _PARTS.items():
        if of := [each for each in lists if field in each[0]]:
            opening, closing = f"<!-- {name} -->\n", "<!-- end -->"
            before, _, after = text.partition(opening)
            written = "".join(f"{each}\n" for each in lines(of))
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


def _step(runs: Sequence[Sequence[Figure]]) -> Iterator[str]:
    """Yield a sentence about the training step."""
    steps = [each for run in runs for each in run]
    ours, plain, fused = (1e3 * _median(steps, name) for name in ("seconds", "torch", "fused"))
    yield "One training step of the three-layer network"
    yield f"(`invoke bench train`, {counted(len(runs), 'run')}) takes {ours:.1f} ms;"
    yield f"with PyTorch {plain:.1f} ms ({_range(steps, 'ratio_to_torch')} times as long), and with its"
    yield f"`Adam(fused=True)` {fused:.1f} ms ({_range(steps, 'ratio_to_fused')})."


def _grading(runs: Sequence[Sequence[Figure]]) -> Iterator[str]:
    """Yield the table of what grading one submission costs, process by process."""
    costs = [each for run in runs for each in run]
    yield "| process | CPU seconds |"
    yield "| --- | --- |"
    for name, words in (("grader", "grader"), ("reader", "reading the submission")):
        yield f"| {words} | {_median(costs, name):.2f} |"
    student = f"of which {_median(costs, 'student'):.2f} are the student's own functions"
    yield f"| box | {_median(costs, 'box'):.2f}, {student} |"


def _waiting(runs: Sequence[Sequence[Figure]]) -> Iterator[str]:
    """Yield the table of what whole commands take."""
    yield "| command | seconds | CPU seconds |"
    yield "| --- | --- | --- |"
    commands = _grouped(runs, "command")
    for command, figures in commands.items():
        yield f"| {command} | {_median(figures, 'wall'):.2f} | {_median(figures, 'cpu'):.2f} |"
    ratio = two_against_one({command: _median(figures, "wall") for command, figures in commands.items()})
    yield f"| two processes are faster than one | {ratio:.2f} times | |"


def _peers(runs: Sequence[Sequence[Figure]]) -> Iterator[str]:
    """Yield the table of other graders."""
    yield "| way | CPU seconds for each submission | numgrade's, divided by that |"
    yield "| --- | --- | --- |"
    for way, figures in _grouped(runs, "way").items():
        name, share = (f"numgrade: {way}", "") if way == OURS else (way, _range(figures, "share"))
        yield f"| {name} | {_median(figures, 'cpu'):.2f} | {share} |"


def _stages(runs: Sequence[Sequence[Figure]]) -> Iterator[str]:
    """Yield the table of the stages around grading, of the last run."""
    for at, each in enumerate(each for run in runs[-1:] for each in run if each["memory"]):
        if not at:
            size = each["size"]
            yield f"| stage | CPU s at {size:,} | MiB at {size // 10:,} | at {size:,} |"
            yield "| --- | --- | --- | --- |"
        yield f"| {each['stage']} | {each['cpu']:.0f} | {each['memory_of_a_tenth']:.0f} | {each['memory']:.0f} |"


_PARTS: Mapping[str, tuple[str, Callable[[Sequence[Sequence[Figure]]], Iterator[str]]]] = MappingProxyType(
    {
        "grade": ("box", _grading),
        "stages": ("stage", _stages),
        "start": ("command", _waiting),
        "peers": ("way", _peers),
        "layers": ("shape", _layers),
        "train": ("fused", _step),
    }
)
"""The parts of the page: a field that only their figures have, and what writes them."""


def _grouped(runs: Sequence[Sequence[Figure]], by: str) -> Mapping[str, Sequence[Figure]]:
    groups: defaultdict[str, list[Figure]] = defaultdict(list)
    for figure in (each for run in runs for each in run):
        groups[figure[by]].append(figure)
    return groups


def _median(figures: Sequence[Figure], name: str) -> float:
    return median(each[name] for each in figures)


def _milliseconds(figures: Sequence[Figure]) -> str:
    return f"{1e3 * _median(figures, 'seconds'):.2f}"


def _naive(figures: Sequence[Figure]) -> str:
    return f"{_median(figures, 'ratio_to_naive'):.0f}"


def _way(figures: Sequence[Figure], way: str) -> str:
    times = [each["ways"][way] for each in figures if way in each["ways"]]
    return f"{1e3 * median(times):.2f}" if times else "-"


def _range(figures: Sequence[Figure], ratio: str) -> str:
    low, high = (f"{end(each[ratio] for each in figures):.2f}" for end in (min, max))
    return low if low == high else f"{low} to {high}"


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(each) for each in sys.argv[2:]])
