"""Unpack a tar archive outside its folder, by way of parents and of whole paths."""

PACK = "tar_outside"
READABLE = False
