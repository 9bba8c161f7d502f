"""An assignment with the real one's names and one line per function, each of which says where it comes from."""

from __future__ import annotations

import json
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

from grader.intake.contents import Contents, contents_of
from tests.intake.build import folder_of

NAIVE = (
    "conv_forward_naive",
    "conv_backward_naive",
    "max_pool_forward_naive",
    "max_pool_backward_naive",
    "spatial_batchnorm_forward",
    "spatial_batchnorm_backward",
)
RULE = f"    # {'=' * 64} #\n"
PACKAGES = {"nndl", "cs231n", "utils", "conv_layers", "layers", "cnn", "work", "NNDL"}
COMPILED = f"im2col_cython{EXTENSION_SUFFIXES[0]}"


def answer(name: str, text: str, region: bool = False) -> str:
    """Return a function that calls something and returns `text`, between banners if `region`."""
    body = f'    out = str("{text}")\n'
    if region:
        banners = f"{RULE}    # YOUR CODE HERE:\n{RULE}", f"{RULE}    # END YOUR CODE HERE\n{RULE}"
        body = f"    out = None\n{banners[0]}{body}{banners[1]}"
    return f"def {name}(x=None):\n{body}    return out\n\n\n"


def network(text: str, head: str = "from nndl.conv_layer_utils import conv_relu_forward\n") -> str:
    """Return a network module whose loss says `text`."""
    return (
        f"from nndl.layers import affine_forward\n{head}\n\nclass ThreeLayerConvNet:\n"
        f'    def loss(self, x=None):\n        return " ".join(["{text}", affine_forward()])\n'
    )


CONV_LAYERS = "".join(answer(name, f"{name} solved") for name in NAIVE)
SOLUTION = {
    "nndl/__init__.py": '"""The homework."""\n',
    "nndl/layers.py": answer("affine_forward", "released affine") + answer("relu_forward", "released relu"),
    "nndl/layer_utils.py": (
        "from nndl.layers import affine_forward\n\n\ndef affine_relu_forward(x=None):\n"
        '    return " ".join(["released", affine_forward()])\n'
    ),
    "nndl/optim.py": answer("sgd", "released sgd"),
    "nndl/fc_net.py": (
        "from nndl.layer_utils import affine_relu_forward\n\n\nclass FullyConnectedNet:\n"
        "    def loss(self):\n        return affine_relu_forward()\n"
    ),
    "nndl/conv_layer_utils.py": (
        "from cs231n.fast_layers import conv_forward_fast\nfrom nndl.layers import relu_forward\n\n\n"
        "def conv_relu_forward(x=None):\n"
        '    return " ".join(["released", conv_forward_fast(), relu_forward()])\n'
    ),
    "nndl/conv_layers.py": "".join(answer(name, f"{name} solved", region=True) for name in NAIVE),
    "nndl/cnn.py": (
        "from nndl.conv_layer_utils import conv_relu_forward\n\n\nclass ThreeLayerConvNet:\n"
        "    def loss(self, x=None):\n        scores = None\n"
        f"    {RULE}        # YOUR CODE HERE:\n    {RULE}"
        "        scores = conv_relu_forward()\n"
        f"    {RULE}        # END YOUR CODE HERE\n    {RULE}        return scores\n"
    ),
}
PICTURES = tuple(f"images/{each.name}" for each in Path(__file__).parents[2].glob("solutions/images/*"))
SUPPORT = {
    "cs231n/__init__.py": '"""Support."""\n',
    "cs231n/fast_layers.py": (
        "from . import im2col\n\n__all__ = ['conv_forward_fast']\n\n\n"
        "def conv_forward_fast(x=None):\n    return im2col.columns()\n"
    ),
    "cs231n/im2col.py": answer("columns", "fast"),
    "cs231n/solver.py": 'class Solver:\n    """Train."""\n\n    def train(self):\n        return "trained"\n',
    f"cs231n/{COMPILED}": b"\x7fELF",
    "cs231n/im2col_cython.cpython-27-pdp11.so": b"\x7fELF",
}


def notebook(*sources: str) -> str:
    """Return a notebook with these code cells."""
    cells = [{"cell_type": "code", "source": source.splitlines(keepends=True)} for source in sources]
    return json.dumps({"cells": cells, "nbformat": 4})


NOTEBOOKS = {
    "CNN-Layers.ipynb": notebook("from nndl.conv_layers import *", "out = conv_forward_naive(x, w, b)"),
    "CNN-BatchNorm.ipynb": notebook("out = spatial_batchnorm_forward(x)", "print('After batchnorm')"),
    "CNN.ipynb": notebook("model = ThreeLayerConvNet()", "solver = Solver(model, data)"),
}


def write_release(root: Path) -> Path:
    """Write the assignment as a repository keeps it."""
    folder_of(root / "solutions", {**SOLUTION, **NOTEBOOKS})
    folder_of(root / "solutions", dict.fromkeys(PICTURES, "a picture"))
    return folder_of(root / "starter", SUPPORT).parent


SOLVED = {
    "nndl/__init__.py": "",
    "nndl/conv_layers.py": CONV_LAYERS,
    "nndl/cnn.py": network("solved net"),
    "nndl/layers.py": answer("affine_forward", "my affine") + answer("relu_forward", "my relu"),
}
"""What a student hands in who has kept to the layout."""

IN_ONE_PACKAGE = {
    "cs231n/layers.py": SOLVED["nndl/layers.py"] + CONV_LAYERS,
    "cs231n/layer_utils.py": (
        "from .layers import *\nfrom .fast_layers import *\n\n\n"
        "def affine_relu_forward(x=None):\n"
        '    return " ".join(["my", affine_forward()])\n'
    ),
    "cs231n/classifiers/cnn.py": (
        "from ..layers import *\nfrom ..layer_utils import *\n\n\nclass ThreeLayerConvNet:\n"
        "    def loss(self, x=None):\n"
        '        return " ".join(["solved net", affine_relu_forward(), conv_relu_forward()])\n'
    ),
}
"""The same in the layout where everything is in one package."""


def handed_in(files: dict[str, str | bytes]) -> Contents:
    """Return `files` as they are handed in."""
    return contents_of("alice", files)


def said(root: Path, expression: str, *modules: str) -> str:
    """Import `modules` with `root` first on the path, and return what `expression` says, or the error.

    Only this module's own few lines run here; a submission never does.
    """
    ours = [name for name in sys.modules if name.partition(".")[0] in PACKAGES]
    away = {name: sys.modules.pop(name) for name in ours}
    before, namespace = set(sys.modules), dict[str, object]()
    sys.path.insert(0, str(root))
    sys.dont_write_bytecode = True
    try:
        exec("\n".join(f"import {module}" for module in modules), namespace)  # noqa: S102
        return str(eval(expression, namespace))  # noqa: S307
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    finally:
        sys.path.remove(str(root))
        sys.dont_write_bytecode = False
        for name in set(sys.modules) - before:
            module = vars(sys.modules[name])
            if str(root) in f"{module.get('__file__')} {module.get('__path__')}":
                del sys.modules[name]
        sys.modules.update(away)
