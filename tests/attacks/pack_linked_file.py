"""Hand in a link to the solution where the answers belong."""

PACK = "linked_file"
FLAGGED = "left_out"
