"""Become root in a namespace of one's own, and use the corners of the kernel."""

import ctypes

CALLS = {
    "unshare": (272, 0x10000000),
    "clone": (56, 0x10000000 | 17, 0, 0, 0, 0),
    "mount": (165, 0, 0, 0, 0, 0),
    "setns": (308, 0, 0),
    "chroot": (161, b"/"),
    "pivot_root": (155, b"/", b"/"),
    "bpf": (321, 0, 0, 0),
    "io_uring_setup": (425, 1, 0),
    "perf_event_open": (298, 0, 0, 0, 0, 0),
    "userfaultfd": (323, 0),
    "keyctl": (250, 0, 0),
    "personality": (135, 0x0040000),
    "setuid": (105, 0),
    "seccomp": (317, 0, 0, 0),
    "execveat": (322, -1, b"/bin/true", 0, 0, 0),
    "open_by_handle_at": (304, 0, 0, 0),
    "getpid of x32": (0x40000000 | 39,),
}


def conv_forward_naive(x, w, b, conv_param):
    libc = ctypes.CDLL(None, use_errno=True)
    for name, call in CALLS.items():
        if libc.syscall(*call) >= 0:
            raise RuntimeError(f"BREACH: {name}")
    return None, None
