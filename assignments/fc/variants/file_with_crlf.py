"""The files have the line ends of Windows."""

FORM = "crlf"
