"""Saved weights: plain arrays are read, anything else is refused with a reason."""

import io
import json
import zipfile

import numpy as np
import pytest

from grader.weights import WeightsUnreadable, read_weights


def saved(**arrays: object) -> bytes:
    """Return what ``np.savez`` writes."""
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def member(content: bytes) -> bytes:
    """Return an npz file whose only member has this content."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("W1.npy", content)
    return buffer.getvalue()


def test_arrays_and_description_come_back() -> None:
    """Shape, order and type survive, and the description says which class to build."""
    fortran = np.asfortranarray(np.arange(6.0).reshape(2, 3))
    text = json.dumps({"class": "Net", "arguments": {"hidden_dim": 5}})
    weights = read_weights(saved(W1=fortran, b1=np.zeros(2, np.float32), model=np.array(text)))
    assert np.array_equal(weights.arrays["W1"], fortran)
    assert weights.arrays["b1"].dtype == np.float32
    assert (weights.class_name, weights.arguments) == ("Net", {"hidden_dim": 5})


def test_plain_savez_is_enough_for_the_three_layer_network() -> None:
    """Without a description the constructor's arguments follow from the shapes."""
    weights = read_weights(saved(W1=np.zeros((8, 3, 5, 5)), W3=np.zeros((20, 10))))
    assert weights.arguments == {"num_filters": 8, "filter_size": 5, "hidden_dim": 20, "num_classes": 10}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a zip file",
        saved(W1=np.ones(3))[:60],
        saved(W1=np.array([{"a": 1}], dtype=object)),
        member(b"\x93NUMPY"),
        member(saved(W1=np.ones(3))),
    ],
    ids=["empty", "text", "truncated", "pickled", "no header", "nested"],
)
def test_anything_else_is_refused(content: bytes) -> None:
    """A file that is not made of plain arrays ends in one clear error; nothing is unpickled."""
    with pytest.raises(WeightsUnreadable):
        read_weights(content)


def test_a_header_cannot_promise_more_than_its_member_holds() -> None:
    """A tiny file cannot make the grader allocate a huge array."""
    buffer = io.BytesIO()
    header = {"descr": "<f8", "fortran_order": False, "shape": (10**12,)}
    np.lib.format.write_array_header_1_0(buffer, header)
    with pytest.raises(WeightsUnreadable):
        read_weights(member(buffer.getvalue() + bytes(8)))
