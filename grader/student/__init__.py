"""Check your assignment and hand it in: `invoke check`, `invoke submit` and, in a notebook, `%check`.

=================  ================================================
``commands``       `invoke check`, `invoke submit`, `invoke build`
``magic``          `%check` and `%submit` in a notebook
``unwritten``      what a cell lacks, in place of a traceback
``live``           the present text of the notebook that runs
``workspace``      the student's folder and modules
``notebook_work``  what a notebook's cells define and come to
``session``        a run of the public checks
``checks``         what public checks are written with
``results``        what became of one, in words
``ci``             what a run leaves for machines
``timelimit``      stops a check that does not end
``submit``         the zip, its receipt, and what stands in the way
``update``         a new release taken into work in progress
``merge``          what becomes of one text then
``tasks``          what can be run in the folder
=================  ================================================
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Add `%check` to a notebook: ``%load_ext`` and the package's name."""
    from grader.student.magic import attach  # noqa: PLC0415  # the tasks run without IPython

    attach(shell)
