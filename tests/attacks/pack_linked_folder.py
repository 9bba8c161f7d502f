"""Hand in a folder that is a link to the solution's package."""

PACK = "linked_folder"
FLAGGED = "left_out"
