"""Hand in two files of one name, one of them another student's."""

PACK = "zip_twice"
READABLE = False
