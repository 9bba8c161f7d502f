"""Run attacks as a program of its own, so that a test can be another user, and print as JSON what came of them."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from fnmatch import fnmatch
from pathlib import Path

from grader.plan import GradingPlan
from grader.sandbox import Isolation
from tests.attack_runner import table
from tests.attack_runner.corpus import load_attacks
from tests.attack_runner.running import corpus_of, run_attacks


def main() -> None:
    """Do as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root", type=lambda text: Path(text).resolve(), help="the course")
    parser.add_argument("--assignment", default="cnn")
    parser.add_argument("--isolation", type=Isolation, required=True)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument(
        "--only", default="*", help="names of attacks or patterns of names, with commas between"
    )
    parser.add_argument("--corpus", type=Path, help="the folder of attacks, if not the repository's own")
    parser.add_argument(
        "--table",
        action="store_true",
        help="write what numeric and lenient ones earn into the theory of operation",
    )
    arguments = parser.parse_args()
    wanted = arguments.only.split(",")
    folder = arguments.corpus or arguments.root / corpus_of(arguments.assignment)
    attacks = [each for each in load_attacks(folder) if any(fnmatch(each.name, name) for name in wanted)]
    if arguments.table:
        attacks = [each for each in attacks if table.tabled(each)]
    plan = GradingPlan(arguments.root, arguments.assignment, arguments.isolation, "attacks")
    results = run_attacks(plan, attacks, arguments.jobs)
    if arguments.table:
        table.write(plan, attacks, results)
    print(json.dumps([asdict(each) for each in results]))


if __name__ == "__main__":
    main()
