"""Hand in weights whose description is no JSON, so that the check breaks and leaves the total."""

PACK = "undescribed_weights"
BASE = "solution"
EARNS = "all"
