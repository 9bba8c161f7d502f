"""Hand in a zip archive with a link to the solution."""

PACK = "zip_link"
FLAGGED = "left_out"
