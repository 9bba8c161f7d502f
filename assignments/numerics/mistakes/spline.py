"""Mistakes in the spline."""

from scipy import interpolate

from grader.bank import mistake

BOTH = ("spline.values", "spline.slopes")


@mistake(*BOTH)
def spline_as_it_comes(x, y, at):
    """The spline is SciPy's own choice, which makes the first two pieces one polynomial, and the last two: a natural
    one has no curvature at its ends, and has to be asked for.
    """
    curve = interpolate.CubicSpline(x, y)
    return curve(at), curve(at, 1)


@mistake(*BOTH)
def spline_clamped(x, y, at):
    """The spline has slope zero at its ends: a natural one has curvature zero there."""
    curve = interpolate.CubicSpline(x, y, bc_type="clamped")
    return curve(at), curve(at, 1)


@mistake("spline.slopes")
def spline_curvature_for_slope(x, y, at):
    """The slopes are second derivatives."""
    curve = interpolate.CubicSpline(x, y, bc_type="natural")
    return curve(at), curve(at, 2)


@mistake(*BOTH)
def spline_results_exchanged(x, y, at):
    """Values and slopes come in the wrong order."""
    curve = interpolate.CubicSpline(x, y, bc_type="natural")
    return curve(at, 1), curve(at)
