"""Give score, comment and page to each student, where students are: each exactly once, and nothing without a word.

==============  ==================================================================
``feedback``    what each student is to get, and who gets nothing and why
``deliver``     intent, sending, confirmation, student by student
``targets``     what a place has to offer, and which places there are
``canvas``      Canvas, by its API
``mail``        SMTP, or a file of mails
``files``       worksheets and archives for an upload by hand, and a plain folder
==============  ==================================================================
"""

from grader.reporting.returning.deliver import Delivery, deliver
from grader.reporting.returning.feedback import Feedback, plan
from grader.reporting.returning.targets import (
    ReturnOptions,
    ReturnRefused,
    ReturnStopped,
    Target,
    target_named,
)

__all__ = [
    "Delivery",
    "Feedback",
    "ReturnOptions",
    "ReturnRefused",
    "ReturnStopped",
    "Target",
    "deliver",
    "plan",
    "target_named",
]
