"""Draw an `ErrorMap` as a small SVG: squares that grow and darken with the error."""

from __future__ import annotations

from html import escape

from grader.results import LEVELS, ErrorMap

LEVEL_WORDS = ("right", "up to 0.01 %", "up to 1 %", "up to 10 %", "up to 100 %", "more, or not a number")
"""What each level says, as a share of the scale of the expected array; see `grader.checking.error_map.LEVEL_BOUNDS`."""

_CELL = 18
_LEFT = 58
_TOP = 36
_EDGE = 6
_SIDES = (4, 6, 9, 11.5, 14, 16)
"""Side of the square of each level: the size says what the colour says, for print and for every eye."""

_LEAST_GAP = 2 * _CELL
"""Tick labels nearer than this would touch."""


def figure_svg(error_map: ErrorMap) -> str:
    """Return the figure as an SVG element; the page's classes ``level-0`` to ``level-5`` give the colours.

    Nothing but integers and escaped axis names from `error_map` enters the markup.
    """
    rows, columns = len(error_map.levels), len(error_map.levels[0])
    width = _LEFT + columns * _CELL + _EDGE
    height = _TOP + rows * _CELL + _EDGE
    body = [*_axis_names(error_map), *_ticks(error_map), *_squares(error_map), _ring(error_map)]
    return (
        f'<svg class="error-map" role="img" aria-label="{escape(describe(error_map))}" '
        f'width="{width}" height="{height}" viewBox="0 0 {width} {height}">{"".join(body)}</svg>'
    )


def key_svg(level: int) -> str:
    """Return the square of one level alone, for the figure's key."""
    return (
        f'<svg class="key" aria-hidden="true" width="{_CELL}" height="{_CELL}">{_square(0, 0, level)}</svg>'
    )


def levels_shown(error_map: ErrorMap) -> tuple[int, ...]:
    """Return the levels that occur, lowest first."""
    return tuple(level for level in range(LEVELS + 1) if any(level in row for row in error_map.levels))


def plane_words(error_map: ErrorMap) -> str:
    """Say what is drawn: ``H by W at N = 0, C = 1, of an array of shape (2, 3, 7, 5)``."""
    shape = f"shape ({', '.join(map(str, error_map.shape))}{',' if len(error_map.shape) == 1 else ''})"
    names = " by ".join(error_map.axes[-2:]) or "one number"
    leading = list(zip(error_map.axes[:-2], error_map.worst[:-2], strict=True))
    at = f" at {_indices(leading)}" if leading else ""
    return f"{names}{at}, of an array of {shape}" if error_map.shape else names


def worst_words(error_map: ErrorMap) -> str:
    """Say where the worst entry of the plane is and how much of the array is wrong."""
    size = 1
    for each in error_map.shape:
        size *= each
    share = f"{error_map.wrong:,} of {size:,} entries are off"
    within = list(zip(error_map.axes[-2:], error_map.worst[-2:], strict=True))
    return f"Worst at {_indices(within)}; {share}." if within else f"{share}."


def describe(error_map: ErrorMap) -> str:
    """Return the text that stands for the figure."""
    counts = [sum(row.count(level) for row in error_map.levels) for level in range(LEVELS + 1)]
    cells = "; ".join(f"{LEVEL_WORDS[level]}: {count}" for level, count in enumerate(counts) if count)
    where = f"Map of the error over {plane_words(error_map)}. {worst_words(error_map)}"
    return f"{where} Cells by size of error: {cells}."


def _indices(pairs: list[tuple[str, int]]) -> str:
    return ", ".join(f"{axis} = {index}" for axis, index in pairs)


def _square(x: float, y: float, level: int) -> str:
    side = _SIDES[level]
    inset = (_CELL - side) / 2
    return (
        f'<rect class="level-{level:d}" x="{x + inset:g}" y="{y + inset:g}" '
        f'width="{side:g}" height="{side:g}" rx="2"/>'
    )


def _squares(error_map: ErrorMap) -> list[str]:
    return [
        _square(_LEFT + column * _CELL, _TOP + row * _CELL, level)
        for row, levels in enumerate(error_map.levels)
        for column, level in enumerate(levels)
    ]


def _ring(error_map: ErrorMap) -> str:
    row, column = _worst_cell(error_map)
    x, y = _LEFT + column * _CELL, _TOP + row * _CELL
    return f'<rect class="ring" x="{x}" y="{y}" width="{_CELL}" height="{_CELL}" rx="4"/>'


def _worst_cell(error_map: ErrorMap) -> tuple[int, int]:
    row, column = (0, 0, *error_map.worst)[-2:]
    return row // error_map.block[0], column // error_map.block[1]


def _axis_names(error_map: ErrorMap) -> list[str]:
    rows, columns = len(error_map.levels), len(error_map.levels[0])
    names = ("", "", *error_map.axes)[-2:]
    middle = (_LEFT + columns * _CELL / 2, _TOP + rows * _CELL / 2)
    across = f'<text class="axis" x="{middle[0]:g}" y="11" text-anchor="middle">{escape(names[1])}</text>'
    down = (
        f'<text class="axis" transform="rotate(-90 11 {middle[1]:g})" x="11" y="{middle[1]:g}" '
        f'text-anchor="middle" dominant-baseline="middle">{escape(names[0])}</text>'
    )
    return [each for each, name in ((across, names[1]), (down, names[0])) if name]


def _ticks(error_map: ErrorMap) -> list[str]:
    """Label the first, the worst and the last cell of each axis with its index in the array."""
    rows, columns = len(error_map.levels), len(error_map.levels[0])
    row, column = _worst_cell(error_map)
    across = [
        f'<text class="tick" x="{_LEFT + (at + 0.5) * _CELL:g}" y="{_TOP - 7}" text-anchor="middle">'
        f"{at * error_map.block[1]}</text>"
        for at in _labelled(columns, column)
        if error_map.shape
    ]
    down = [
        f'<text class="tick" x="{_LEFT - 7}" y="{_TOP + (at + 0.5) * _CELL:g}" text-anchor="end" '
        f'dominant-baseline="central">{at * error_map.block[0]}</text>'
        for at in _labelled(rows, row)
        if len(error_map.shape) > 1
    ]
    return across + down


def _labelled(cells: int, worst: int) -> list[int]:
    """Return which of `cells` get a label: the worst always, the ends where they do not crowd it."""
    gap = _LEAST_GAP // _CELL
    return sorted({worst} | {end for end in (0, cells - 1) if abs(end - worst) >= gap})
