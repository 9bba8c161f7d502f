"""The files are indented with two spaces."""

FORM = "two_spaces"
