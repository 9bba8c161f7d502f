"""Hand in a tar archive with a hard link to the solution."""

PACK = "tar_hard_link"
FLAGGED = "left_out"
