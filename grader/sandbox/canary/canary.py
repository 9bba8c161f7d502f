"""A submission that tries to get out. Each function returns what it reached, or the name of the error that stopped it."""

import os
import socket


def read_file(path):
    """Read a file that lies outside the submission."""
    try:
        with open(path) as file:
            return "read: " + file.read()
    except OSError as error:
        return "refused: " + type(error).__name__


def write_file(path):
    """Make a file."""
    try:
        with open(path, "w") as file:
            file.write("x")
    except OSError as error:
        return "refused: " + type(error).__name__
    return "wrote"


def connect(port):
    """Reach a server of this machine."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError as error:
        return "refused: " + type(error).__name__
    return "connected"


def fork():
    """Start a process."""
    try:
        child = os.fork()
    except OSError as error:
        return "refused: " + type(error).__name__
    if not child:
        os._exit(0)
    return "forked"


def signal_process(pid):
    """Send a signal to a process outside; 0 does no harm."""
    try:
        os.kill(pid, 0)
    except OSError as error:
        return "refused: " + type(error).__name__
    return "signalled"
