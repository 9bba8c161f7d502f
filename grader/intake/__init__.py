"""From what a course downloads to clean, whitelisted, staged submissions."""
