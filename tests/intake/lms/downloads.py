"""Downloads as Canvas, Moodle and Gradescope write them, in miniature."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

ANSWER = b"def conv_forward_naive(x, w, b, conv_param):\n    return x\n"

METADATA = """\
---
submission_101:
  :submitters:
  - :name: Ada Lovelace
    :sid: '9001'
    :email: ada@example.edu
  :created_at: 2026-10-05 18:03:29.527350000 Z
  :score: 0.0
  :status: processed
  :history:
  - :id: 88
    :created_at: 2026-10-04 01:00:00.000000000 Z
    :score: 0.0
submission_102:
  :submitters:
  - :name: "=HYPERLINK(\\"x\\")"
    :sid: '9002'
    :email: blaise@example.edu
  - :name: Carl Gauß
    :sid: '9003'
    :email: carl@example.edu
  :created_at: !ruby/object:ActiveSupport::TimeWithZone
    utc: 2026-10-06 02:00:00.000000000 Z
    zone: !ruby/object:ActiveSupport::TimeZone
      name: America/Los_Angeles
    time: 2026-10-05 19:00:00.000000000 Z
  :history: []
submission_103:
  :submitters:
  - :name: Gone Astray
    :sid: '9004'
    :email: gone@example.edu
  :created_at: 2026-10-05 18:03:29.000000000 Z
"""


def archive(**files: bytes) -> bytes:
    """Return a zip of `files`; two underscores in a keyword stand for the dot of its name."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name, content in (files or {"conv_layers__py": ANSWER}).items():
            packed.writestr(name.replace("__", "."), content)
    return buffer.getvalue()


def write(folder: Path, files: dict[str, bytes]) -> Path:
    """Write `files` below `folder` and return it."""
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return folder


def canvas(folder: Path) -> Path:
    """Write an unpacked ``submissions.zip`` of Canvas."""
    return write(
        folder,
        {
            "lovelaceada_12345_678901_hw5.zip": archive(),
            "pascalblaise_LATE_12346_678902_hw5-2.zip": archive(),
            "gausscarl_12347_678903_conv_layers-1.py": ANSWER,
            "gausscarl_12347_678904_cnn.py": b"class ThreeLayerConvNet: pass\n",
            "anon_Xy3zQ_678905_hw5.zip": archive(),
            "noetheremmy_12349_text.html": b"<p>see my mail</p>",
        },
    )


def moodle_folders(folder: Path) -> Path:
    """Write Moodle's download in folders."""
    return write(
        folder,
        {
            "Ada Lovelace_1234567_assignsubmission_file_/hw5.zip": archive(),
            "Émilie du Châtelet_1234568_assignsubmission_file_/nndl/conv_layers.py": ANSWER,
            "Blaise Pascal_1234569_assignsubmission_onlinetext_/onlinetext.html": b"<p>done</p>",
        },
    )


def moodle_files(folder: Path) -> Path:
    """Write Moodle's download without folders."""
    return write(
        folder,
        {
            "Ada Lovelace_1234567_assignsubmission_file_hw5.zip": archive(),
            "Carl Gauss_1234570_assignsubmission_file_conv_layers.py": ANSWER,
            "Carl Gauss_1234570_assignsubmission_file_cnn.py": b"class ThreeLayerConvNet: pass\n",
        },
    )


def gradescope(folder: Path) -> Path:
    """Write an unpacked export of Gradescope."""
    return write(
        folder,
        {
            "submission_metadata.yml": METADATA.encode(),
            "submission_101/nndl/conv_layers.py": ANSWER,
            "submission_102/hw5.zip": archive(),
            "submission_999/conv_layers.py": ANSWER,
        },
    )


def brightspace(folder: Path) -> Path:
    """Write Brightspace's download in folders: Ada handed in twice, and Blaise a single file beside another."""
    return write(
        folder,
        {
            "123456-7890123 - Ada Lovelace - Nov 20, 2026 1159 PM/hw5.zip": archive(),
            "123456-7890124 - Ada Lovelace - Nov 21, 2026 101 AM/hw5.zip": archive(),
            "123457-7890125 - Jean-Luc O'Neil - Nov 20, 2026 900 AM/conv_layers.py": ANSWER,
            "index.html": b"<html></html>",
        },
    )


def brightspace_files(folder: Path) -> Path:
    """Write Brightspace's download without folders."""
    return write(
        folder,
        {
            "123456-7890123 - Ada Lovelace - 20 November, 2026 23-59 - conv_layers.py": ANSWER,
            "123456-7890123 - Ada Lovelace - 20 November, 2026 23-59 - cnn.py": b"class ThreeLayerConvNet: pass\n",
            "123457-7890125 - Blaise Pascal - 20 Brumaire, 2026 09-00 - hw5.zip": archive(),
            "index.html": b"<html></html>",
        },
    )


def blackboard(folder: Path) -> Path:
    """Write Blackboard's download: files of every attempt with a text each, one in words alone."""
    text = (
        "Name: {}\nAssignment: Homework 5\nDate Submitted: Friday, 20 November 2026 23:59:00 o'clock GMT\n\n"
    )
    text += "Submission Field:\nName: Somebody Else (else)\n"
    attempts = {
        "ada_l": ("2026-11-20-23-59-00", "Ada Lovelace (ada_l)", {"hw5.zip": archive()}),
        "blaise1": (
            "2026-11-19-10-00-00",
            "Blaise Pascal (blaise1)",
            {"conv_layers.py": ANSWER, "cnn.py": b"x = 1\n"},
        ),
        "carl": ("2026-11-18-10-00-00", "Carl Gauss (carl)", {}),
    }
    files = {}
    for user, (at, name, handed_in) in attempts.items():
        stem = f"Homework 5_{user}_attempt_{at}"
        files[f"{stem}.txt"] = text.format(name).encode()
        files |= {f"{stem}_{each}": data for each, data in handed_in.items()}
    files["Homework 5_blaise1_attempt_2026-11-20-08-00-00_hw5.zip"] = archive()
    return write(folder, files)


def clones(folder: Path) -> Path:
    """Write clones of two students' repositories, without the objects that git would keep."""
    names = "cs-hw5-ada", "cs-hw5-jean-luc"
    return write(
        folder, {f"{each}/{file}": ANSWER for each in names for file in ("conv_layers.py", ".git/HEAD")}
    )
