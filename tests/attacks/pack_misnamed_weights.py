"""Hand in weights whose names break the check, so that it counts as the grader's fault and leaves the total."""

PACK = "misnamed_weights"
BASE = "solution"
EARNS = "all"
