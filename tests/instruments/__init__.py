"""Tests of grader.instruments."""
