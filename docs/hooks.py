"""What the site leaves out: links to files of the repository, which a reader of the site does not have."""

from __future__ import annotations

import re
from typing import Any

OUTSIDE = re.compile(
    r"\[(?P<words>[^\]]+)\]\((?:\.\./)+(?P<path>(?:starter|solutions|grader|tests|assignments)/[^)]*)\)"
)


def on_page_markdown(markdown: str, **_more: Any) -> str:
    """Name such a file in place of a link to it."""
    return OUTSIDE.sub(lambda link: f"{link['words']} (`{link['path']}`)", markdown)
