"""Hand in weights whose saved arguments ask for a network of many gigabytes, wherever it is built."""

PACK = "weights_of_any_size"
BASE = "solution"
EARNS = "all"
