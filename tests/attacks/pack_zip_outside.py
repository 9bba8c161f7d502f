"""Unpack a zip archive outside its folder, by way of parents."""

PACK = "zip_outside"
READABLE = False
