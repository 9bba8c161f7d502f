"""The solution in other outward forms."""

from grader.bank import variant


@variant(form="tabs")
def file_with_tabs():
    """The files are indented with tabs."""


@variant(form="markers_removed")
def file_without_markers():
    """The files have no banners around the answers."""
