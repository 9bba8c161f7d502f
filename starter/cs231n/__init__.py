"""Support code of the assignment: fast layers, the solver, gradient checks, data and pictures."""
