"""From what a course downloads to staged submissions."""
