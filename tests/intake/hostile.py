"""Hand-ins that were made to hang, crash or starve whoever reads them; each is built small and grows when read."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from tests.intake.build import as_bytes, folder_of, tar_of, tar_of_members, zip_of

Files = Mapping[str, str | bytes]
Build = Callable[[Files], Files | bytes]
"""Makes a folder's files or an archive of a submission that is right as it is."""

HOSTILE: dict[str, Build] = {}
"""Name to what builds it."""


def hostile(build: Build) -> Build:
    """Take `build` among the hostile hand-ins."""
    HOSTILE[build.__name__] = build
    return build


def write(name: str, right: Files, folder: Path) -> Path:
    """Write the hostile hand-in `name` into `folder` and return where it is."""
    made = HOSTILE[name](right)
    if isinstance(made, bytes):
        path = folder / f"{name}.zip"
        path.write_bytes(made)
        return path
    return folder_of(folder / name, made)


def _notebook(source: str) -> str:
    cell = {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], "execution_count": None}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def _members(files: Files) -> list[tuple[tarfile.TarInfo, bytes]]:
    made = []
    for name, content in files.items():
        info = tarfile.TarInfo(name)
        info.size = len(as_bytes(content))
        made.append((info, as_bytes(content)))
    return made


def _header(type_: bytes, data: bytes) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo("header")
    info.type, info.size = type_, len(data)
    return info, data


@hostile
def tar_endless_pax(right: Files) -> bytes:
    """Have an extended header whose second record has no blank, where a reader may stay for ever."""
    header = _header(tarfile.XHDTYPE, b"12 comment=\n" + b"x" * 12)
    return tar_of_members(
        [*_members(right), header, (tarfile.TarInfo("z.py"), b"")], "w", tarfile.USTAR_FORMAT
    )


@hostile
def tar_backwards(right: Files) -> bytes:
    """Have a negative size, after which the next header is this one again."""
    info = tarfile.TarInfo("z.py")
    data = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    data[124:136] = b"\xff" * 10 + b"\xfc\x00"
    data[148:156] = b"        "
    data[148:156] = b"%06o\0 " % sum(data)
    return tar_of(right, "w")[: -tarfile.RECORDSIZE + 512 * 4] + bytes(data)


@hostile
def tar_header_of_gigabytes(right: Files) -> bytes:
    """Announce an extended header of two gigabytes, which a reader takes into memory as a whole."""
    info, _ = _header(tarfile.XHDTYPE, b"")
    info.size = 2**31
    return gzip.compress(info.tobuf(tarfile.USTAR_FORMAT) + tar_of(right, "w"))


@hostile
def tar_names_of_accents(right: Files) -> bytes:
    """Have eight names of thousands of accents in the worst order: to bring them in order takes their square."""
    name = "a" + "\u0300" * 15_500 + "\u0316" * 15_500
    return tar_of({**right, **{f"{number}{name}.py": b"" for number in range(8)}})


@hostile
def zip_names_of_accents(right: Files) -> bytes:
    """Have twenty such names."""
    name = "a" + "\u0300" * 15_750 + "\u0316" * 15_750
    return zip_of({**right, **{f"{number}{name}": b"" for number in range(20)}})


@hostile
def zip_of_short_accents(right: Files) -> bytes:
    """Have names of accents that are as long as names can be, in thousands of folders."""
    step = "a" + "\u0300" * 60 + "\u0316" * 60
    return zip_of({**right, **{f"{step}/{step}/{step}/{number}": b"" for number in range(4_000)}})


@hostile
def zip_of_many_members(right: Files) -> bytes:
    """Have more members than a data set has pictures."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in right.items():
            archive.writestr(name, as_bytes(content))
        empty = zipfile.ZipInfo("x.txt")
        archive.writestr(empty, b"")
        for _ in range(250_000):  # all of them the same entry of the table of contents
            archive.filelist.append(empty)
    return packed.getvalue()


@hostile
def path_too_long(right: Files) -> bytes:
    """Have a module in folders whose names together are longer than any path may be."""
    return zip_of({**right, "/".join(["a" * 200] * 24) + "/x.py": "x = 1\n"})


@hostile
def name_too_long(right: Files) -> bytes:
    """Have a module whose own name is longer than any may be, in as few letters as Unicode has for it."""
    return zip_of({**right, "\U0001d538" * 70 + ".py": "x = 1\n", "\u0958" * 60 + ".py": "x = 1\n"})


@hostile
def notebook_endless_program(right: Files) -> Files:
    """Have two megabytes of Python in one cell: files of Python are capped, and cells were not."""
    text = "def conv_forward_naive(x, w, b, conv_param):\n    return x + 1, None\n" + "f(a,b)\n" * (
        2**21 // 7
    )
    return {**right, "nndl/conv_layers.py": "", "CNN.ipynb": _notebook(text)}


@hostile
def notebook_of_empty_lists(right: Files) -> Files:
    """Have sixteen megabytes of empty lists, each of which takes thirty times its text."""
    return {**right, "CNN.ipynb": b'{"nbformat":4,"cells":[' + b"[]," * (16 * 2**20 // 3) + b"[]]}"}


@hostile
def notebooks_of_long_cells(right: Files) -> Files:
    """Have three notebooks of hundreds of cells, each as long as a cell may be, in letters of four bytes."""
    cell = {"cell_type": "markdown", "source": "\U0001d538" * 100_000}
    book = json.dumps({"cells": [cell] * 160, "nbformat": 4}, ensure_ascii=False)
    return {**right, **dict.fromkeys(("CNN.ipynb", "CNN-Layers.ipynb", "CNN-BatchNorm.ipynb"), book)}


@hostile
def weights_of_zeros(right: Files) -> Files:
    """Have weights of two hundred megabytes that are packed into as many kilobytes."""
    packed = io.BytesIO()
    np.savez_compressed(packed, W1=np.zeros(200 * 2**20, np.int8))
    return {**right, "best_model.npz": packed.getvalue()}


@hostile
def notebook_of_lists_in_lists(right: Files) -> Files:
    """Be nested deeper than any reader can go."""
    return {**right, "CNN.ipynb": b'{"cells":' + b"[" * 2**20 + b"]" * 2**20 + b"}"}


@hostile
def source_of_operators(right: Files) -> Files:
    """Be one expression that is deeper than any stack."""
    return {**right, "extra.py": "x=" + "-1+" * 43_000 + "1\n"}


@hostile
def source_of_statements(right: Files) -> Files:
    """Take hundreds of times its size when it is parsed, in as many files as may be."""
    return {**right, **{f"extra{number}.py": "0\n" * 2**16 for number in range(15)}}


@hostile
def source_quadratic_finally(right: Files) -> Files:
    """Have modules whose finally holds as many statements as its try."""
    text = "try:\n" + " x\n" * 9_000 + "finally:\n" + " x\n" * 9_000
    return {**right, **{f"nndl/extra{number}.py": text for number in range(8)}}


@hostile
def source_many_copies(right: Files) -> Files:
    """Have an answer file and its imports in six hundred folders, each of which may be where the work begins."""
    text = "import " + ",".join(["nndl.cnn"] * 200) + "\n" + as_bytes(right["nndl/cnn.py"]).decode()
    return {**right, **{f"c{number}/nndl/cnn.py": text for number in range(600)}}


@hostile
def source_of_star_imports(right: Files) -> Files:
    """Import everything from the next file, for more files than a stack has room for."""
    more = {f"nndl/m{number}.py": f"from nndl.m{number + 1} import *\n" for number in range(1500)}
    return {**right, "nndl/layers.py": "from nndl.m0 import *\n", **more}


@hostile
def source_in_an_odd_encoding(right: Files) -> Files:
    """Be completed in an encoding that texts cannot be written in."""
    return {**right, "nndl/layers.py": "# coding: idna\nx = 1\n"}


@hostile
def source_named_like_an_extension(right: Files) -> Files:
    """Be a copy of the fast layers under the name of their compiled part."""
    return {**right, "cs231n/im2col_cython.py": right["cs231n/fast_layers.py"]}


@hostile
def archive_of_archives(_right: Files) -> bytes:
    """Be an archive in an archive that is a bomb."""
    return zip_of({"hw.zip": zip_of({"nndl/cnn.py": bytes(60_000_000)})})
