"""The files end without a line end."""

FORM = "no_final_newline"
