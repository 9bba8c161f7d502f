"""The files hold comments in other scripts."""

FORM = "foreign_comments"
