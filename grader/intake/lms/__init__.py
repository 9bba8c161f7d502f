"""Read a class's submissions as a learning platform hands them out, with who each of them is from.

::

    with TemporaryDirectory() as folder:
        download = read_download(downloads, workspace=Path(folder))
        for arrival in download.arrivals: ...

`read_download` recognises the platform by the names it gives to files; `Platform` says it where that fails.
"""

from grader.intake.lms.identify import student_named
from grader.intake.lms.platform import Download, Platform
from grader.intake.lms.read import read_download, recognised

__all__ = ["Download", "Platform", "read_download", "recognised", "student_named"]
