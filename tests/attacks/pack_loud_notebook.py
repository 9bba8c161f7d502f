"""Hand in a notebook with megabytes of output."""

PACK = "loud_notebook"
BASE = "solution"
EARNS = "all"
