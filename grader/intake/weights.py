"""Read the weights a submission saved, as data only: no pickle, no size that the file does not pay for."""

from __future__ import annotations

import io
import json
import math
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

MODEL = "model"
"""The entry that says which class the weights belong to, as JSON text."""

STATISTICS = "bn_params/"
"""What the names of running statistics begin with; the layer's index and the statistic's own name follow."""

_STATISTIC = re.compile(rf"{STATISTICS}[0-9]{{1,4}}/[^/]+", re.ASCII)

LARGEST = 256 * 2**20
"""Bytes of all arrays together; more does not cross into the box at once. A default network has 3 MB of
weights, a large one 50 MB."""


SMALL, PACKED = 16 * 2**20, 8
"""Bytes of arrays that any file may hold, and how many more each of its own bytes: trained numbers hardly pack."""

_DIMENSIONS = 32
"""As many as every NumPy knows."""

_BITS = 63
"""Of an argument: a longer number is none that a network takes, and cannot cross."""


class _Unreadable(Exception):
    """A weights file that cannot be used; the message is fit for a student."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A network as it was saved.

    Attributes
    ----------
    arrays
        Parameter name to array of numbers.
    class_name
        Empty when the file does not say.
    arguments
        The constructor's keyword arguments: scalars and lists of scalars.
    problem
        Why the file cannot be used, in words for the student; then there is nothing else.
    """

    arrays: Mapping[str, NDArray[Any]]
    class_name: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    problem: str = ""


def read_weights(content: bytes) -> Weights:
    """Read an ``.npz`` file; one that is damaged, too large or not of plain arrays of numbers says so."""
    try:
        return _read(content)
    except _Unreadable as error:
        return Weights({}, problem=str(error))
    except Exception:  # three parsers read here, and what they raise depends on where the damage sits
        return Weights({}, problem="The saved weights are not a readable .npz file of plain arrays.")


def _read(content: bytes) -> Weights:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = [each for each in archive.infolist() if each.filename.endswith(".npy")]
        size = sum(each.file_size for each in members)
        if size > LARGEST:
            raise _Unreadable(f"The saved weights are larger than {LARGEST // 2**20} MB.")
        if size > SMALL + PACKED * len(content):
            raise _Unreadable("The saved weights are almost nothing but zeros or repeated numbers.")
        arrays = {each.filename.removesuffix(".npy"): _read_array(archive.read(each)) for each in members}
    class_name, arguments = _description(arrays.pop(MODEL, None))
    numbers = {name: each for name, each in arrays.items() if each.dtype.kind in "fiu"}
    strange = [each for each in numbers if each.startswith(STATISTICS) and not _STATISTIC.fullmatch(each)]
    if strange:
        raise _Unreadable("A saved statistic has a name that the assignment's own saving does not give.")
    if not numbers:
        raise _Unreadable("The saved weights hold no array of numbers.")
    return Weights(numbers, class_name, arguments or _arguments_from_shapes(numbers))


def _read_array(content: bytes) -> NDArray[Any]:
    """Parse one ``.npy`` member; its header may not promise more than the member holds."""
    stream = io.BytesIO(content)
    version = np.lib.format.read_magic(stream)
    read_header = (
        np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    )
    shape, fortran_order, dtype = read_header(stream)
    if dtype.hasobject:
        raise ValueError("objects are pickled")
    if math.prod(shape) * dtype.itemsize != len(content) - stream.tell():
        raise ValueError("the header promises another size")
    if math.prod(length or 1 for length in shape) * dtype.itemsize > LARGEST or len(shape) > _DIMENSIONS:
        raise ValueError("lengths that no array has, beside one that is 0")
    flat = np.frombuffer(content, dtype, offset=stream.tell())
    return flat.reshape(shape, order="F" if fortran_order else "C")


def _description(entry: NDArray[Any] | None) -> tuple[str, dict[str, Any]]:
    if entry is None or entry.dtype.kind != "U" or entry.shape != ():
        return "", {}
    document = json.loads(str(entry))
    if not isinstance(document, dict):
        return "", {}
    arguments = document.get("arguments")
    if not isinstance(arguments, dict) or not all(map(_is_simple, arguments.values())):
        arguments = {}
    return str(document.get("class", "")), arguments


def _is_simple(value: object) -> bool:
    """Say whether a constructor of a network may be given `value`: a scalar or a list of scalars."""
    each = value if isinstance(value, list) else [value]
    return not any(isinstance(one, list | dict) or _is_long(one) for one in each)


def _is_long(value: object) -> bool:
    return isinstance(value, int) and value.bit_length() > _BITS


def _arguments_from_shapes(arrays: dict[str, NDArray[Any]]) -> dict[str, Any]:
    """Infer the three-layer network's arguments from its weights, for files saved with plain ``np.savez``."""
    first, last = arrays.get("W1"), arrays.get("W3")
    if first is None or last is None or first.ndim != 4 or last.ndim != 2:  # noqa: PLR2004  # filters, matrix
        return {}
    return {
        "num_filters": first.shape[0],
        "filter_size": first.shape[2],
        "hidden_dim": last.shape[0],
        "num_classes": last.shape[1],
    }
