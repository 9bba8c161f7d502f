"""The documentation shows what commands print and what grades.json holds, and says nothing that is not so."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given, settings

from grader import tasks
from tests.reporting.strategies import class_reports
from tests.reporting.whole import render_json

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
SCHEMA = json.loads((DOCS / "grades.schema.json").read_text(encoding="utf-8"))


@settings(max_examples=40, deadline=None)
@given(class_reports)
def test_a_report_keeps_to_the_published_schema(report) -> None:
    """Whatever is graded, the file that is written is what the schema promises."""
    jsonschema.validate(json.loads(render_json(report)), SCHEMA)


def test_the_schema_says_what_each_field_means() -> None:
    """Every object and every field whose name does not say it all has a description."""
    check = SCHEMA["$defs"]["CheckResult"]["properties"]
    assert all(
        "description" in check[name] for name in ("id", "message", "diagnosis", "staff_note", "judged")
    )
    assert SCHEMA["properties"]["schema"]["const"] == 1


def test_every_command_has_a_page() -> None:
    """A task that is added gets one, with its manual."""
    named = {each.name.rstrip("_") for each in vars(tasks).values() if isinstance(each, tasks.Command)}
    pages = {path.stem: path.read_text(encoding="utf-8") for path in (DOCS / "commands").glob("*.md")}
    assert pages.keys() - {"check"} == named
    assert all(f"$ numgrade --help {name}\n" in pages[name] for name in named)


def test_every_page_can_be_reached() -> None:
    """The site's contents name each page but the solutions, which students must not find by browsing."""
    nav = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]
    listed = {path for section in nav for pages in section.values() for path in pages}
    there = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")}
    assert {path for path in there if not path.startswith("solution-")} == listed


@pytest.mark.skipif(importlib.util.find_spec("mkdocs") is None, reason="needs the extra docs")
def test_the_site_needs_no_network(tmp_path: Path) -> None:
    """It is built without a warning, and loads nothing from elsewhere."""
    command = [
        sys.executable,
        "-m",
        "mkdocs",
        "build",
        "--strict",
        "--quiet",
        "--site-dir",
        str(tmp_path / "site"),
    ]
    subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603
    loaded = re.compile(r'<(?:script|img|link)[^>]*(?:src|href)="(https?:[^"]*)"')
    pages = [path.read_text(encoding="utf-8") for path in (tmp_path / "site").rglob("*.html")]
    assert len(pages) > 20
    assert not [url for page in pages for url in loaded.findall(page)]
