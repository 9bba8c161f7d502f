"""The solution as one page to be read: whole, short, and the solution's own code."""

from __future__ import annotations

import ast

import pytest

from grader.authoring.solution_page import readable, solution_page
from grader.course.regions import OPENS
from grader.course.repository import Course

SOURCE = '''"""Layers.

More about layers.
"""


def forward(x):
    """Run forward.

    Parameters
    ----------
    x : array
    """
    out, cache = None, None
    kept = None
    out = x + 1
    cache = x
    return out, cache, kept
'''


def test_contracts_are_cut_to_their_first_paragraph_and_placeholders_go():
    """What students start from is no part of the answer; a None that stays None is."""
    assert readable(SOURCE) == (
        '"""Layers."""\n\n\ndef forward(x):\n    """Run forward."""\n    kept = None\n'
        "    out = x + 1\n    cache = x\n    return out, cache, kept\n"
    )


@pytest.mark.parametrize("assignment_id", ["cnn", "fc"])
def test_the_page_in_docs_is_what_the_task_writes(repository: Course, assignment_id: str):
    """`numgrade solution` was run after the last change of the solution, and what it prints is Python."""
    assignment = repository.load(assignment_id)
    page = solution_page(repository, assignment)
    assert (repository.root / "docs" / f"solution-{assignment_id}.md").read_text(encoding="utf-8") == page
    assert OPENS not in page
    for block in page.split("```python\n")[1:]:
        ast.parse(block.partition("```")[0])
