"""Recurrent networks in NumPy, and a network that writes captions."""
