"""What runs inside the box, with nothing of the grader beside it: the standard library and NumPy only.

The fork server (`server`) starts here by exec, imports NumPy and the modules of this folder, and forks a
worker on request. A worker (`worker`) locks itself down (`lockdown`) and only then imports the submission.
The codec (`codec`) and its reader are the same files on both ends of the wire.

Inside the box this package goes by the name ``_numgrade_box`` (see ``__main__``), so that no module of a
submission can collide with it.
"""
