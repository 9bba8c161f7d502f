"""The files have no comments and no blank lines."""

FORM = "comments_removed"
