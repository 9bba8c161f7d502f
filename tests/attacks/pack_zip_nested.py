"""Hand in an archive in an archive in an archive."""

PACK = "zip_nested"
READABLE = False
