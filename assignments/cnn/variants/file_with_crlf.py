"""The files' lines end as on Windows."""

FORM = "crlf"
