"""Numbers and drawings in the form that the site's pages take them."""

from __future__ import annotations

from markupsafe import Markup

from grader.reporting.classreport.plots import Axis

NOTHING = "\N{EN DASH}"
PERCENT = Axis(0, 100, "%")

_SPACE = "\N{NO-BREAK SPACE}"


def share_words(percents: float, digits: int = 0) -> str:
    """Write a percentage that no line break splits."""
    return f"{percents:.{digits}f}{_SPACE}%"


def duration_words(seconds: float) -> str:
    """Write a time in hours and minutes, minutes and seconds, or seconds."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return (
        f"{hours} h {minutes:02} min" if hours else f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
    )


def drawn(svg: str) -> Markup:
    """Take SVG as it is: it was drawn from numbers and escaped words."""
    return Markup(svg)  # noqa: S704 - see above
