"""From results to what people read: grades.json, grades.csv and HTML pages.

Rendering is pure: a report and an assignment in, text out. Only `write` touches the disk. Every renderer
first cleans what it is given, because ids, messages and notes may quote a submission.
"""

from grader.reporting.files import ReportError, ReportPaths, require_writable
from grader.reporting.grades_json import load
from grader.reporting.write import write_class, write_reports, write_submission_page, writing_class

__all__ = [
    "ReportError",
    "ReportPaths",
    "load",
    "require_writable",
    "write_class",
    "write_reports",
    "write_submission_page",
    "writing_class",
]
