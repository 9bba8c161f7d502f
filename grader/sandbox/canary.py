"""A submission that tries to get out; each function returns what it reached, or which error stopped it."""

import os
import socket


def read_file(path: str) -> str:
    """Read a file that lies outside the submission."""
    try:
        with open(path) as file:
            return "read: " + file.read(80)
    except OSError as error:
        return "refused: " + type(error).__name__


def write_file(path: str) -> str:
    """Make a file."""
    try:
        with open(path, "w") as file:
            file.write("x")
    except OSError as error:
        return "refused: " + type(error).__name__
    return "wrote"


def connect(port: int) -> str:
    """Reach a server of this machine."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError as error:
        return "refused: " + type(error).__name__
    return "connected"


def fork() -> str:
    """Start a process."""
    try:
        child = os.fork()
    except OSError as error:
        return "refused: " + type(error).__name__
    if not child:
        os._exit(0)
    return "forked"


def signal_process(pid: int) -> str:
    """Send a signal to a process outside; the signal 0 does no harm."""
    try:
        os.kill(pid, 0)
    except OSError as error:
        return "refused: " + type(error).__name__
    return "signalled"
