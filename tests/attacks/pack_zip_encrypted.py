"""Hand in an encrypted archive."""

PACK = "zip_encrypted"
READABLE = False
