"""Hand in one name as a file and as a folder."""

PACK = "file_and_folder"
READABLE = False
