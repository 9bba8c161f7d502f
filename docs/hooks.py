"""What the site leaves out: links to files of the repository, which its readers do not have, and marks of ours."""

from __future__ import annotations

import re
from typing import Any

OUTSIDE = re.compile(
    r"\[(?P<words>[^\]]+)\]\((?:\.\./)+(?P<path>(?:starter|solutions|grader|tests|assignments)/[^)]*)\)"
)


VARIES = re.compile(r"^```console varies$", re.MULTILINE)
"""How a block begins whose output may differ: the mark is for `keep.py`, and no language that a site knows."""


def on_page_markdown(markdown: str, **_more: Any) -> str:
    """Name such a file in place of a link to it, and leave such a mark out."""
    named = OUTSIDE.sub(lambda link: f"{link['words']} (`{link['path']}`)", markdown)
    return VARIES.sub("```console", named)
