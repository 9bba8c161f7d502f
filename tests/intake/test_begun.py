"""Work that began from an earlier release is judged like any other, and staff read which it was."""

from __future__ import annotations

from dataclasses import replace

import pytest

from grader.intake import ReleaseSource, prepare
from grader.results import EARLIER_RELEASE
from tests.student.workspaces import REPOSITORY, released

ASSIGNMENT = REPOSITORY.load("cnn")
NOW = {
    path: text.decode()
    for path, text in released().items()
    if path.startswith("nndl/") or path.endswith(".ipynb")
}
THEN = {
    **{
        path: text.replace("forward pass", "first pass").replace("Input:", "Inputs:")
        for path, text in NOW.items()
    },
    "nndl/conv_layer_utils.py": NOW["nndl/conv_layer_utils.py"].replace(
        "return out, cache", "return (out, cache)\n", 1
    ),
}
RELEASE = replace(ReleaseSource.of(REPOSITORY, ASSIGNMENT), earlier={"0.9.0": THEN})


def flags(files: dict[str, str]) -> dict[str, str]:
    """Return the flags of a submission of these files, by kind."""
    submission = prepare("ada", {path: text.encode() for path, text in files.items()}, ASSIGNMENT, RELEASE)
    return {flag.kind: flag.message for flag in submission.flags}


@pytest.mark.parametrize("answer", ["", "    out = x + 1\n"])
def test_the_release_that_work_began_from_is_told(answer: str) -> None:
    """By the lines around the answers, whatever was answered; work of today's release has no such flag."""
    then, now = (
        {path: text.replace("    out = None\n", f"    out = None\n{answer}") for path, text in texts.items()}
        for texts in (THEN, NOW)
    )
    assert flags(then)[EARLIER_RELEASE] == "began from release 0.9.0"
    assert EARLIER_RELEASE not in flags(now)


def test_given_code_of_an_earlier_release_was_not_edited() -> None:
    """A file that came so is not held against anybody; one that was changed is."""
    assert "edited_given_file" not in flags(THEN)
    edited = THEN["nndl/conv_layer_utils.py"].replace(
        "def conv_relu_forward(", "def conv_relu_forward(extra, "
    )
    assert edited != THEN["nndl/conv_layer_utils.py"]
    assert "edited_given_file" in flags({**THEN, "nndl/conv_layer_utils.py": edited})
