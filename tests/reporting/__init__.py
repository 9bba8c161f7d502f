"""Reports: what is written, what may not be read in it, and that it can be read."""
