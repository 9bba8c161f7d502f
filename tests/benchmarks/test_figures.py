"""The tables of docs/figures.md come out of what `invoke bench WHAT --json` keeps."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from benchmarks import figures
from benchmarks.layers import Figure
from benchmarks.peers import OURS, PeerCost
from benchmarks.stages import StageCost
from benchmarks.start import CLASS_SIZE, Waiting
from benchmarks.train import StepFigure

COMMANDS = (
    "grade one submission",
    *(f"grade {CLASS_SIZE}, {each}" for each in ("one process", "two processes")),
)
RUNS = {
    "layers": [
        asdict(Figure("S1", "float32", way, 1e-3, 5000.0, 2e-3, 2.0, 2e-3, 2.0, {"plain": 2e-3}))
        for way in figures.DIRECTIONS
    ],
    "train": asdict(StepFigure(0.03, 0.04, 1.33, 0.035, 1.17)),
    "grade": {"grader": 0.1, "reader": 0.02, "box": 0.13, "student": 0.04},
    "start": [asdict(Waiting(each, wall, 3.0)) for each, wall in zip(COMMANDS, (2, 15, 10), strict=True)],
    "peers": [asdict(PeerCost(way, 20, 0.4, share, 0)) for way, share in ((OURS, 1.0), ("otter run", 0.14))],
    "stages": [asdict(StageCost("keep the reports", 10_000, 62.0, 162.0, 115.0))],
}
"""Of each benchmark the figures of one run; those of grading are the fields that the page tells."""


def test_every_table_is_written_between_its_comments_and_nothing_else(tmp_path) -> None:
    """Each part of the manual's page has lines of its own run, twice the same, and the text around stays."""
    page = tmp_path / "figures.md"
    manual = Path(figures.__file__).parents[1] / "docs" / "figures.md"
    page.write_text(manual.read_text(encoding="utf-8"), encoding="utf-8")
    runs = []
    for name, found in RUNS.items():
        runs.append(tmp_path / f"{name}.json")
        runs[-1].write_text(json.dumps({"machine": "this", "figures": found}), encoding="utf-8")
    figures.main(page, runs)
    written = page.read_text(encoding="utf-8")
    for told in (
        "| S1 float32 | 1.00 / 1.00 |",
        "1 run) takes 30.0 ms",
        "| grader | 0.10 |",
        "| 1.50 times |",
    ):
        assert told in written
    for told in ("| otter run | 0.40 | 0.14 |", "| keep the reports | 62 | 115 | 162 |"):
        assert told in written
    figures.main(page, runs)
    assert page.read_text(encoding="utf-8") == written
    assert written.startswith(manual.read_text(encoding="utf-8")[:200])
    assert written.count("<!-- end -->") == len(RUNS)
