"""The support code that students receive does what its docstrings say."""
