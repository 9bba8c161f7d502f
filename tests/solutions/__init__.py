"""The reference solution does what its docstrings and the homework's documents say."""
