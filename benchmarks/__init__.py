"""Every claim about speed, measured: `invoke bench layers`, `invoke bench train`, `invoke bench grade`."""

import os

# Read when NumPy is imported, which this package's modules do. One thread is compared with one thread; and threads of
# BLAS that wait for work would count as CPU time.
os.environ |= dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
