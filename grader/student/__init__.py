"""Check your assignment and hand it in: `invoke check`, `invoke submit` and, in a notebook, `%check`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Add `%check` to a notebook: ``%load_ext`` and the package's name."""
    from grader.student.magic import attach  # noqa: PLC0415  # the tasks run without IPython

    attach(shell)
