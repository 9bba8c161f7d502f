"""The tiny assignment of the bank, for the gate too."""

from tests.bank.conftest import bench, folder, modules, write

__all__ = ["bench", "folder", "modules", "write"]
