"""What this repository's own homeworks hand out."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from grader.authoring.check_release import check_release
from grader.authoring.leak import leaks
from grader.authoring.release import pack
from grader.authoring.secrets import (
    FEWEST_TOKENS,
    HIDDEN_FOLDERS,
    RUN,
    Secrets,
    code_tokens,
    read_secrets,
    telling_tokens,
)
from grader.authoring.student_tree import StudentTree, build_tree
from grader.course.assignment import Assignment
from grader.course.repository import Course
from grader.intake.notebooks import cell_python
from tests.authoring.strategies import code_cell, notebook

REPOSITORY = Course.open(Path(__file__))
ASSIGNMENTS = REPOSITORY.assignment_ids

# What the CNN assignment's untouched stubs do, as those of the course it comes from do.
UNTOUCHED = """
import json
import numpy as np
from nndl.cnn import ThreeLayerConvNet
from nndl.conv_layers import *

x, w, b = np.ones((2, 3, 4, 4)), np.ones((2, 3, 3, 3)), np.ones(2)
conv, pool = {"stride": 1, "pad": 1}, {"pool_height": 2, "pool_width": 2, "stride": 2}
conv_cache, pool_cache = conv_forward_naive(x, w, b, conv)[1], max_pool_forward_naive(x, pool)[1]
try:
    ThreeLayerConvNet().loss(x)
    raised = ""
except KeyError as error:
    raised = str(error)
print(json.dumps({
    "conv_forward_naive": conv_forward_naive(x, w, b, conv)[0],
    "conv_backward_naive": conv_backward_naive(x[:, :2], conv_cache),
    "max_pool_forward_naive": max_pool_forward_naive(x, pool)[0],
    "max_pool_backward_naive": max_pool_backward_naive(x[..., :2, :2], pool_cache),
    "spatial_batchnorm_forward": spatial_batchnorm_forward(x, np.ones(3), np.ones(3), {"mode": "train"}),
    "spatial_batchnorm_backward": spatial_batchnorm_backward(x, None),
    "params": ThreeLayerConvNet().params,
    "raised": raised,
}))
"""


@cache
def load(name: str) -> tuple[Assignment, StudentTree, Secrets]:
    """Return an assignment, its student package and what it hides."""
    assignment = REPOSITORY.load(name)
    tree = build_tree(assignment, REPOSITORY)
    return assignment, tree, read_secrets(assignment, REPOSITORY, tree)


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_starter_is_up_to_date_and_clean(name: str) -> None:
    """What is committed in starter/ is what solutions/ gives, and nothing hidden is in it."""
    problems = check_release(load(name)[0], REPOSITORY.root)
    # An archive that somebody made here and left is no part of the repository.
    assert [str(problem) for problem in problems if not problem.path.startswith("dist/")] == []


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_reproducible(name: str) -> None:
    """The archive's bytes are the same each time."""
    assignment, tree, _ = load(name)
    again = build_tree(assignment, REPOSITORY)
    assert pack(assignment, tree.files) == pack(assignment, again.files)


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_everything_parses(name: str) -> None:
    """Every module and every code cell that students get is Python."""
    for path, content in load(name)[1].files.items():
        if path.endswith(".py"):
            ast.parse(content)
        elif path.endswith(".ipynb"):
            for cell in json.loads(content)["cells"]:
                if cell["cell_type"] == "code":
                    ast.parse(cell_python("".join(cell["source"])))


PLANTS: dict[str, Callable[[str], bytes]] = {
    "whole": str.encode,
    "in a cell": lambda text: notebook(code_cell(text)),
    "in an output": lambda text: notebook(code_cell("x", outputs=[{"output_type": "stream", "text": text}])),
    "commented out": lambda text: "".join(f"# {line}\n" for line in text.splitlines()).encode(),
}
CUTS: dict[str, Callable[[str], str]] = {
    "first half": lambda text: text[: len(text) // 2],
    "last half": lambda text: text[len(text) // 2 :],
}


@pytest.mark.parametrize("plant", PLANTS.values(), ids=PLANTS)
@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_every_answer_would_be_found(name: str, plant: Callable[[str], bytes]) -> None:
    """Each answer would be found if students got it, but for a line so short that anybody writes it."""
    _, tree, secrets = load(name)
    found = (region for region in tree.answers if len(code_tokens(region.text)) >= FEWEST_TOKENS)
    planted = {region.place: plant(region.text) for region in found}
    assert len(planted) > len(tree.answers) / 2
    assert set(planted) == {leak.path for leak in leaks(planted, secrets)}


@pytest.mark.parametrize("cut", CUTS.values(), ids=CUTS)
@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_half_of_an_answer_would_be_found(name: str, cut: Callable[[str], str]) -> None:
    """Half an answer would be found, where the half has three lines and they are not as in earlier assignment."""
    _, tree, secrets = load(name)
    new = {secret.origin for secret in secrets.code if len(secret.telling) > 0.9 * len(secret.grams)}
    halves = {region.place: cut(region.text) for region in tree.answers if region.place in new}
    planted = {place: half.encode() for place, half in halves.items() if len(code_tokens(half)) > RUN}
    assert planted
    assert set(planted) == {leak.path for leak in leaks(planted, secrets)}


def hidden_texts(folder: Path, *, by_entry: bool) -> Iterator[tuple[str, str]]:
    """Give the text of each file in a hidden folder, or of each function and class in it."""
    for path in sorted(folder.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if not by_entry:
            yield path.name, text
        for node in ast.parse(text).body if by_entry else ():
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                yield f"{path.name}:{node.name}", ast.get_source_segment(text, node) or ""


@pytest.mark.parametrize("folder", HIDDEN_FOLDERS)
@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_every_hidden_file_would_be_found(name: str, folder: str) -> None:
    """Each check file and entry of the bank would be found with other line endings, but for one or two lines."""
    assignment, _, secrets = load(name)
    texts = dict(hidden_texts(assignment.folder / folder, by_entry=folder != "checks"))
    planted = {
        file: text.replace("\n", "\r\n").encode()
        for file, text in texts.items()
        if len(telling_tokens(text)) > 2 * RUN
    }
    assert set(planted) == {leak.path for leak in leaks(planted, secrets)}


def test_untouched_stubs(tmp_path: Path) -> None:
    """The CNN assignment's stubs import, and return None or raise as the original course's do."""
    for path, content in load("cnn")[1].files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    done = subprocess.run(  # noqa: S603 - our own script on our own files
        [sys.executable, "-c", UNTOUCHED], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "conv_forward_naive": None,
        "conv_backward_naive": [None, None, None],
        "max_pool_forward_naive": None,
        "max_pool_backward_naive": None,
        "spatial_batchnorm_forward": [None, None],
        "spatial_batchnorm_backward": [None, None, None],
        "params": {},
        "raised": "'W1'",
    }
