"""Write scores in the forms that learning platforms and other tools take in.

===================  ============================================
``export``           which form is asked for, and who is left out
``gradebook_sheet``  a platform's gradebook as a CSV file
``canvas``           Canvas's gradebook
``moodle``           Moodle's grading worksheet
``points_columns``   gradebooks of Brightspace and Blackboard
``gradescope``       results.json, and autograder.zip
``engine_wheel``     the engine that it brings
``junit``            JUnit XML
===================  ============================================
"""

from grader.reporting.exports.canvas import fill_canvas
from grader.reporting.exports.gradebook_sheet import Filling, Sheet, read_sheet
from grader.reporting.exports.gradescope import Visibility, gradescope_results
from grader.reporting.exports.junit import junit_xml
from grader.reporting.exports.moodle import fill_moodle

__all__ = [
    "Filling",
    "Sheet",
    "Visibility",
    "fill_canvas",
    "fill_moodle",
    "gradescope_results",
    "junit_xml",
    "read_sheet",
]
