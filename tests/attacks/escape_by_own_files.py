"""Change one's own submission while it is graded."""

import os


def conv_forward_naive(x, w, b, conv_param):
    here = os.path.dirname(os.path.abspath(__file__))
    ways = (
        lambda: open(__file__, "a"),
        lambda: open(__file__, "r+"),
        lambda: os.truncate(__file__, 0),
        lambda: os.rename(__file__, __file__ + ".old"),
        lambda: os.remove(__file__),
        lambda: os.chmod(__file__, 0o777),
        lambda: os.utime(__file__, (0, 0)),
        lambda: os.symlink("/", os.path.join(here, "link")),
        lambda: os.link(__file__, os.path.join(here, "hard.py")),
        lambda: os.mkfifo(os.path.join(here, "pipe")),
        lambda: os.open(__file__, os.O_RDONLY | os.O_TRUNC),
        lambda: os.setxattr(__file__, "user.attack", b"1"),
    )
    for number, way in enumerate(ways):
        try:
            way()
        except OSError:
            continue
        raise RuntimeError(f"BREACH: way {number}")
    return None, None
