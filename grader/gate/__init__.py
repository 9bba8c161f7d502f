"""Test the grader itself: wrong solutions must be caught and right ones must not."""
