"""Files of an unusual form."""

import numpy as np

from grader.bank import variant

# --- Indentation and line ends ---


@variant(form="tabs")
def file_with_tabs():
    """The files are indented with tabs."""


@variant(form="tabs", replaces="conv_forward_naive")
def file_with_tabs_and_own_conv(x, w, b, conv_param):
    """The files are indented with tabs, and the convolution is the submission's own."""
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    x_pad = np.zeros((*x.shape[:2], x.shape[2] + 2 * pad, x.shape[3] + 2 * pad))
    x_pad[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]] = x
    rows = range(0, x_pad.shape[2] - w.shape[2] + 1, stride)
    columns = range(0, x_pad.shape[3] - w.shape[3] + 1, stride)
    out = np.zeros((len(x), len(w), len(rows), len(columns)))
    for i, top in enumerate(rows):
        for j, left in enumerate(columns):
            patch = x_pad[:, np.newaxis, :, top : top + w.shape[2], left : left + w.shape[3]]
            out[:, :, i, j] = np.sum(patch * w, axis=(2, 3, 4)) + b
    return out, (x, w, b, conv_param)


@variant(form="two_spaces")
def file_with_two_spaces():
    """The files are indented with two spaces."""


@variant(form="crlf")
def file_with_crlf():
    """The files' lines end as on Windows."""


@variant(form="no_final_newline")
def file_without_final_newline():
    """The files end without a line end."""


# --- Encodings ---


@variant(form="byte_order_mark")
def file_with_byte_order_mark():
    """The files begin with a byte-order mark."""


@variant(form="latin1")
def file_in_latin1():
    """The files declare Latin-1 and hold a comment that is no UTF-8."""


@variant(form="foreign_comments")
def file_with_foreign_comments():
    """The files hold comments in other scripts, formulas and an emoji."""


# --- Comments and banners ---


@variant(form="comments_removed")
def file_without_comments():
    """All comments, banners and blank lines are gone, and the layout is a formatter's own."""


@variant(form="markers_removed")
def file_without_markers():
    """The banners around the answers have been removed."""


@variant(form="markers_moved")
def file_with_markers_moved():
    """The banners stand together in front of each answer, which lies outside them."""
