"""Gradebooks as Canvas and Moodle export them, in miniature, and a class that was graded."""

from __future__ import annotations

from grader.intake.arrivals import Person
from grader.results import ClassReport, SubmissionReport

FORMULA = '=HYPERLINK("http://evil.example";"Ada")'

CANVAS = (
    "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Homework 4 (7001),Homework 5 (7002),Homework 5 Current Score\r\n"
    ",,,,,,Manual Posting,\r\n"
    "    Points Possible,,,,,10.00,100.00,(read only)\r\n"
    '"Lovelace, Ada",12345,9001,ada@example.edu,Section 1,9.00,,\r\n'
    '"Pascal, Blaise",12346,9002,blaise@example.edu,Section 1 and Section 2,,12.00,\r\n'
    '"Gauß, Carl",12347,9003,carl@example.edu,Section 2,-1,EX,\r\n'
    '"Noether, Emmy",12348,9004,emmy@example.edu,Section 2,,,\r\n'
    '"Student, Test",99999,,0a1b2c,Section 1,,,\r\n'
)

MOODLE = (
    "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,"
    "Last modified (submission),Last modified (grade),Feedback comments\n"
    "Participant 1234567,Ada Lovelace,ada@example.edu,Submitted for grading,,50.00,Yes,"
    '"Monday, 5 October 2026, 11:43 PM",-,\n'
    "Participant 1234568,Blaise Pascal,blaise@example.edu,Submitted for grading,3.00,50.00,No,-,-,\n"
    "Participant 1234569,Emmy Noether,emmy@example.edu,No submission,,50.00,Yes,-,-,\n"
)


def graded(*scores: tuple[str, float]) -> ClassReport:
    """Return a class of these ids and scores, each of 100 points."""
    submissions = tuple(SubmissionReport(id_, "0" * 64, score, 100.0, "B", 1.0) for id_, score in scores)
    return ClassReport(1, "cnn", "1.0.0", "0.1.0", submissions)


def numbered(**numbers: str) -> dict[str, Person]:
    """Return students by submission id, each with the platform's number."""
    return {id_: Person(id_, lms_id=number) for id_, number in numbers.items()}
