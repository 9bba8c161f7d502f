"""The files declare Latin-1 and hold a comment that is no UTF-8."""

FORM = "latin1"
