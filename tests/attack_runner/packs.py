"""Hand submissions in as no honest student would: trusted builders of hostile folders and archives.

Each builder writes one submission into an empty folder and returns its path. Nothing of a submission is run.
"""

from __future__ import annotations

import io
import json
import os
import pickle
import struct
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from tests.attack_runner import archives
from tests.attack_runner.archives import ANSWERS, MEGABYTE, Builder, Facts, Files


def _folder(files: Files, folder: Path, without: str = "") -> Path:
    root = folder / "handed-in"
    for path, content in files.items():
        if path != without:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(content)
    return root


def plain_folder(files: Files, folder: Path, _facts: Facts) -> Path:
    """Write the files as they are."""
    return _folder(files, folder)


def linked_file(files: Files, folder: Path, facts: Facts) -> Path:
    """Link to the solution where the answers belong."""
    root = _folder(files, folder, ANSWERS)
    (root / ANSWERS).symlink_to(Path(facts["REPO"]) / "solutions" / ANSWERS)
    return root


def linked_folder(files: Files, folder: Path, facts: Facts) -> Path:
    """Link to the solution's package where one's own belongs, beside a module of one's own."""
    root = folder / "handed-in"
    root.mkdir()
    (root / "main.py").write_bytes(files[ANSWERS])
    (root / "nndl").symlink_to(Path(facts["REPO"]) / "solutions" / "nndl")
    return root


def link_to_another(_files: Files, folder: Path, facts: Facts) -> Path:
    """Be a link to another student's submission."""
    root = folder / "handed-in"
    root.symlink_to(facts["OTHER"])
    return root


def pipe_for_file(files: Files, folder: Path, _facts: Facts) -> Path:
    """Put a pipe where the answers belong, which a reader would wait for without end."""
    root = _folder(files, folder, ANSWERS)
    os.mkfifo(root / ANSWERS)
    return root


def hard_to_parse(files: Files, folder: Path, _facts: Facts) -> Path:
    """Hold modules that are nested, or chained, as deep as a file can be."""
    deep = {
        "nndl/parentheses.py": b"deep = " + b"(" * 60_000 + b"1" + b")" * 60_000 + b"\n",
        "nndl/additions.py": b"deep = " + b"-" * 120_000 + b"1\n",
        "nndl/blocks.py": b"".join(b" " * each + b"if 1:\n" for each in range(450)) + b" " * 450 + b"1\n",
        "nndl/attributes.py": b"deep = a" + b".a" * 60_000 + b"\n",
        "nndl/null.py": b"deep = 1\x00\n" * 1000,
    }
    bad = files[ANSWERS] + b"\n\nwide = [" + b"[" * 90 + b"]" * 90 + b"," + b"1," * 50_000 + b"]\n"
    return _folder({**files, **deep, ANSWERS: bad}, folder)


def hard_to_compile(files: Files, folder: Path, _facts: Facts) -> Path:
    """Hold modules that a compiler writes out twice for each level, or that take a parser the square of their size."""
    levels = []
    for depth in range(45):
        indent = " " * 2 * depth
        levels += [f"{indent}def step():", f"{indent} try: pass", f"{indent} finally:"]
    hidden = "\n".join(levels) + f"\n{' ' * 90}pass\n"
    ways_out, calls = "  if a: return\n" * 4000, "  a()\n" * 8000
    closures = (f" a{each} = 1\n def f{each}(): return a{each}\n" for each in range(2500))
    steep = {
        "nndl/levels.py": hidden.encode(),
        "nndl/encoded.py": b"# coding: utf-7\n" + hidden.replace("finally", "+AGY-inally").encode(),
        "nndl/ways_out.py": f"def f(a):\n try:\n{ways_out} finally:\n{calls}".encode(),
        "nndl/closures.py": f"def f():\n{''.join(closures)}".encode(),
        **{f"nndl/fields{each}.py": b"x = f'" + b"{a}" * 300_000 + b"'\n" for each in range(20)},
        **{f"nndl/names{each}.py": b"a\n" * 500_000 for each in range(20)},
    }
    return _folder({**files, **steep}, folder)


def notebook_of(cells: list[Mapping[str, object]]) -> bytes:
    """Return a notebook of these cells."""
    document = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    return json.dumps(document).encode()


def _code(source: str, *outputs: Mapping[str, object]) -> Mapping[str, object]:
    return {
        "cell_type": "code",
        "id": "c",
        "metadata": {},
        "execution_count": 1,
        "source": source,
        "outputs": list(outputs),
    }


def loud_notebook(files: Files, folder: Path, _facts: Facts) -> Path:
    """Hold a notebook with twenty megabytes of output."""
    output = {"output_type": "stream", "name": "stdout", "text": "loss 2.302\n" * (2 * MEGABYTE)}
    return _folder({**files, "CNN-Layers.ipynb": notebook_of([_code("train()", output)])}, folder)


def endless_notebook(files: Files, folder: Path, _facts: Facts) -> Path:
    """Hold a notebook with a cell that never ends, and one that ends the process."""
    cells = [_code("while True:\n    pass"), _code("import os\nos._exit(0)")]
    return _folder({**files, "CNN-Layers.ipynb": notebook_of(cells)}, folder)


def hostile_notebook(files: Files, folder: Path, _facts: Facts) -> Path:
    """Hold notebooks with markup in their output and with nesting that breaks readers."""
    markup = "<script>alert('hostile')</script><img src=x onerror=alert(1)>"
    output = {"output_type": "display_data", "metadata": {}, "data": {"text/html": markup}}
    cells = [_code(f"# {markup}\nraise ValueError({markup!r})", output)]
    return _folder(
        {
            **files,
            "CNN-Layers.ipynb": notebook_of(cells),
            "CNN.ipynb": b"[" * 200_000 + b"]" * 200_000,
            f"{markup.replace('/', '_')}.ipynb": b"{}",
        },
        folder,
    )


class _Touch:
    """Unpickled, it would write a file."""

    def __init__(self, path: str) -> None:
        self._path = path

    def __reduce__(self) -> tuple[object, tuple[str, str]]:
        return open, (self._path, "w")


def pickled_weights(files: Files, folder: Path, facts: Facts) -> Path:
    """Hold weights that would write a file when unpickled."""
    header = b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }".ljust(117) + b"\n"
    array = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header
    array += pickle.dumps([_Touch(f"{facts['WATCHED']}/unpickled")])
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("W1.npy", array)
    return _folder({**files, "best_model.npz": buffer.getvalue()}, folder)


def endless_weights(files: Files, folder: Path, _facts: Facts) -> Path:
    """Hold weights that claim a hundred terabytes."""
    header = b"{'descr': '<f8', 'fortran_order': False, 'shape': (10000000000000,), }".ljust(117) + b"\n"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(
            "W1.npy", b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + b"12345678"
        )
    return _folder({**files, "best_model.npz": buffer.getvalue()}, folder)


def strange_weights(files: Files, folder: Path, _facts: Facts) -> Path:
    """Hold weights of a model whose class is ``eval``, with code as its argument."""
    model = json.dumps({"class": "eval", "arguments": {"source": "__import__('os').abort()"}})
    buffer = io.BytesIO()
    np.savez(buffer, model=np.array(model), W1=np.zeros((2, 2)))
    return _folder({**files, "best_model.npz": buffer.getvalue()}, folder)


def _built_with(arguments: Mapping[str, int]) -> str:
    return json.dumps({"class": "ThreeLayerConvNet", "arguments": dict(arguments)})


def _weights_with(name: str, model: str) -> Builder:
    def build(files: Files, folder: Path, _facts: Facts) -> Path:
        buffer = io.BytesIO()
        arrays: dict[str, Any] = {"model": np.array(model), name: np.zeros((2, 2))}
        np.savez(buffer, **arrays)
        return _folder({**files, "best_model.npz": buffer.getvalue()}, folder)

    return build


PACKS: Mapping[str, Builder] = MappingProxyType(
    {
        each.__name__: each
        for each in (
            *(plain_folder, linked_file, linked_folder, link_to_another, pipe_for_file),
            *(archives.tar_outside, archives.tar_through_link, archives.tar_claims_too_much),
            *(archives.zip_outside, archives.zip_absolute, archives.zip_link, archives.zip_bomb),
            *(archives.zip_overlapping, archives.zip_twice, archives.zip_encrypted, archives.zip_nested),
            *(archives.too_many_files, archives.too_deep, archives.file_and_folder),
            *(hard_to_parse, hard_to_compile),
            *(loud_notebook, endless_notebook, hostile_notebook),
            *(pickled_weights, endless_weights, strange_weights),
        )
    }
    | {
        "misnamed_weights": _weights_with("bn_params/first/mean", "{}"),
        "undescribed_weights": _weights_with("W1", "no JSON"),
        "weights_for_itself": _weights_with("W1", _built_with({"self": 1})),
        "weights_of_any_size": _weights_with("W1", _built_with({"num_filters": 10**4, "hidden_dim": 10**5})),
        "tar_link": archives.tar_special(tarfile.SYMTYPE, "{REPO}/solutions/nndl/conv_layers.py"),
        "tar_hard_link": archives.tar_special(tarfile.LNKTYPE, "{REPO}/solutions/nndl/conv_layers.py"),
        "tar_device": archives.tar_special(tarfile.CHRTYPE, ""),
    }
)
"""What an attack's constant PACK may name."""
