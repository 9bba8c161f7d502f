"""The solution in other outward forms."""

from grader.bank import variant


@variant(form="tabs")
def file_with_tabs():
    """The files are indented with tabs."""
