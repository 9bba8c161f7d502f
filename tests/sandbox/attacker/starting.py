"""Attacks that start processes and call rarely used parts of the kernel."""

import ctypes
import mmap
import multiprocessing
import os
import subprocess
import threading
import time

from trying import system_call, trying


def fork_bomb(facts):
    count = 0
    for _ in range(300):
        try:
            child = os.fork()
        except OSError:
            break
        if not child:
            time.sleep(60)
            os._exit(0)
        count += 1
    return f"{count} forks"


def daemon(facts):
    return trying(os.fork)


def new_session(facts):
    return trying(os.setsid)


def vfork(facts):
    return system_call(58)


def raw_clone(facts):
    return system_call(56, 17, 0, 0, 0, 0)  # SIGCHLD: a new process


def clone_into_namespace(facts):
    return system_call(56, 0x10000000 | 17, 0, 0, 0, 0)  # CLONE_NEWUSER


def clone3(facts):
    return system_call(435, ctypes.create_string_buffer(88), 88)


def execute(facts):
    return trying(lambda: os.execv("/usr/bin/true", ["true"]))


def execute_interpreter(facts):
    return trying(lambda: os.execv(facts["interpreter"], ["python", "-c", "pass"]))


def run_shell(facts):
    return trying(lambda: (os.system("true") and None) or 1 / 0)


def spawn(facts):
    return trying(lambda: os.posix_spawn("/usr/bin/true", ["true"], {}))


def run_program(facts):
    return trying(lambda: subprocess.run(["true"], check=True))


def run_pool(facts):
    return trying(lambda: multiprocessing.Process(target=print).start())


def thread_bomb(facts):
    count = 0
    try:
        for _ in range(3000):
            threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
            count += 1
    except RuntimeError:
        return "stopped"
    return f"{count} threads"


def small_thread_bomb(facts):
    threading.stack_size(64 * 1024)
    return thread_bomb(facts)


def kernel_corners(facts):
    """Return every call of the list that was not refused with EPERM or ENOSYS."""
    calls = {
        "unshare": (272, 0x10000000),
        "mount": (165, 0, 0, 0, 0, 0),
        "umount2": (166, 0, 0),
        "setns": (308, 0, 0),
        "pivot_root": (155, 0, 0),
        "chroot": (161, b"/"),
        "bpf": (321, 0, 0, 0),
        "io_uring_setup": (425, 1, 0),
        "perf_event_open": (298, 0, 0, 0, 0, 0),
        "userfaultfd": (323, 0),
        "keyctl": (250, 0, 0),
        "add_key": (248, 0, 0, 0, 0, 0),
        "request_key": (249, 0, 0, 0, 0),
        "personality": (135, 0),
        "memfd_create": (319, b"x", 0),
        "shmget": (29, 0, 4096, 0o1600),
        "msgget": (68, 0, 0o1600),
        "semget": (64, 0, 1, 0o1600),
        "mq_open": (240, b"x", 0o102, 0o600, 0),
        "inotify_init1": (294, 0),
        "fanotify_init": (300, 0, 0),
        "kcmp": (312, 0, 0, 0, 0, 0),
        "seccomp": (317, 0, 0, 0),
        "landlock_create_ruleset": (444, 0, 0, 1),
        "process_vm_writev": (311, 0, 0, 0, 0, 0, 0),
        "open_by_handle_at": (304, 0, 0, 0),
        "name_to_handle_at": (303, 0, b"/", 0, 0, 0),
        "capset": (126, 0, 0),
        "setuid": (105, 0),
        "setgroups": (116, 0, 0),
        "init_module": (175, 0, 0, 0),
        "kexec_load": (246, 0, 0, 0, 0),
        "reboot": (169, 0, 0, 0, 0),
        "swapon": (167, 0, 0),
        "settimeofday": (164, 0, 0),
        "sethostname": (170, b"x", 1),
        "acct": (163, 0),
        "syslog": (103, 3, 0, 0),
        "quotactl": (179, 0, 0, 0, 0),
        "ioperm": (173, 0, 1, 1),
        "iopl": (172, 3),
        "modify_ldt": (154, 0, 0, 0),
        "vmsplice": (278, 0, 0, 0, 0),
        "move_pages": (279, 0, 0, 0, 0, 0, 0),
        "mlock": (149, 0, 4096),
        "timer_create": (222, 0, 0, 0),
        "tkill": (200, 0, 0),
        "rt_sigqueueinfo": (129, 0, 0, 0),
        "fsopen": (430, 0, 0),
        "open_tree": (428, 0, 0, 0),
        "openat2": (437, 0, 0, 0, 0),
        "execveat": (322, 0, 0, 0, 0, 0),
        "socket": (41, 1, 1, 0),
        "bind": (49, 0, 0, 0),
        "accept": (43, 0, 0, 0),
        "prctl seccomp": (157, 22, 2, 0, 0, 0),
        "prctl dumpable": (157, 4, 1, 0, 0, 0),
    }
    outcomes = {name: system_call(*call) for name, call in calls.items()}
    return {
        name: what for name, what in outcomes.items() if what not in ("refused: EPERM", "refused: ENOSYS")
    }


def x32_call(facts):
    return system_call(0x40000000 | 39)


def old_interface(facts):
    """Call the kernel through the 32-bit gate, which numbers its calls differently."""
    code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    code.write(b"\x53\xb8\x14\x00\x00\x00\xcd\x80\x5b\xc3")  # push rbx; mov eax, 20; int 0x80; pop rbx; ret
    address = ctypes.addressof(ctypes.c_char.from_buffer(code))
    return "reached: %d" % ctypes.CFUNCTYPE(ctypes.c_int)(address)()
