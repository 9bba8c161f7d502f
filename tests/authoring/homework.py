"""A small assignment in a repository of its own, to release and to spoil."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from grader.course.assignment import Assignment, load_assignment
from tests.authoring.strategies import code_cell, markdown_cell, notebook, region

ANSWER = """\
margin = width // 2
padded = np.pad(signal, (margin, margin))  # zeros on both sides
out = np.zeros(len(signal))
for place in range(len(signal)):
    window = padded[place : place + width]
    out[place] = np.sum(window * weights) / np.sum(weights)
"""

SHORT_ANSWER = "return smooth(smooth(signal, weights), weights)\n"

OPEN_TASK = """\
model = Smoother(width=7, strength=0.35, passes=12)
trainer = Trainer(model, data, epochs=9, batch_size=175, rate=2.5e-4, decay=0.93)
trainer.train()
"""

MODULE = f'''"""Smoothing."""

import numpy as np


def smooth(signal, weights):
    """Return the weighted moving average of a signal."""
    out = None
    width = len(weights)

{region(ANSWER, "    ")}
    return out


def smooth_twice(signal, weights):
    """Return the moving average of the moving average."""
{region(SHORT_ANSWER, "    ")}'''

EARLIER = '''"""What was solved before."""

import numpy as np


def mean(signal):
    """Return the mean of a signal."""
    total = np.zeros(1)
    for place in range(len(signal)):
        total += signal[place]
    return total / len(signal)
'''

CHECK = '''"""Hidden checks of smooth."""

import numpy as np
from grader.checking import assert_matches, part

EXPECTED = np.array([0.31415926, -12.7182818, 4.66920e3])
KNOWN = np.array(
    # public: printed in Smoothing.ipynb
    [1.41421356, 0.57721566]
)


@part("smooth")
def test_impulse(student, reference, rng):
    """A single one in a signal becomes the weights."""
    signal, weights = np.zeros(11), rng.uniform(0.1, 0.9, size=5)
    signal[rng.integers(2, 9)] = 1
    assert_matches(student.smooth(signal, weights), reference.smooth(signal, weights))
'''

MISTAKE = '''"""Mistakes in smoothing."""

import numpy as np
from grader.bank import mistake


@mistake("smooth")
def unpadded(signal, weights):
    """The window is not padded."""
    short = np.convolve(signal, weights[::-1], mode="valid")
    missing = len(signal) - len(short)
    return np.concatenate([short, np.full(missing, short[-1])]) / np.sum(weights)
'''

VARIANT = '''"""Unusual smoothing."""

import numpy as np
from grader.bank import variant


@variant()
def by_matrix(signal, weights):
    """It is a product with a matrix."""
    rows = np.arange(len(signal))[:, None] + np.arange(len(weights))[None, :] - len(weights) // 2
    inside = (rows >= 0) & (rows < len(signal))
    return np.where(inside, signal[rows.clip(0, len(signal) - 1)], 0) @ weights / weights.sum()
'''

SAMPLE = MODULE.replace(ANSWER.splitlines()[0], "margin = (width - 1) // 2")

TOML = """
id = "tiny"
version = "2.1.0"
title = "Moving averages"

[release]
answers = ["nndl/smooth.py"]
earlier = ["nndl/mean.py"]
given = ["nndl/__init__.py"]
support = ["cs231n"]
fast = ["fast"]
notebooks = ["Smoothing.ipynb"]
extras = ["images/dot.bin"]
requirements = ["pooch>=1.8"]

[[layouts]]
name = "nndl"
support = "cs231n"
answers = { "nndl/smooth.py" = "nndl/smooth.py" }

[[parts]]
id = "smooth"
symbol = "smooth"
points = 10
title = "Moving average"
"""

NOTEBOOK = notebook(
    markdown_cell("# Smoothing\n\nThe square root of two is 1.41421356.", id="intro"),
    code_cell("%matplotlib inline\nfrom nndl.smooth import smooth\n", id="setup"),
    code_cell("data = load()\n" + region(OPEN_TASK), id="train"),
)

FILES: dict[str, str | bytes] = {
    "pyproject.toml": "",
    "assignments/tiny/assignment.toml": TOML,
    "assignments/tiny/handout.md": "# {{ assignment.title }} {{ assignment.version }}\n",
    "assignments/tiny/checks/test_smooth.py": CHECK,
    "assignments/tiny/mistakes/smooth.py": MISTAKE,
    "assignments/tiny/variants/smooth.py": VARIANT,
    "assignments/tiny/samples/ada/nndl/smooth.py": SAMPLE,
    "assignments/tiny/samples/ada/nndl/mean.py": EARLIER,
    "solutions/nndl/__init__.py": '"""Smoothing."""\n',
    "solutions/nndl/smooth.py": MODULE,
    "solutions/nndl/mean.py": EARLIER,
    "solutions/Smoothing.ipynb": NOTEBOOK,
    "solutions/images/dot.bin": b"\xff\xd8\x00\r\n\xfe picture",
    "starter/cs231n/__init__.py": "",
    "starter/cs231n/fast.pyx": "def smooth_fast(signal):\n    return signal\n",
    "starter/cs231n/kernel.c": "int twice(int n) { return 2 * n; }\n",
    "starter/cs231n/kernel.h": "int twice(int n);\n",
    "starter/cs231n/setup.py": "",
}


APART = {
    "assignments/tiny/assignment.toml": TOML.replace(
        "[release]",
        '[folders]\nsolution = "solutions"\nstarter = "handout"\nsupport = "starter"\n\n[release]',
    )
}
"""The changes with which the assignment's starter stands apart from its support package."""


def make_homework(root: Path, changes: Mapping[str, str | bytes | None] | None = None) -> Assignment:
    """Write the repository below `root` and return its assignment; a change to None leaves a file out."""
    for path, content in {**FILES, **(changes or {})}.items():
        if content is not None:
            write(root / path, content)
    return load_assignment(root / "assignments" / "tiny")


def write(path: Path, content: str | bytes) -> None:
    """Write a file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
