"""What runs inside the box, with nothing of the grader beside it: the standard library and NumPy only.

The fork server starts here by exec, imports NumPy and the modules of this folder, and forks a worker on request. A
worker locks itself down and only then imports the submission.

=================  ======================================================================
``__main__``       loads this folder under its name and starts the server
``server``         the fork server: forks workers, reaps them, runs no submission
``lockdown``       rlimits, Landlock, privileges, and the order in which they are given up
``syscalls``       which system calls a worker may make, and the filter of the others
``worker``         answers the grader's requests about one submission
``failures``       an exception of the submission, in plain strings
``parts``          a module that does not import as a whole, statement by statement
``uses``           what the statements of a module bind and use
``structure``      the loops of an answer, and what it uses, by its syntax tree
``substitutes``    stand-ins for missing modules and for files to write to
``former_names``   what NumPy had under other names
``rich``           what crosses beside numbers, texts, arrays and containers
``shell``          notebook cells, in IPython's shell; loaded only where there is one
``inside``         test cells in the notebook's own process, and what could have fooled them
``recorder``       what a cell puts out, within a limit
``codec``          values to frames and back; the same file on both ends of the wire
``channel``        frames from the pieces in which they arrive; the same file, too
=================  ======================================================================

Nothing here imports ``pathlib`` or anything else that is slow to load: it would be loaded for every box.

Inside the box this package goes by the name ``_numgrade_box`` (see ``__main__``), so that no module of a
submission can collide with it.
"""
