"""Hand in a link to another student's submission."""

PACK = "link_to_another"
READABLE = False
