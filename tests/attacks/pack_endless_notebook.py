"""Hand in a notebook with a cell that never ends."""

PACK = "endless_notebook"
BASE = "solution"
EARNS = "all"
