"""What students received in earlier releases: the texts of each, kept in the assignment's folder releases/.

A release keeps the one that it replaces, so that students can take the new one into work that began from an older.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

from grader.course.assignment import Assignment

FOLDER = "releases"
BADGE_ID, SETUP_ID, CHECKS_ID = "colab-badge", "colab-setup", "checks"
ADDED_CELLS = frozenset({BADGE_ID, SETUP_ID, CHECKS_ID})
"""Ids of the cells that a release adds to a notebook, and that its author has not."""

_NUMBERS = re.compile(r"\d+|\D+")


def earlier_releases(assignment: Assignment) -> dict[str, Mapping[str, str]]:
    """Return the texts of each earlier release by path, the oldest first; this version's own is none of them."""
    paths = {path.stem: path for path in (assignment.folder / FOLDER).glob("*.json")}
    paths.pop(assignment.version, None)
    order = sorted(
        paths,
        key=lambda version: [
            (each.isdigit(), int(each) if each.isdigit() else 0, each) for each in _NUMBERS.findall(version)
        ],
    )
    return {version: json.loads(paths[version].read_text(encoding="utf-8"))["files"] for version in order}


def keep_release(assignment: Assignment, version: str, texts: Mapping[str, str]) -> Path:
    """Write down what a release handed out; what was kept already stays."""
    path = assignment.folder / FOLDER / f"{version}.json"
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        document = {
            "schema": 1,
            "assignment": assignment.id,
            "version": version,
            "files": dict(sorted(texts.items())),
        }
        path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path
