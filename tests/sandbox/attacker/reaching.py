"""Attacks that reach for the network and for other processes."""

import ctypes
import fcntl
import os
import resource
import signal
import socket
import struct

from trying import system_call, trying


def tcp_connect(facts):
    return trying(lambda: socket.create_connection(("127.0.0.1", facts["port"]), timeout=1))


def tcp_listen(facts):
    return trying(lambda: socket.create_server(("127.0.0.1", 0)))


def udp_send(facts):
    return trying(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 9)))


def netlink(facts):
    return trying(lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0))


def _unix(address):
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.connect(address)
    return "connected"


def unix_socket(facts):
    return trying(lambda: _unix(facts["unix"]))


def abstract_socket(facts):
    return trying(lambda: _unix("\0" + facts["abstract"]))


def datagram_pair(facts):
    return trying(lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM))


def connect_a_pair(facts):
    ours, _theirs = socket.socketpair()
    return trying(lambda: ours.connect(facts["unix"]))


def send_from_a_pair(facts):
    ours, _theirs = socket.socketpair()
    return trying(lambda: ours.sendto(b"x", facts["unix"]))


def lookup_name(facts):
    return trying(lambda: socket.getaddrinfo("example.org", 80))


def signal_grader(facts):
    return trying(lambda: os.kill(facts["grader"], signal.SIGKILL))


def signal_server(facts):
    return trying(lambda: os.kill(os.getppid(), signal.SIGKILL))


def signal_everyone(facts):
    return trying(lambda: os.kill(-1, 0))


def signal_thread_of_grader(facts):
    return system_call(234, facts["grader"], facts["grader"], 0)


def signal_by_owner(facts):
    def own():
        ours, theirs = socket.socketpair()
        fcntl.fcntl(ours, fcntl.F_SETOWN, facts["grader"])
        fcntl.fcntl(ours, fcntl.F_SETFL, os.O_ASYNC)
        theirs.send(b"x")

    return trying(own)


def choose_signal(facts):
    ours, _theirs = socket.socketpair()
    return trying(lambda: fcntl.fcntl(ours, 10, int(signal.SIGKILL)))  # F_SETSIG


def own_by_ioctl(facts):
    ours, _theirs = socket.socketpair()
    return trying(lambda: fcntl.ioctl(ours, 0x8901, struct.pack("i", facts["grader"])))  # FIOSETOWN


def stop_itself(facts):
    return trying(lambda: os.kill(os.getpid(), signal.SIGSTOP))


def limit_grader(facts):
    return trying(lambda: resource.prlimit(facts["grader"], resource.RLIMIT_NOFILE))


def raise_own_limit(facts):
    return trying(lambda: resource.setrlimit(resource.RLIMIT_CPU, (10**6, 10**6)))


def pin_grader(facts):
    return trying(lambda: os.sched_setaffinity(facts["grader"], {0}))


def slow_grader(facts):
    return trying(lambda: os.setpriority(os.PRIO_PROCESS, facts["grader"], 19))


def trace_grader(facts):
    return system_call(101, 16, facts["grader"], 0, 0)  # PTRACE_ATTACH


def trace_server(facts):
    return system_call(101, 16, os.getppid(), 0, 0)


def read_memory_of_server(facts):
    local, remote = ctypes.create_string_buffer(8), ctypes.create_string_buffer(16)
    return system_call(310, os.getppid(), local, 1, remote, 1, 0)


def handle_on_grader(facts):
    return system_call(434, facts["grader"], 0)  # pidfd_open


def type_into_terminal(facts):
    return trying(lambda: fcntl.ioctl(0, 0x5412, b"x"))  # TIOCSTI


def pass_descriptors(facts):
    """Send descriptors to the grader, which must not take them."""
    channel = max(number for number in range(64) if _is_socket(number))
    duplicate = socket.socket(fileno=os.dup(channel))
    return trying(lambda: socket.send_fds(duplicate, [b"garbage" * 10], [0, 1]))


def _is_socket(number):
    try:
        return os.fstat(number).st_mode & 0o170000 == 0o140000
    except OSError:
        return False
