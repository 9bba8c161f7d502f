"""Connect to the grader over the loopback network, and listen there."""

import socket


def conv_forward_naive(x, w, b, conv_param):
    ways = (
        lambda: socket.create_connection(("127.0.0.1", int("@PORT@")), timeout=1).send(str(x).encode()),
        lambda: socket.create_server(("127.0.0.1", 0)),
        lambda: socket.socket(socket.AF_INET6).connect(("::1", int("@PORT@"))),
        lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0),
        lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW),
        lambda: socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM),
    )
    for number, way in enumerate(ways):
        try:
            way()
        except (OSError, AttributeError):
            continue
        raise RuntimeError(f"BREACH: way {number}")
    return None, None
