"""The solution in other outward forms."""

from grader.bank import variant


@variant(form="tabs")
def tabs():
    """Everything is indented with tabs."""
