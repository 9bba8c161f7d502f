"""Classifiers: nearest neighbours, and the losses of linear ones."""
