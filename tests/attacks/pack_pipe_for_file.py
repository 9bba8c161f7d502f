"""Hand in a pipe, on which a reader would wait without end."""

PACK = "pipe_for_file"
FLAGGED = "left_out"
