"""Replies of a worker: only well-formed outputs of known kinds get through."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, strategies as st

from grader.notebooks.execute import NotebookLimits, checked
from tests.notebooks.build import stdout

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["outputs", "output_type", "data", "text", "name", "failed", "traceback", "image/png"]
            ),
            inner,
        )
    ),
    max_leaves=15,
)


@given(ANYTHING)
def test_whatever_a_worker_says_is_answered(reply):
    """Any value gives a reply whose outputs are plain JSON of known types."""
    found = checked(reply, 100, "/root")
    json.dumps(found.outputs)
    assert {each["output_type"] for each in found.outputs} <= {
        "stream",
        "execute_result",
        "display_data",
        "error",
    }


def test_a_reply_that_is_none_counts_as_failed():
    """What has no list of outputs is a failure, never a success."""
    assert checked(None, 10, "").failed
    assert checked({"outputs": []}, 10, "").failed
    assert not checked({"outputs": [], "failed": False}, 10, "").failed


def test_texts_lose_colours_overwritten_lines_and_places():
    """Colours, progress bars' earlier states and folders of the grading machine are taken out."""
    text = "\x1b[31mred\x1b[0m 10%\r90%\rdone\n/stage/full/nndl/a.py /tmp/box-abcdefgh/numpy/x.py\x07"
    reply = {"outputs": [{"output_type": "stream", "name": "stdout", "text": text}], "failed": False}
    (output,) = checked(reply, 1000, "/stage/full").outputs
    assert output["text"] == "done\nnndl/a.py numpy/x.py\ufffd"


def test_pictures_are_base64_or_nothing():
    """A picture that is not base64 is left out; SVG, which can hold scripts, never comes through."""
    data = {
        "image/png": '"><script>',
        "image/jpeg": "QUJD\n",
        "image/svg+xml": "<svg/>",
        "text/plain": "p",
        "x/y": "z",
    }
    reply = {"outputs": [{"output_type": "display_data", "data": data}], "failed": False}
    assert checked(reply, 100, "").outputs[0]["data"] == {"text/plain": "p", "image/jpeg": "QUJD"}


@pytest.mark.parametrize("piece", ["x", "/", "/a", "\r", "\x1b[", "\x1b[0;", "\n", "&", "a\rb\r\r\n"])
def test_the_longest_line_that_a_cell_may_print_passes(piece):
    """Whatever is printed, looking at it takes time in proportion: the square of this length would not end."""
    most = NotebookLimits().output_characters
    reply = {"outputs": [stdout(piece * (most // len(piece)))], "dropped": 0, "failed": False, "late": False}
    (output,) = checked(reply, most, "/root").outputs
    assert len(output["text"]) <= most


def test_a_bar_shows_where_it_ended():
    """Of a line that was drawn again and again the last drawing stays; the line before and after it stay too."""
    reply = {"outputs": [stdout("before\n10 %\r50 %\r100 %\r\nafter\r\n")], "failed": False}
    (output,) = checked(reply, 1000, "").outputs
    assert output["text"] == "before\n100 %\nafter\n"


def test_places_of_this_machine_are_taken_out():
    """Neither the submission's folder nor that of the data set is shown to a student."""
    reply = {"outputs": [stdout("/stage/x/nndl/cnn.py and /srv/data/cifar/data_batch_1")], "failed": False}
    (output,) = checked(reply, 1000, "/stage/x", "/srv/data/cifar").outputs
    assert output["text"] == "nndl/cnn.py and data/data_batch_1"
