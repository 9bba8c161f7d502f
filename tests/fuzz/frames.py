"""The frame decoder, for what comes out of a box and out of the reader's child."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np

from grader.intake.frames import frame_of, read_frame
from grader.intake.submission import Submission
from grader.results import Flag
from grader.sandbox.box.channel import FrameReader
from grader.sandbox.box.codec import MAGIC, PREFIX, Bounds, Malformed, Unsendable, decode, encode
from tests.fuzz.made import CUT

BOUNDS = Bounds(1 << 16, 1 << 20, 64, 8, list_bytes=1 << 20)

WORDS = (
    *(f'"{tag}"'.encode() for tag in "tdfashezcbqwopx"),
    *(
        f'"{name}"'.encode()
        for name in ("<f8", "u1", "?", "<M8[ns]", "nan", "inf", "date", "timedelta", "Series")
    ),
    *(b"[[", b"]]", b"{", b"}", b"[0]", b"null", b"1e999", b"\\ud800", MAGIC),
)


def _framed(header: bytes, payload: bytes) -> bytes:
    return PREFIX.pack(MAGIC, 1, len(header), len(payload)) + header + payload


def run(data: bytes) -> None:
    """Decode bytes as a frame, whole and in pieces; the first byte says whether they are one already."""
    way, rest = data[:1], data[1:]
    header, _, payload = rest.partition(CUT)
    frame = rest if way == b"r" else _framed(header, payload)
    whole, pieces = _told(frame, decode_whole), _told(frame, decode_in_pieces)
    assert whole == pieces, (whole, pieces)
    for kind in (Submission, Flag, str):
        try:
            value = read_frame(frame, kind)
        except Malformed:
            continue
        again = read_frame(b"".join(map(bytes, frame_of(value, 1))), kind)
        assert repr(again) == repr(value)


def decode_whole(frame: bytes) -> tuple[int, object]:
    """Decode a frame that is there as a whole."""
    return decode(frame, BOUNDS)


def decode_in_pieces(frame: bytes) -> tuple[int, object]:
    """Decode a frame as it comes through a socket, a few bytes at a time."""
    reader, at, done = FrameReader(BOUNDS), 0, False
    while not done:
        room = reader.room()
        piece = frame[at : at + min(len(room), 7 + at)]
        if not piece:
            raise Malformed("its end is missing")
        room[: len(piece)] = piece
        at += len(piece)
        done = reader.wrote(len(piece))
    if at != len(frame):
        raise Malformed("more than a frame")
    return reader.frame()


def _told(frame: bytes, how: Callable[[bytes], tuple[int, object]]) -> object:
    """Return what a frame was decoded to, the same each time; nothing where it was refused."""
    try:
        number, value = how(frame)
    except Malformed:
        return None
    told = number, _plain(value)
    try:
        again = decode(encode(number, value, BOUNDS), BOUNDS)
    except Unsendable:
        return told
    assert (again[0], _plain(again[1])) == told
    return told


def _plain(value: object) -> object:
    """Return a value as one that can be compared: sets have no order, and what is no number is not itself."""
    match value:
        case set() | frozenset():
            return sorted(repr(_plain(each)) for each in value)
        case dict():
            return [(_plain(key), _plain(each)) for key, each in value.items()]
        case list() | tuple():
            return [type(value).__name__, *map(_plain, value)]
        case np.ndarray() if value.dtype.kind != "O":
            return value.dtype.str, value.shape, value.tobytes()
        case np.ndarray():
            return value.shape, _plain(value.ravel().tolist())
    return repr(value)


VALUES = (
    (1, 2.5, "text", None, True, [1, [2]], {"a": 1, 2: "b"}),
    {"x": np.arange(6.0).reshape(2, 3), "y": np.float32(3), "z": np.array(["a", "b"], dtype=object)},
    ({1, 2}, frozenset({"a"}), 3 + 4j, b"bytes", float("nan"), np.array(["2026-11-29"], dtype="M8[D]")),
)
SEEDS = (
    *(b"r" + encode(1, value, BOUNDS) for value in VALUES),
    *(b"h" + encode(1, value, BOUNDS)[PREFIX.size :].replace(b"]]]", b"]]]" + CUT, 1) for value in VALUES),
    b"r" + b"".join(map(bytes, frame_of(Flag("kind", "message" * 60), 1))),
    b"h" + json.dumps([[{"h": [1, "name"]}, {"w": ["date", "2026-11-29"]}], []]).encode(),
)
FOUND = (b"rNGB1\x01\x00\x00h[[\x00\x00{",)  # shorter than a prefix
