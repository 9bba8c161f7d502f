"""Hand in a tar archive with a link to the solution."""

PACK = "tar_link"
FLAGGED = "left_out"
