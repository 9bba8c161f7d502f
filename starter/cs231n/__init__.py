"""Support code of the homework: fast layers, the solver, gradient checks, data and pictures."""
