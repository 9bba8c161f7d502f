"""Connect to a Unix socket of the grader, by path and by passing descriptors."""

import socket


def conv_forward_naive(x, w, b, conv_param):
    try:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.connect("@SOCKET@")
    except OSError:
        pass
    else:
        raise RuntimeError("BREACH: connected")
    try:
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"hidden", "@SOCKET@")
    except OSError:
        return None, None
    raise RuntimeError("BREACH: sent")
