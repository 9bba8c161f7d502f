"""The files are indented with tabs."""

FORM = "tabs"
