"""Give a box the list of fonts that matplotlib would otherwise spend a second on making."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from grader.sandbox.scratch import temporary_folder


@cache
def matplotlib_fonts() -> Mapping[str, bytes]:
    """Return matplotlib's cache of fonts, by file name, with the fonts it comes with and no others."""
    import matplotlib  # noqa: PLC0415  # takes a second, and most gradings need none of it
    from matplotlib import font_manager  # noqa: PLC0415

    own = matplotlib.get_data_path()
    known = font_manager.fontManager
    bundled = object.__new__(font_manager.FontManager)
    bundled.__dict__.update(known.__dict__)
    bundled.ttflist = [each for each in known.ttflist if each.fname.startswith(own)]
    bundled.afmlist = [each for each in known.afmlist if each.fname.startswith(own)]
    name = f"fontlist-v{font_manager.FontManager.__version__}.json"
    with temporary_folder("fonts-") as folder:
        path = Path(folder) / name
        font_manager.json_dump(bundled, path)
        return {name: path.read_bytes()}
