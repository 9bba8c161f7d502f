"""Hand in weights that run code when unpickled."""

PACK = "pickled_weights"
BASE = "solution"
EARNS = "all"
