"""The guide to writing an assignment names only what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import grader.checking
from grader.authoring.new import TEMPLATE
from grader.bank import mistake, variant
from grader.bank.bank_file import Decorator, read_bank_file
from grader.course.assignment import Assignment, Folders, Layout, Part, Release
from grader.course.regions import answers
from grader.course.repository import Course

ROOT = Course.open(Path(__file__)).root
GUIDE = (ROOT / "docs" / "writing-an-assignment.md").read_text(encoding="utf-8")
EXPECTATIONS = re.compile(r"^\| use \|.*?\n\n", re.MULTILINE | re.DOTALL)
KEYS = re.compile(r"^\| key .*?\n\n", re.MULTILINE | re.DOTALL)


def first_column(table: re.Pattern[str]) -> list[str]:
    """Return the names in code style in the first column of the tables of a kind."""
    cells = [line.split("|")[1] for found in table.findall(GUIDE) for line in found.strip().splitlines()[2:]]
    return [name for cell in cells for name in re.findall(r"`\[*([A-Za-z_.]+)", cell)]


def test_every_expectation_exists() -> None:
    """What the guide tells check authors to use can be imported from where it says."""
    names = first_column(EXPECTATIONS)
    assert "assert_matches" in names
    methods = {"student.define", "student.put", "network.method", "grads.get", "grads.value"}
    assert set(names) - methods <= set(grader.checking.__all__)


def test_every_key_exists() -> None:
    """Each key of assignment.toml that the guide explains is one."""
    names = first_column(KEYS)
    assert {"answers", "folders", "parts", "kit"} <= set(names)
    known = {
        name for model in (Assignment, Folders, Layout, Part, Release) for name in model.model_fields
    } | {"files"}
    assert set(names) <= known


def test_the_region_is_one() -> None:
    """The example of an answer between banners is read as one."""
    (example,) = [
        text for text in re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL) if "CODE HERE" in text
    ]
    (region,) = answers(example)
    assert region.text.strip() == "out = np.maximum(x, 0)"


@pytest.mark.parametrize(
    ("decorator", "name"), [(mistake, "affine_db_averaged"), (variant, "relu_by_product")]
)
def test_the_entries_are_ones(decorator: Decorator, name: str, tmp_path: Path) -> None:
    """The examples of a mistake and a variant are read as ones."""
    path = tmp_path / "affine_backward.py"
    (text,) = [
        text
        for text in re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
        if f"@{decorator.__name__}(" in text
    ]
    path.write_text(text, encoding="utf-8")
    (entry,) = read_bank_file(path, decorator)
    assert entry.name == name


@pytest.mark.parametrize("path", re.findall(r"\]\((\.\./[^)]+)\)", GUIDE))
def test_every_link_leads_somewhere(path: str) -> None:
    """Files that the guide points to are there."""
    assert (ROOT / "docs" / path).exists()


def test_every_folder_of_the_example_is_explained() -> None:
    """What `numgrade new` makes is listed, folder by folder."""
    for path in TEMPLATE.iterdir():
        name = path.name.removesuffix(".template")
        assert f"  {name}{'/' if path.is_dir() else ''} " in GUIDE
