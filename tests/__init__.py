"""Tests, laid out like the grader."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as where classes are graded; read when NumPy is loaded
