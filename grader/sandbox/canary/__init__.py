"""The submission that the probe of a tier runs; a package only so that it is installed with the grader."""
