"""Unpack a zip archive to a whole path."""

PACK = "zip_absolute"
READABLE = False
