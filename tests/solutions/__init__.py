"""The reference solution does what its docstrings and the assignment's documents say."""
