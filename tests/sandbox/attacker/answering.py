"""Results and exceptions that are hard to carry across."""

import decimal
import sys

import numpy as np


def numbers(facts):
    return (
        np.array([np.nan, np.inf, -np.inf, -0.0]),
        np.arange(6, dtype=">f8").reshape(2, 3),
        np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        np.arange(6.0)[::-2],
        np.array(5, dtype=np.int16),
        np.zeros((0, 3), dtype=np.float32),
        np.array([1 + 2j], dtype=np.complex64),
        np.array([True, False]),
        np.float16(0.5),
        np.bool_(True),
        -0.0,
        float("nan"),
        10**400,
    )


def objects(facts):
    return np.array([object(), 1])


def records(facts):
    return np.zeros(2, dtype=[("x", "f8"), ("y", "i4")])


def texts(facts):
    return np.array(["a", "b"])


def dates(facts):
    return np.array(["2020-01-01"], dtype="datetime64[D]")


def precise(facts):
    return np.array([1, 2], dtype=np.longdouble), np.array([1j], dtype=np.clongdouble)


def generator(facts):
    return (x for x in range(3))


def recursive(facts):
    loop = []
    loop.append(loop)
    return [loop]


def mixture(facts):
    return [1, "a", None, (2.5, {"k": [np.arange(3)]})]


def object_inside(facts):
    return [decimal.Decimal(1)]


def unfolding(facts):
    return ["a" * 100_000] + ["b"] * 10_000


def long_integer(facts):
    return 10**5000


def broadcast(facts):
    return np.broadcast_to(np.float64(1), (10**5, 10**5))


def too_large(facts):
    return np.zeros(facts["reply_bytes"] // 8 + 1)


class Agreeable(np.ndarray):
    """Equal to everything, and wrong about its size."""

    def __eq__(self, other):
        return True

    @property
    def shape(self):
        return (1, 2, 3)

    @property
    def dtype(self):
        return np.dtype("f4")

    def __array__(self, *_arguments, **_named):
        raise RuntimeError


def agreeable(facts):
    return np.arange(3.0).view(Agreeable)


def masked(facts):
    return np.ma.array([1.0, 2.0], mask=[False, True])


class Equal(float):
    """A float that equals everything."""

    def __eq__(self, other):
        return True

    __hash__ = float.__hash__

    def __float__(self):
        return 42.0


def equal(facts):
    return Equal(2.5)


def surrogate(facts):
    return "a\udc80b"


def exit_now(facts):
    sys.exit("bye")


def interrupt(facts):
    raise KeyboardInterrupt


class Mute(Exception):
    """Its text cannot be had."""

    def __str__(self):
        raise ValueError("no text")


def mute(facts):
    raise Mute


class _Nameless(type):
    @property
    def __name__(cls):
        raise ValueError("no name")


class Nameless(Exception, metaclass=_Nameless):
    """Its class has no readable name."""


def nameless(facts):
    raise Nameless("x")


def coloured(facts):
    raise ValueError("\x1b[31mred\x07 <b>bold</b> =1+1 \u202e")


def quiet_stream(facts):
    sys.stdout.close()
    sys.stderr = None
    return 1
