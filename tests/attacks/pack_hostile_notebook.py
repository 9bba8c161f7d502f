"""Hand in notebooks of markup and of endless nesting."""

PACK = "hostile_notebook"
BASE = "solution"
EARNS = "all"
