"""Send hidden inputs away in datagrams, and ask the name service."""

import socket


def conv_forward_naive(x, w, b, conv_param):
    try:
        sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sender.sendto(str(x.ravel()[:5]).encode(), ("127.0.0.1", int("@PORT@")))
    except OSError:
        pass
    else:
        raise RuntimeError("BREACH: sent")
    try:
        socket.getaddrinfo("example.org", 80)
    except OSError:
        return None, None
    raise RuntimeError("BREACH: resolved a name")
