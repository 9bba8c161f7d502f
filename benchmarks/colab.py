"""Whether a release installs over what Colab pins: `pip check` is clean and no package is replaced."""

from __future__ import annotations

import json
import subprocess
import tempfile
import venv
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table

from grader.authoring.student_tree import build_tree
from grader.course.repository import Course

PINS = (
    *(
        "ipython==7.34.0",
        "ipykernel==6.17.1",
        "ipywidgets==7.7.1",
        "notebook==6.5.7",
        "jupyter-server==2.14.0",
    ),
    *(
        "jupyter-client==7.4.9",
        "tornado==6.5.1",
        "traitlets==5.7.1",
        "prompt-toolkit==3.0.51",
        "pygments==2.19.2",
    ),
    *(
        "numpy==2.0.2",
        "matplotlib==3.10.0",
        "pillow==11.3.0",
        "pandas==2.2.2",
        "pytest==8.4.2",
        "rich==13.9.4",
    ),
    *("Cython==3.0.12", "setuptools==75.2.0", "pooch==1.8.2", "requests==2.32.4", "scipy==1.16.3"),
)
"""Of Colab's published list, what a release or its notebooks could touch."""


@dataclass(frozen=True, slots=True)
class Installed:
    """What an installation changed."""

    assignment: str
    added: tuple[str, ...]
    replaced: tuple[str, ...]
    complaints: str


LARGE = {"torch": "2.8.0"}
"""What Colab has, too, and is too large to fetch for this: only its name and version stand in the environment."""


def run() -> tuple[Installed, ...]:
    """Install every assignment's release over the pins, one after the other; what it added is taken out again."""
    course = Course.open(Path(__file__))
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "colab"
        venv.create(folder, with_pip=True)
        python = str(folder / "bin/python")
        _pip(python, "install", "--quiet", *PINS)
        for name, version in LARGE.items():
            _stand_in(next(folder.glob("lib/python*/site-packages")), name, version)
        return tuple(_installed(course, name, python, Path(home) / name) for name in course.assignment_ids)


def _installed(course: Course, name: str, python: str, release: Path) -> Installed:
    for path, content in build_tree(course.load(name), course).files.items():
        (release / path).parent.mkdir(parents=True, exist_ok=True)
        (release / path).write_bytes(content)
    before = _listed(python)
    _pip(python, "install", "--quiet", "--no-build-isolation", "--editable", str(release))
    after = _listed(python)
    checked = subprocess.run([python, "-m", "pip", "check"], capture_output=True, text=True, check=False)  # noqa: S603
    added = tuple(sorted(after.keys() - before.keys()))
    replaced = tuple(sorted(each for each, version in before.items() if after.get(each) != version))
    _pip(python, "uninstall", "--quiet", "--yes", f"{name}-assignment", *added)
    if replaced:
        _pip(python, "install", "--quiet", *PINS)
    return Installed(name, added, replaced, "" if checked.returncode == 0 else checked.stdout.strip())


def _stand_in(packages: Path, name: str, version: str) -> None:
    """Let pip find a distribution that has no files."""
    folder = packages / f"{name}-{version}.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", encoding="utf-8"
    )
    for file, text in {"INSTALLER": "pip\n", "RECORD": ""}.items():
        (folder / file).write_text(text, encoding="utf-8")


def _pip(python: str, *words: str) -> str:
    done = subprocess.run([python, "-m", "pip", *words], capture_output=True, text=True, check=True)  # noqa: S603
    return done.stdout


def _listed(python: str) -> dict[str, str]:
    found = json.loads(_pip(python, "list", "--format=json", "--disable-pip-version-check"))
    return {each["name"]: each["version"] for each in found if not each["name"].endswith("-assignment")}


def table(found: tuple[Installed, ...]) -> Table:
    """Say what each release added and replaced."""
    result = Table("release", "added", "replaced", "pip check", title="Installed over what Colab pins")
    for each in found:
        result.add_row(
            each.assignment,
            ", ".join(each.added),
            ", ".join(each.replaced) or "nothing",
            each.complaints or "clean",
        )
    return result
