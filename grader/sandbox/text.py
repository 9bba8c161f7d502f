"""Clean text that comes from a submission."""

from __future__ import annotations

import re

# Everything that moves a cursor, starts a terminal's escape sequence, reorders text or has no glyph.
# Newline and tab stay.
_UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


def clean(text: str, most: int) -> str:
    """Return `text` with control characters replaced by U+FFFD, cut to `most` characters."""
    cut = text[:most].replace("\r\n", "\n").replace("\r", "\n")
    return _UNPRINTABLE.sub("\ufffd", cut)
