"""Load the compiled fast layers by the path of their file."""

import ctypes
import glob
import importlib.machinery
import importlib.util
import os

PLACES = ("@REPO@/starter/cs231n", "../full/cs231n", "cs231n", "@OTHER@/cs231n")


def _compiled():
    for place in PLACES:
        for path in glob.glob(os.path.join(place, "kernels_cython*.so")) or [
            os.path.join(place, "kernels_cython" + suffix) for suffix in importlib.machinery.EXTENSION_SUFFIXES
        ]:
            try:
                ctypes.CDLL(path)
                spec = importlib.util.spec_from_file_location("kernels_cython", path)
                module = importlib.util.module_from_spec(spec)
                spec.loader.exec_module(module)
            except (OSError, ImportError):
                continue
            return module


def conv_forward_naive(x, w, b, conv_param):
    module = _compiled()
    if module is not None:
        raise RuntimeError(f"BREACH: {module}")
    return None, None
