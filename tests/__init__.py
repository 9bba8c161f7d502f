"""Tests, laid out like the grader."""
