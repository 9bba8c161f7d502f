"""Which class is graded, and how, as a command or a caller of the library says it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

SAMPLE_CLASS = "the sample class"
"""What the gradebook calls the source of the built-in class."""


@dataclass(frozen=True, slots=True)
class GradeOptions:
    """Which class is graded, and how.

    Attributes
    ----------
    submissions
        None means the built-in sample class.
    platform
        Whose download it is; empty to recognise it.
    gradebook
        Path or URL; empty for a file beside the reports.
    scheduler, cluster
        Where to grade instead of on this machine.
    jobs
        How many at a time; empty for one per core.
    fresh
        Grade anew what has a result.
    anonymous
        Show ids that do not tell who the students are.
    files
        Whether reports are written to `out`, beside the gradebook.
    """

    root: Path
    assignment: str
    submissions: Path | None
    out: Path
    jobs: str = ""
    only: str | None = None
    isolation: str = "auto"
    data: Path | None = None
    notebooks: bool = False
    retrain: bool = False
    gradebook: str = ""
    scheduler: str = ""
    cluster: str = ""
    fresh: bool = False
    anonymous: bool = False
    platform: str = ""
    files: bool = True

    @property
    def source(self) -> str:
        """What the gradebook calls the folder of submissions."""
        return SAMPLE_CLASS if self.submissions is None else str(self.submissions.resolve())
