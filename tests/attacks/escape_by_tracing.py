"""Read and write the memory of the grader and of the fork server."""

import ctypes
import os


def conv_forward_naive(x, w, b, conv_param):
    libc = ctypes.CDLL(None, use_errno=True)
    local = ctypes.create_string_buffer(64)
    vector = (ctypes.c_size_t * 2)(ctypes.addressof(local), 64)
    for process in (int("@GRADER@"), os.getppid(), 1):
        ways = {
            "attach": lambda: libc.ptrace(16, process, 0, 0),
            "seize": lambda: libc.ptrace(0x4206, process, 0, 0),
            "read": lambda: libc.process_vm_readv(process, vector, 1, vector, 1, 0),
            "write": lambda: libc.process_vm_writev(process, vector, 1, vector, 1, 0),
            "handle": lambda: libc.syscall(434, process, 0),
        }
        for name, way in ways.items():
            if way() >= 0:
                raise RuntimeError(f"BREACH: {name} on {process}")
    return None, None
