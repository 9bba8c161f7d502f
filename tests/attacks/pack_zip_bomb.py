"""Hand in a zip archive that is a thousand times larger unpacked."""

PACK = "zip_bomb"
READABLE = False
