"""Write scores in the forms that learning platforms and other tools take in."""

from grader.reporting.exports.canvas import fill_canvas
from grader.reporting.exports.grades_csv import grades_csv
from grader.reporting.exports.gradescope import Visibility, gradescope_results
from grader.reporting.exports.junit import junit_xml
from grader.reporting.exports.matching import Filling
from grader.reporting.exports.moodle import fill_moodle
from grader.reporting.exports.sheet import Sheet, read_sheet

__all__ = [
    "Filling",
    "Sheet",
    "Visibility",
    "fill_canvas",
    "fill_moodle",
    "grades_csv",
    "gradescope_results",
    "junit_xml",
    "read_sheet",
]
