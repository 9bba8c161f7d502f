"""Hand in folders three hundred deep."""

PACK = "too_deep"
READABLE = False
