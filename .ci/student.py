"""Write the release of the first assignment with its answers into a folder: `python .ci/student.py FOLDER`."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from grader.authoring.student_tree import build_tree  # noqa: E402
from grader.course.repository import Course  # noqa: E402


def main(folder: Path) -> None:
    """Write the release's files, and the solution's modules in place of the stubs."""
    course = Course(ROOT)
    assignment = course.load("cnn")
    files = dict(build_tree(assignment, course).files)
    files |= {path: (course.solution(assignment) / path).read_bytes() for path in assignment.release.answers}
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)


main(Path(sys.argv[1]))
