"""What other installed packages add, by entry points: learning platforms, exports, layouts, clusters.

A package adds a platform by a line of its pyproject.toml, and passes what `grader.conformance` asks::

    [project.entry-points."numgrade.platforms"]
    ilias = "numgrade_ilias:ILIAS"
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib.metadata import entry_points
from types import MappingProxyType
from typing import Any

from grader.results import Refusal


class EntryGroup(StrEnum):
    """What can be added, and what an entry point of the group names.

    Attributes
    ----------
    PLATFORMS
        A `grader.intake.lms.pieces.Platform`.
    EXPORTS
        A function that takes `grader.reporting.exports.export.ExportOptions` and returns `Exported`.
    PLACES
        A function that takes `grader.reporting.returning.ReturnOptions` and gives a `Target` for what students get.
    LAYOUTS
        A function that takes an assignment and returns further `grader.course.assignment.Layout` of it.
    CLUSTERS
        A function that takes a number of workers and returns a context manager of a `grader.classrun.work.Executor`.
    """

    PLATFORMS = "numgrade.platforms"
    EXPORTS = "numgrade.exports"
    PLACES = "numgrade.places"
    LAYOUTS = "numgrade.layouts"
    CLUSTERS = "numgrade.clusters"


class PluginBroken(Refusal):
    """What a package adds cannot be used; the message names the package."""


@cache
def added(group: EntryGroup) -> Mapping[str, Any]:
    """Return by name what the installed packages add to a group.

    Raises
    ------
    PluginBroken
        It cannot be imported, or two packages add the same name.
    """
    found: dict[str, Any] = {}
    for each in entry_points(group=group):
        package = each.dist.name if each.dist is not None else "an installed package"
        if each.name in found:
            raise PluginBroken(
                f"{package} adds {each.name!r} to {group}, and so does another; uninstall one of them"
            )
        try:
            found[each.name] = each.load()
        except Exception as error:  # it is somebody's program, and may raise whatever it likes
            raise PluginBroken(
                f"{package} adds {each.name!r} to {group}, which cannot be imported ({error}); mend or uninstall it"
            ) from error
    return MappingProxyType(found)
