"""The files are in Latin-1."""

FORM = "latin1"
