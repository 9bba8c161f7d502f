"""Hand in ten thousand modules."""

PACK = "too_many_files"
READABLE = False
