"""The files hold comments in other scripts, formulas and an emoji."""

FORM = "foreign_comments"
