"""Files of an unusual form."""

from grader.bank import variant


@variant(form="tabs")
def file_with_tabs():
    """The files are indented with tabs."""


@variant(form="crlf")
def file_with_crlf():
    """The files have the line ends of Windows."""


@variant(form="markers_removed")
def file_without_markers():
    """The banners around the answers are gone."""
