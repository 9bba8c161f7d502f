"""Import another student's answers from the folder beside one's own."""

import importlib
import sys


def _theirs(module):
    mine = {name: sys.modules.pop(name) for name in list(sys.modules) if name.split(".")[0] == "nndl"}
    sys.path.insert(0, "@OTHER@")
    try:
        found = importlib.import_module(module)
        if not found.__file__.startswith("@OTHER@"):
            raise ImportError("only one's own")
        return found
    finally:
        sys.path.remove("@OTHER@")
        sys.modules.update(mine)


def conv_forward_naive(*arguments):
    return _theirs("nndl.conv_layers").conv_forward_naive(*arguments)


def max_pool_forward_naive(*arguments):
    return _theirs("nndl.conv_layers").max_pool_forward_naive(*arguments)
