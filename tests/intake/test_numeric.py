"""An answer that tries a derivative out is told of with the line that shows it; honest programs are not."""

from __future__ import annotations

import pytest

from grader.bank.entries import load_mistakes, load_variants
from grader.bank.rebuild import as_files
from grader.bank.samples import solution_modules
from grader.intake import ReleaseSource, prepare
from grader.intake.numeric import LOOKS_NUMERIC

UNITS = """
def affine_backward(dout, cache):
    x, w, b = cache
    units, _ = affine_forward(np.eye(len(w)), w, 0 * b)
    return (dout @ units.T).reshape(x.shape), x.reshape(len(x), -1).T @ dout, dout.sum(axis=0)
"""
DIFFERENCE = """
def relu_backward(dout, cache):
    above = relu_forward(cache + 1e-9)[0]
    return dout * np.round((above - relu_forward(cache - 1e-9)[0]) / 2e-9)
"""
ELSEWHERE = """
def slope_of(function, x):
    return (function(x + 1e-6) - function(x - 1e-6)) / 2e-6

def value(x):
    return np.maximum(x, 0)

def slope(x):
    return value(x + 1e-6) - value(x)

def relu_backward(dout, cache):
    return dout * np.round(slope(cache) / 1e-6)
"""
WRITTEN_OUT = """
def relu_backward(dout, cache):
    width = 1e-9 * np.abs(cache)
    return dout * np.round((np.maximum(cache + width, 0) - np.maximum(cache, 0)) / width)
"""
MOVED = """
def batchnorm_backward(dout, cache):
    x, gamma, beta, param = cache
    dx = np.zeros_like(x)
    for n in range(len(x)):
        moved = x.copy()
        moved[n] += param["by"]
        dx[n] = batchnorm_forward(moved, gamma, beta, param)[0].sum(axis=0) * 1e6
    return dx, gamma, beta
"""
ONE_BY_ONE = """
def affine_backward(dout, cache):
    x, w, b = cache
    units = np.zeros((len(w), len(w)))
    units[np.arange(len(w)), np.arange(len(w))] = 1
    return (dout @ affine_forward(units, w, 0 * b)[0].T).reshape(x.shape), w, b
"""
IMAGINARY = """
def _slopes(x):
    return np.log(np.exp(x + 1e-30j)).imag

relu_backward = lambda dout, cache: dout * _slopes(cache)
"""
SUBTRACTED = """
def relu_backward(dout, cache):
    f = lambda x: np.maximum(x, 0)
    step = np.subtract(f(cache + 2.0**-20), f(cache))
    return dout * np.round(2**20 * step)
"""
COMPARED = """
def relu_backward(dout, cache):
    again = relu_forward
    shows = np.greater(again(cache + np.spacing(cache))[0], again(cache)[0])
    return dout * shows
"""
POWER = """
def relu_backward(dout, cache):
    width = 2.0 ** -30
    return dout * np.round((np.maximum(cache + width, 0) - np.maximum(cache, 0)) / width)
"""
GIVEN = """
def _grads(self, X, y):
    return eval_numerical_gradient(lambda w: 0.0, X)

TwoLayerNet.loss = _grads
"""
HONEST = """
def softmax_loss(x, y):
    shifted = x.copy()
    shifted -= shifted.max(axis=1, keepdims=True)
    probs = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    dx = probs.copy()
    for i in range(len(x)):
        dx[i, y[i]] -= 1
        dx[i] = np.multiply(dx[i], 1.0)
    return -np.log(probs[np.arange(len(y)), y]).mean(), dx / len(y)

def svm_loss(x, y):
    eps = 1e-8
    margins = np.maximum(0, x - x[np.arange(len(y)), y][:, None] + 1.0)
    dx = (margins > 0).astype(float)
    for i in range(len(x)):
        dx[i, y[i]] -= np.sum(dx[i])
    return margins.sum() / (len(y) + eps), dx / np.sqrt(len(y) ** 2 + eps)
"""
SHARED = """
def halves(x):
    return x / 2

def relu_backward(dout, cache):
    half = halves(cache)
    return dout * ((2 * half - half) > 0)
"""
DOUBLING = "\n".join(f"    a{n + 1} = a{n} - a{n}" for n in range(200))


NEAREST = """
def far(a, b):
    return np.sum((a - b) ** 2)

def relu_backward(dout, cache):
    return dout if far(cache, dout) < far(dout, 0) else np.where(np.less(far(dout, cache), far(cache, 1)), dout, 0)
"""


@pytest.fixture
def told(repository):
    """Return what is said of an assignment's solution with further code in a file."""

    def flags(name: str, home: str = "", code: str = "", entry: object = None) -> list[str]:
        assignment = repository.load(name)
        files = dict(solution_modules(repository, assignment))
        files = as_files(entry, files) if entry else files
        if home:
            files[home] += code.encode()
        found = prepare("ada", files, assignment, ReleaseSource.of(repository, assignment)).flags
        return [each.message for each in found if each.kind == LOOKS_NUMERIC]

    return flags


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (UNITS, "affine_forward(np.eye(len(w)), w, 0 * b) (its answers to unit vectors)"),
        (DIFFERENCE, "a difference of two answers of relu_forward"),
        (ELSEWHERE, "a difference of two answers of value"),
        (WRITTEN_OUT, "a quotient by the step"),
        (MOVED, "moved[n] += param['by'] (a copy of an input"),
        (ONE_BY_ONE, "its answers to unit vectors"),
        (IMAGINARY, "1e-30j"),
        (SUBTRACTED, "a difference of two answers of f"),
        (COMPARED, "two answers of again compared, one of them to something moved"),
        (POWER, "a quotient by the step"),
        (GIVEN, "what gradients are compared with"),
    ],
)
def test_what_tries_is_told_with_its_line(told, code: str, words: str) -> None:
    """Each way of trying, also behind a temporary, in a function that the answer calls or under another name."""
    (message,) = told("fc", "nndl/layers.py", code)
    assert words in message


@pytest.mark.parametrize(
    "code", [SHARED, HONEST, NEAREST, f"\ndef relu_backward(dout, a0):\n{DOUBLING}\n    return dout\n"]
)
def test_one_call_on_both_sides_is_no_difference(told, code: str) -> None:
    """What both sides are made by is no second answer, nor is a loss's own step; temporaries are followed once."""
    assert told("fc", "nndl/layers.py", code) == []


@pytest.mark.parametrize("name", ["cnn", "fc"])
def test_no_honest_program_is_told_of(repository, name: str) -> None:
    """Neither solution, no variant and no mistake of either bank looks like it."""
    assignment = repository.load(name)
    release, files = ReleaseSource.of(repository, assignment), dict(solution_modules(repository, assignment))
    entries = (*load_variants(assignment.folder), *load_mistakes(assignment.folder)[::8])
    for each in (files, *(as_files(entry, files) for entry in entries)):
        flags = prepare("ada", each, assignment, release).flags
        assert LOOKS_NUMERIC not in {flag.kind for flag in flags}
