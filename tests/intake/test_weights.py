"""Saved weights: plain arrays are read, anything else is refused with a reason."""

import io
import json
import struct
import zipfile

import numpy as np
import pytest

from grader.intake.weights import read_weights


def saved(**arrays: object) -> bytes:
    """Return what ``np.savez`` writes."""
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def member(content: bytes, method: int = zipfile.ZIP_STORED, spoilt: range = range(0)) -> bytes:
    """Return an npz file whose only member has this content, with some of the file's bytes `spoilt`."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        archive.writestr("W1.npy", content)
    return bytes(0xFF if at in spoilt else byte for at, byte in enumerate(buffer.getvalue()))


def entry(header: bytes, data: bytes = b"") -> bytes:
    """Return an npy file with this header."""
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header) + 1) + header + b"\n" + data


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
        member(entry(b"(" * 9000)),
        member(entry(b"-" * 9900 + b"1")),
        member(entry(b"{'descr': '<f8', 'fortran_order': False, 'shape': (True,), }", b"12345678")),
        member(np.random.default_rng(0).bytes(4000), zipfile.ZIP_DEFLATED, spoilt=range(100, 200)),
        member(np.random.default_rng(0).bytes(4000), zipfile.ZIP_LZMA, spoilt=range(60, 90)),
        saved(W1=np.ones(3), model=np.array("no JSON")),
        saved(W1=np.ones(3), model=np.array("[" * 100_000)),
        saved(W1=np.ones(3), model=np.array('{"arguments": {"a": ' + "9" * 5000 + "}}")),
        saved(**{"bn_params/mean": np.ones(3)}),
        saved(**{"bn_params/x/mean": np.ones(3)}),
    ],
    ids=[
        *("empty", "text", "truncated", "pickled", "no header", "nested", "open brackets", "deep header"),
        *("shape of truth values", "damaged deflate", "damaged lzma", "description no JSON"),
        *("description too deep", "description of a long number", "statistic without layer"),
        "statistic of no layer",
    ],
)
def test_anything_else_is_refused(content: bytes) -> None:
    """A file that is not made of plain arrays ends in one clear error; nothing is unpickled."""
    weights = read_weights(content)
    assert weights.problem
    assert not weights.arrays


def test_a_header_cannot_promise_more_than_its_member_holds() -> None:
    """A tiny file cannot make the grader allocate a huge array."""
    buffer = io.BytesIO()
    header = {"descr": "<f8", "fortran_order": False, "shape": (10**12,)}
    np.lib.format.write_array_header_1_0(buffer, header)
    assert read_weights(member(buffer.getvalue() + bytes(8))).problem


def test_lengths_beside_one_that_is_nothing_are_held_to_the_same_limit() -> None:
    """An array of no bytes may not say that it is larger than any memory in its other directions."""
    buffer = io.BytesIO()
    header = {"descr": "<f8", "fortran_order": False, "shape": (0, 10**12)}
    np.lib.format.write_array_header_1_0(buffer, header)
    assert read_weights(member(buffer.getvalue())).problem


@pytest.mark.parametrize("argument", [[[1]], 10**4000, [10**4000]])
def test_arguments_that_no_network_takes_are_left_out(argument: object) -> None:
    """Of a description whose arguments are nested or endless, the class alone is believed."""
    text = json.dumps({"class": "Net", "arguments": {"a": argument}})
    weights = read_weights(saved(W1=np.ones(3), model=np.array(text)))
    assert (weights.class_name, weights.arguments) == ("Net", {})


def test_a_small_file_does_not_become_large_arrays() -> None:
    """Numbers that pack a thousand times are no training's, and would take what the file did not pay for."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, W1=np.zeros(40 * 2**20 // 8))
    assert "nothing but zeros" in read_weights(buffer.getvalue()).problem
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer, W1=np.zeros((8, 3, 7, 7)), W2=np.random.default_rng(0).normal(size=(2048, 100))
    )
    assert not read_weights(buffer.getvalue()).problem
