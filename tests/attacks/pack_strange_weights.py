"""Hand in weights whose model is eval, with code as its argument."""

PACK = "strange_weights"
BASE = "solution"
EARNS = "all"
