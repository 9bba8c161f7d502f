"""Files of an unusual form."""

from grader.bank import variant

# --- Indentation and line ends ---


@variant(form="tabs")
def file_with_tabs():
    """The files are indented with tabs."""


@variant(form="two_spaces")
def file_with_two_spaces():
    """The files are indented with two spaces."""


@variant(form="crlf")
def file_with_crlf():
    """The files have the line ends of Windows."""


@variant(form="no_final_newline")
def file_without_final_newline():
    """The files end without a line end."""


# --- Encodings ---


@variant(form="byte_order_mark")
def file_with_byte_order_mark():
    """The files begin with a byte order mark."""


@variant(form="latin1")
def file_in_latin1():
    """The files are in Latin-1."""


@variant(form="foreign_comments")
def file_with_foreign_comments():
    """The files hold comments in other scripts."""


# --- Comments and banners ---


@variant(form="comments_removed")
def file_without_comments():
    """The files have no comments and no blank lines."""


@variant(form="markers_removed")
def file_without_markers():
    """The banners around the answers are gone."""


@variant(form="markers_moved")
def file_with_markers_moved():
    """The banners stand in front of the answers, which are outside them."""
