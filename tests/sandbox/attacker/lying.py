"""Attacks on the wire: whatever a submission can send in place of an answer."""

import json
import os
import pickle
import struct
import sys
import time

MAGIC = b"NGB1"


def _channel():
    return max(number for number in range(64) if _is_socket(number))


def _is_socket(number):
    try:
        return os.fstat(number).st_mode & 0o170000 == 0o140000
    except OSError:
        return False


def _say(data):
    while data:
        data = data[os.write(_channel(), data) :]
    time.sleep(600)


def _request():
    """Return the number of the request that is being answered, found in the frames of the stack."""
    frame = sys._getframe()
    while frame:
        if "request" in frame.f_locals and isinstance(frame.f_locals.get("number"), int):
            return frame.f_locals["number"]
        frame = frame.f_back
    return 0


def _frame(header, payload=b"", number=None):
    raw = header if isinstance(header, bytes) else json.dumps(header).encode()
    number = _request() if number is None else number
    return struct.pack("<4sIIQ", MAGIC, number, len(raw), len(payload)) + raw + payload


def _done(value, arrays=(), payload=b""):
    return _frame([["done", value, []], list(arrays)], payload)


def forged(facts):
    _say(_done("forged"))


def forged_twice(facts):
    _say(_done(1) + _done(2))


def garbage(facts):
    _say(b"\xff\x00" * 5000)


def short_garbage(facts):
    os.write(_channel(), b"junk")
    os._exit(0)


def wrong_magic(facts):
    _say(b"HTTP" + _done(1)[4:])


def wrong_number(facts):
    _say(_frame([["done", 1, []], []], number=12345))


def unknown_reply(facts):
    _say(_frame([["promoted", 1, []], []]))


def failure_of_wrong_type(facts):
    _say(_frame([["failed", 7, [], {"t": []}, None, []], []]))


def unknown_failure(facts):
    _say(_frame([["failed", "grader_error", "BoxFailed", "x", "", []], []]))


def refusal(facts):
    _say(_frame([["failed", "refused", "", "x", "", []], []]))


def huge_payload(facts):
    _say(struct.pack("<4sIIQ", MAGIC, _request(), 10, 2**60))


def huge_header(facts):
    _say(struct.pack("<4sIIQ", MAGIC, _request(), 2**32 - 1, 0))


def drip(facts):
    data = _done("x" * 5000)
    for start in range(len(data)):
        os.write(_channel(), data[start : start + 1])
        time.sleep(0.01)


def stall(facts):
    _say(_done("x" * 5000)[:100])


def stall_in_payload(facts):
    _say(_done({"a": 0}, [["<f8", [100_000]]], bytes(800_000))[:-1])


def never(facts):
    time.sleep(600)


def flood(facts):
    while True:
        os.write(_channel(), b"\xee" * 65536)


def flood_of_frames(facts):
    while True:
        os.write(_channel(), _done(1))


def deep_json(facts):
    _say(_frame(b"[" * 20_000 + b"]" * 20_000))


def deeper_json(facts):
    _say(_frame(b"[" * 450_000 + b"]" * 450_000))


def deep_objects(facts):
    _say(_frame(b'{"t":[' * 30 + b"]}" * 30))


def long_integer(facts):
    _say(_frame(b'[["done",' + b"9" * 900_000 + b",[]],[]]"))


def not_a_number(facts):
    _say(_frame(b'[["done",NaN,[]],[]]'))


def infinity(facts):
    _say(_frame(b'[["done",1e999,[]],[]]'))


def bad_text(facts):
    _say(_frame(b'[["done","\xff\xfe",[]],[]]'))


def no_json(facts):
    _say(_frame(b"__import__('os').system('true')"))


def object_dtype(facts):
    _say(_done({"a": 0}, [["|O", [1]]], bytes(16)))


def record_dtype(facts):
    _say(_done({"a": 0}, [["[('x','<f8')]", [1]]], bytes(16)))


def dtype_is_a_list(facts):
    _say(_done({"a": 0}, [[["<f8"], [1]]], bytes(16)))


def negative_length(facts):
    _say(_done({"a": 0}, [["<f8", [-1, -2]]], bytes(16)))


def overflowing_lengths(facts):
    _say(_done({"a": 0}, [["<f8", [2**32, 2**32, 2**32]]], bytes(16)))


def overflowing_empty(facts):
    _say(_done({"a": 0}, [["<f8", [0, 2**62]]]))


def fractional_length(facts):
    _say(_done({"a": 0}, [["<f8", [2.0]]], bytes(16)))


def boolean_length(facts):
    _say(_done({"a": 0}, [["<f8", [True, 2]]], bytes(16)))


def many_dimensions(facts):
    _say(_done({"a": 0}, [["|i1", [1] * 5000]], bytes(16)))


def short_payload(facts):
    _say(_done({"a": 0}, [["<f8", [100]]], bytes(16)))


def trailing_payload(facts):
    _say(_done({"a": 0}, [["<f8", [2]]], bytes(160)))


def many_arrays(facts):
    _say(_done(None, [["<f8", [0]]] * 50_000))


def same_array_twice(facts):
    _say(_done([{"a": 0}, {"a": 0}], [["<f8", [2]]], bytes(16)))


def unused_array(facts):
    _say(_done(1, [["<f8", [2]]], bytes(16)))


def array_out_of_range(facts):
    _say(_done({"a": 5}, [["<f8", [2]]], bytes(16)))


def unknown_tag(facts):
    _say(_done({"__class__": "os.system"}))


def two_tags(facts):
    _say(_done({"t": [], "d": []}))


def list_as_key(facts):
    _say(_done({"d": [[[1], 2]]}))


def handle_zero(facts):
    _say(_done({"h": [0, "dict"]}))


def old_handle(facts):
    _say(_done({"h": [1, "dict"]}))


def huge_handle(facts):
    _say(_done({"h": [2**60, "dict"]}))


def named_handle(facts):
    _say(_done({"h": [10**6, "x" * 5000]}))


def text_as_handle(facts):
    _say(_done({"h": ["1", "dict"]}))


class _Bomb:
    def __reduce__(self):
        return os.abort, ()


def pickled(facts):
    _say(pickle.dumps(_Bomb()))


def pickled_in_frame(facts):
    _say(_frame(pickle.dumps(_Bomb())))


def close_channel(facts):
    os.close(_channel())
    time.sleep(600)


def early_answer(facts):
    """Leave an answer to the next request in the socket."""
    os.write(_channel(), _frame([["done", "early", []], []], number=_request() + 1))
    return "first"
