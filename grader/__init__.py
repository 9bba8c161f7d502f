"""Grade numerical homework: run submissions in a box, judge them outside it, explain every point."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("numgrade")
except PackageNotFoundError:  # run from a source tree that was never installed
    __version__ = "0+unknown"

__all__ = ["__version__"]
