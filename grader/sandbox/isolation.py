"""Name the tiers of isolation."""

from __future__ import annotations

from enum import StrEnum


class Isolation(StrEnum):
    """How much stands between a submission and this machine.

    Attributes
    ----------
    A
        Namespaces of bubblewrap around the lockdown.
    B
        The lockdown alone: Landlock, system call filter, rlimits, parent-death signal.
    NONE
        A process of its own with rlimits. Every result must be stamped as not isolated.
    """

    A = "A"
    B = "B"
    NONE = "none"

    @property
    def sealed(self) -> bool:
        """Whether workers lock themselves down."""
        return self is not Isolation.NONE
