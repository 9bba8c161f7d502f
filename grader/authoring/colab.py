"""What a released notebook begins with where its repository is known: a badge that opens it in Colab, and a cell there.

The cell fetches the release into the student's Drive, where the work stays when Colab takes its machine away. It does
nothing anywhere else, and never overwrites a file.
"""

from __future__ import annotations

from urllib.parse import quote

from grader.course.releases import BADGE_ID, SETUP_ID
from grader.intake.notebooks import Cell

BRANCH = "main"

_BADGE = "[![Open in Colab]({image})](https://colab.research.google.com/github/{repository}/blob/{branch}/{notebook})"
_IMAGE = "https://colab.research.google.com/assets/colab-badge.svg"

_SETUP = """\
# In Colab this fetches the assignment and keeps your work on your Drive; anywhere else it does nothing.
import sys

if "google.colab" in sys.modules:
    import io
    import os
    import pathlib
    import urllib.request
    import zipfile

    from google.colab import drive

    drive.mount("/content/drive")
    folder = pathlib.Path("/content/drive/MyDrive/{folder}")
    with urllib.request.urlopen("{archive}") as answer:
        archive = zipfile.ZipFile(io.BytesIO(answer.read()))
    for member in archive.infolist():
        place = folder / member.filename.partition("/")[2]
        if not member.is_dir() and not place.exists():  # what is there is your work
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(archive.read(member))
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    get_ipython().run_line_magic("pip", "install --quiet --editable .")
"""


def colab_cells(github: str, notebook: str, assignment: str) -> tuple[Cell, ...]:
    """Return the cells that a notebook begins with; none where no repository is named.

    Parameters
    ----------
    github
        ``owner/repository`` with what `release --to git` writes, or ``owner/repository@branch``; may be empty.
    notebook
        The notebook's path in it.
    assignment
        Names the folder on the student's Drive.
    """
    if not github:
        return ()
    repository, _, branch = github.partition("@")
    branch = branch or BRANCH
    badge = _BADGE.format(image=_IMAGE, repository=repository, branch=quote(branch), notebook=quote(notebook))
    archive = f"https://github.com/{repository}/archive/refs/heads/{quote(branch)}.zip"
    setup = _SETUP.replace("{folder}", assignment).replace("{archive}", archive)
    return Cell("markdown", badge, BADGE_ID), Cell("code", setup.rstrip("\n"), SETUP_ID)
