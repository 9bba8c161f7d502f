"""The limits a submission runs under, as one value that both the assignment and the sandbox know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MEBIBYTE = 2**20
GIBIBYTE = 2**30

ONE_BLAS_THREAD: Final = {
    f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "OMP", "MKL", "BLIS", "NUMEXPR")
}
"""In the environment of whatever grades: further threads would share arrays of a few numbers, and burn a core waiting.

Forking stays safe, results repeat and CPU times compare; each takes address space as well.
"""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one worker may use. Sizes are bytes and times are seconds.

    Attributes
    ----------
    call_seconds
        Wall time of one call, start to last byte of the reply. The largest hidden input takes plain loops 2 s;
        the rest is for a machine that does other work as well.
    import_seconds
        Wall time of importing the submission.
    cpu_seconds
        CPU time of one worker over all its calls.
    address_space
        ``RLIMIT_AS`` of a worker.
    open_files
        ``RLIMIT_NOFILE`` of a worker.
    reply_bytes
        Largest payload a reply may announce, and largest array that a list in it may make.
    header_bytes
        Largest header a frame may announce.
    arrays
        Most arrays in one reply.
    depth
        Deepest nesting of a value.
    output_bytes
        How much printed output is kept; the rest is drained and dropped.
    strikes
        How many calls that run out of time stop the submission.
    """

    call_seconds: float = 20.0
    import_seconds: float = 20.0
    cpu_seconds: float = 60.0
    address_space: int = 2 * GIBIBYTE
    open_files: int = 64
    reply_bytes: int = 256 * MEBIBYTE
    header_bytes: int = MEBIBYTE
    arrays: int = 4096
    depth: int = 16
    output_bytes: int = 64 * 1024
    strikes: int = 3
