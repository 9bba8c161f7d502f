"""Describe what a box is opened on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from grader.sandbox.errors import BoxFailed


@dataclass(frozen=True, slots=True)
class BoxSpec:
    """What a box holds.

    Attributes
    ----------
    roots
        Read-only folders by name. Exactly one becomes ``sys.path[0]`` and working folder of a worker, and
        the only one that worker can read. When the grader runs as root, the folders and all in them should
        be readable for others (0755 and 0644), because the box is another user.
    libraries
        Top-level packages of the grader's environment that a submission may import, with what they require.
    fonts
        Given for a box whose workers run notebook cells, with IPython and matplotlib among its libraries: the
        files of matplotlib's cache of fonts, by name.
    data
        Folders that every worker may read beside its root, such as a data set.
    stages
        Folder in which the roots will lie that `Box.show` names later; None when there will be none.
    """

    roots: Mapping[str, Path] = field(default_factory=dict)
    libraries: tuple[str, ...] = ("numpy",)
    fonts: Mapping[str, bytes] | None = None
    data: tuple[Path, ...] = ()
    stages: Path | None = None

    def real_roots(self) -> dict[str, Path]:
        """Return the roots as real paths.

        Raises
        ------
        BoxFailed
            There is none, or one is no folder.
        """
        if not self.roots and self.stages is None:
            raise BoxFailed("a box needs at least one root: a folder that holds the staged submission")
        return real_folders(self.roots)

    def real_data(self) -> list[Path]:
        """Return the folders of data as real paths."""
        return [path.resolve() for path in self.data]

    def visible(self) -> list[Path]:
        """Return the folders that hold submissions, now and later, as real paths."""
        stages = [] if self.stages is None else [self.stages.resolve()]
        return [*self.real_roots().values(), *stages]


def real_folders(roots: Mapping[str, Path]) -> dict[str, Path]:
    """Return the folders as real paths.

    Raises
    ------
    BoxFailed
        One is no folder.
    """
    real = {name: Path(root).resolve() for name, root in roots.items()}
    for name, root in real.items():
        if not root.is_dir():
            raise BoxFailed(f"root {name!r} of the box is no folder: {root}")
    return real
