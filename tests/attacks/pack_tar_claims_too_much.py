"""Hand in a tar archive that claims a thousand terabytes."""

PACK = "tar_claims_too_much"
READABLE = False
