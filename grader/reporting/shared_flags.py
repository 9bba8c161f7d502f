"""Which flags most of a class shares, so that they are said once for the class."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping
from typing import NamedTuple

from grader.reporting.outcomes import TAMPERING
from grader.results import GRADER_FAULT, NEEDS_A_LOOK, NOT_WHOLE, Flag

FEWEST = 5
"""Submissions that make a class; of fewer nothing is said at once."""

_COST_POINTS = (NEEDS_A_LOOK - {NOT_WHOLE}) | {"missing_answer_file", "stopped", GRADER_FAULT}
_ACCUSE = frozenset(
    {
        TAMPERING,
        "given_code",
        "doubtful",
        "looks_numeric",
        "looks_remembered",
        "noticed",
        "notebook_contradicted",
        "trained_otherwise",
    }
)
_LONGEST = 300
_FOLDERS = re.compile(r"^(?:[^:;/]*/)+|[^\s'\"]*/")  # those a message begins with may be called anything
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


class FlagPattern(NamedTuple):
    """What flags have in common that say nearly the same: folders and numbers do not matter."""

    kind: str
    words: str


def pattern_of(flag: Flag) -> FlagPattern:
    """Return what `flag` shares with those that say nearly the same of another submission."""
    words = _NUMBER.sub("#", _FOLDERS.sub("", flag.message))
    return FlagPattern(flag.kind, " ".join(words.split()).casefold()[:_LONGEST])


def shared_flags(submissions: Collection[Collection[FlagPattern]]) -> Mapping[FlagPattern, int]:
    """Return the flags that at least half of a class carries, with how many do, the most frequent first.

    What costs points or accuses is each submission's own matter, however many carry it.
    """
    if len(submissions) < FEWEST:
        return {}
    count = Counter(each for flags in submissions for each in sorted(set(flags)))
    return {
        each: carriers
        for each, carriers in count.most_common()
        if 2 * carriers >= len(submissions) and each.kind not in _COST_POINTS | _ACCUSE
    }
