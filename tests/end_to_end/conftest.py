"""Fixtures of rooms that tests of the whole use as well."""

from tests.classrun.conftest import work

__all__ = ["work"]
