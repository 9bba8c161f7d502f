"""Notebooks: whatever happened to a file it is read, matched, run and shown."""
