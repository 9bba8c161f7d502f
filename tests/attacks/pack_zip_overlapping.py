"""Hand in a zip archive in which a thousand names share one megabyte."""

PACK = "zip_overlapping"
READABLE = False
