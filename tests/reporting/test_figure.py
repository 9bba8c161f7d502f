"""The figure of where the error sits."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given

from grader.checking.failures import LEVEL_BOUNDS, locate_errors
from grader.reporting.figure import LEVEL_WORDS, describe, figure_svg, levels_shown, plane_words, worst_words
from grader.results import LEVELS, ErrorMap

from .samples import border_map, scattered_map
from .strategies import error_maps


def squares(svg: str) -> list[dict[str, str]]:
    """Return the attributes of the squares that show a level."""
    root = ElementTree.fromstring(svg)  # noqa: S314 - drawn by the code under test
    return [each.attrib for each in root.iter() if each.attrib.get("class", "").startswith("level-")]


@given(error_maps())
def test_one_square_per_cell_and_one_ring(error_map: ErrorMap) -> None:
    """The figure is well-formed XML with a square for each cell inside its frame, and rings the worst."""
    error_map = locate_clean(error_map)
    svg = figure_svg(error_map)
    root = ElementTree.fromstring(svg)  # noqa: S314 - drawn by the code under test
    drawn = squares(svg)
    assert [int(each["class"][-1]) for each in drawn] == [level for row in error_map.levels for level in row]
    assert sum(each.attrib.get("class") == "ring" for each in root.iter()) == 1
    for each in drawn:
        assert 0 <= float(each["x"]) <= float(root.attrib["width"]) - float(each["width"])
        assert 0 <= float(each["y"]) <= float(root.attrib["height"]) - float(each["height"])


def locate_clean(error_map: ErrorMap) -> ErrorMap:
    """Return the map with axis names a report would hold after cleaning."""
    axes = tuple("<&\"'>"[: 1 + place] for place in range(len(error_map.axes)))
    return ErrorMap(
        error_map.shape, axes, error_map.worst, error_map.block, error_map.levels, error_map.wrong
    )


def test_size_and_place_say_what_colour_says() -> None:
    """Squares grow with the level, so the figure reads without colour, and the ring is on the worst entry."""
    drawn = squares(figure_svg(scattered_map((12, 12), ("H", "W"))))
    sides = {int(each["class"][-1]): float(each["width"]) for each in drawn}
    assert [sides[level] for level in range(LEVELS + 1)] == sorted(set(sides.values()))
    svg = figure_svg(border_map())
    root = ElementTree.fromstring(svg)  # noqa: S314 - drawn by the code under test
    ring = next(each.attrib for each in root.iter() if each.attrib.get("class") == "ring")
    worst = squares(svg)[4]
    assert worst["class"] == "level-5"
    assert float(ring["x"]) <= float(worst["x"]) <= float(ring["x"]) + float(ring["width"])


def test_the_text_alternative_tells_the_whole_figure() -> None:
    """A screen reader hears which plane, the worst entry, how much is wrong and how the levels are spread."""
    assert describe(border_map()) == (
        "Map of the error over H by W at N = 1, C = 2, of an array of shape (2, 3, 7, 5). "
        "Worst at H = 0, W = 4; 20 of 210 entries are off. "
        "Cells by size of error: right: 15; up to 10 %: 13; up to 100 %: 6; more, or not a number: 1."
    )
    assert describe(border_map()) in ElementTree.fromstring(figure_svg(border_map())).attrib["aria-label"]  # noqa: S314


@pytest.mark.parametrize(
    ("shape", "plane", "worst"),
    [
        ((), "one number", "1 of 1 entries are off."),
        ((3,), "axis 0, of an array of shape (3,)", "Worst at axis 0 = 0; 3 of 3 entries are off."),
        ((2, 2), "axis 0 by axis 1, of an array of shape (2, 2)", "Worst at axis 0 = 0, axis 1 = 0; 4 of 4"),
    ],
)
def test_low_ranks_have_words_too(shape: tuple[int, ...], plane: str, worst: str) -> None:
    """A scalar, a vector and a matrix are described without the indices they do not have."""
    found = locate_errors(np.ones(shape), 0.1)
    assert found is not None
    assert plane_words(found) == plane
    assert worst_words(found).startswith(worst)


def test_the_key_agrees_with_the_levels() -> None:
    """The key has a word for each level, and its percentages are the bounds of the levels."""
    assert len(LEVEL_WORDS) == LEVELS + 1
    assert [f"up to {100 * bound:g} %" for bound in LEVEL_BOUNDS] == list(LEVEL_WORDS[1:5])
    assert levels_shown(border_map()) == (0, 3, 4, 5)


def test_the_figure_holds_no_values() -> None:
    """Two arrays with other errors of the same levels at the same places make the same figure."""
    errors = np.array([[0.0, 0.2], [0.03, 5.0]])
    one, other = locate_errors(errors, 1e-6), locate_errors(errors * 1.7, 1e-6)
    assert one is not None
    assert other is not None
    assert figure_svg(one) == figure_svg(other)
