"""Hand in weights that claim a hundred terabytes."""

PACK = "endless_weights"
BASE = "solution"
EARNS = "all"
