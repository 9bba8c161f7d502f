"""Fill every disk that can be written to, with large files and with many small ones."""

import os


FOLDERS = (".", "/tmp", "/var/tmp", "/dev/shm", "/dev", "/run", "/", "/home", "@WATCHED@")


def conv_forward_naive(x, w, b, conv_param):
    for folder in FOLDERS:
        for name in ("bomb", "bomb.py"):
            try:
                with open(os.path.join(folder, name), "wb") as file:
                    file.write(bytes(2**20))
            except OSError:
                continue
            if not os.path.exists(os.path.join(folder, name)):  # beside itself it writes to nowhere
                continue
            raise RuntimeError(f"BREACH: wrote to {folder}")
        try:
            os.mkdir(os.path.join(folder, "bomb"))
        except OSError:
            continue
        if not os.path.exists(os.path.join(folder, "bomb")):
            continue
        raise RuntimeError(f"BREACH: made a folder in {folder}")
    return None, None
