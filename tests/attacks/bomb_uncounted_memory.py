"""Take memory that no limit on the address space counts: files without a name, shared segments, pages in pipes."""

import ctypes
import mmap
import os


def conv_forward_naive(x, w, b, conv_param):
    libc = ctypes.CDLL(None, use_errno=True)
    ways = {
        "memfd_create": lambda: os.memfd_create("bomb"),
        "shmget": lambda: _checked(libc.shmget(0, 2**28, 0o1600)),
        "O_TMPFILE": lambda: os.open("/tmp", os.O_TMPFILE | os.O_RDWR, 0o600),
        "shm_open": lambda: open("/dev/shm/bomb", "wb"),
        "hugetlb": lambda: mmap.mmap(-1, 2**21, flags=mmap.MAP_SHARED | mmap.MAP_ANONYMOUS | 0x40000),
    }
    for name, way in ways.items():
        try:
            way()
        except (OSError, ValueError):
            continue
        raise RuntimeError(f"BREACH: {name}")
    return None, None


def _checked(result):
    if result < 0:
        raise OSError(ctypes.get_errno())
    return result
