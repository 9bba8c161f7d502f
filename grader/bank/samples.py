"""Make submissions out of the solution: the sample class, and the same answers in every layout a course meets."""

from __future__ import annotations

import ast
import io
import tarfile
import zipfile
from collections.abc import Container, Iterable, Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from grader.bank.entries import Entry, Variant, load_mistakes, load_variants
from grader.bank.rebuild import as_files
from grader.course.assignment import Assignment, AssignmentError, Layout
from grader.course.description import described, read_toml
from grader.course.regions import solved
from grader.course.repository import Course
from grader.intake.rewrite import rewired
from grader.intake.source import module_name

CLASS_FILE = "samples/class.toml"

Files = Mapping[str, bytes]


class SampleStudent(BaseModel):
    """One made-up student.

    Attributes
    ----------
    name
        The submission's name.
    comment
        What the submission shows, for the reader of the file.
    base
        The complete solution, or the stubs as released.
    entries
        Names of mistakes and variants built into it, in this order.
    layout
        Which layout the files are in; the assignment's first one where it is empty.
    pack
        How they are handed in.
    below
        A sub-folder that the files lie in.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    comment: str
    base: Literal["solution", "starter"] = "solution"
    entries: tuple[str, ...] = ()
    layout: str = ""
    pack: Literal["folder", "zip", "tar.gz"] = "folder"
    below: str = ""


class SampleClassBroken(AssignmentError):
    """The sample class cannot be made; the message says what to write."""


def load_sample_class(assignment: Assignment) -> tuple[SampleStudent, ...]:
    """Read the assignment's sample class.

    Raises
    ------
    SampleClassBroken
        There is none, or its file does not describe one.
    """
    path = assignment.folder / CLASS_FILE
    try:
        students = read_toml(path, SampleClassBroken)["student"]
        complaint = f"{path} does not describe a class"
        return tuple(described(SampleStudent, each, complaint, SampleClassBroken) for each in students)
    except FileNotFoundError:
        raise SampleClassBroken(
            f"{assignment.id} has no sample class; name submissions with --submissions, or write {path}"
        ) from None
    except (KeyError, TypeError):
        raise SampleClassBroken(f"{path} has no [[student]]; each is one made-up submission") from None


def write_sample_class(repository: Course, assignment: Assignment, destination: Path) -> None:
    """Write every sample student's submission into `destination`, as a course's download folder would hold it."""
    entries: tuple[Entry, ...] = (*load_mistakes(assignment.folder), *load_variants(assignment.folder))
    bank = {each.name: each for each in entries}
    for student in load_sample_class(assignment):
        files = make_submission(repository, assignment, student, bank)
        hand_in(files, student, destination)


def make_submission(
    repository: Course,
    assignment: Assignment,
    student: SampleStudent,
    bank: Mapping[str, Entry],
) -> dict[str, bytes]:
    """Return the files of a sample student, by path.

    Raises
    ------
    SampleClassBroken
        It names an entry or a layout that there is none of.
    """
    files = starter_modules(repository, assignment)
    if student.base == "solution":
        files = solution_modules(repository, assignment)
    for name in student.entries:
        if name not in bank:
            raise _unknown(student, f"no mistake and no variant is called {name!r}", bank)
        files = as_files(bank[name], files)
    layout = next((each for each in assignment.layouts if student.layout in {"", each.name}), None)
    if layout is None:
        known = (each.name for each in assignment.layouts)
        raise _unknown(student, f"assignment.toml has no layout {student.layout!r}", known)
    laid_out = to_layout(files, assignment, layout)
    below = f"{student.below}/" if student.below else ""
    return {f"{below}{path}": content for path, content in laid_out.items()}


def _unknown(student: SampleStudent, what: str, known: Iterable[str]) -> SampleClassBroken:
    return SampleClassBroken(f"{CLASS_FILE}, {student.name}: {what}; there are {', '.join(known) or 'none'}")


def solution_modules(repository: Course, assignment: Assignment) -> dict[str, bytes]:
    """Return the modules of the complete solution by path: answers with their banners, earlier work without.

    Notebooks are among them where tests run in them.
    """
    modules = _modules(repository.solution(assignment), assignment)
    earlier = {path: solved(modules[path].decode("utf-8")).encode() for path in assignment.release.earlier}
    return {**modules, **earlier}


def starter_modules(repository: Course, assignment: Assignment) -> dict[str, bytes]:
    """Return the modules that students receive by path: answers as stubs, the rest complete."""
    return _modules(repository.starter(assignment), assignment)


def _modules(folder: Path, assignment: Assignment) -> dict[str, bytes]:
    release = assignment.release
    homes = release.notebooks if assignment.inside else release.cells
    paths = (*release.given, *release.earlier, *release.answers, *homes)
    missing = [path for path in paths if not (folder / path).is_file()]
    if missing:
        raise SampleClassBroken(
            f"{assignment.id}: {folder} has no {missing[0]}, which assignment.toml lists; write it in the "
            f"solution, and make the release: numgrade release --assignment {assignment.id}"
        )
    return {path: (folder / path).read_bytes() for path in paths}


def to_layout(files: Files, assignment: Assignment, layout: Layout) -> dict[str, bytes]:
    """Move a release's modules to where `layout` keeps them, joining those that share a file.

    Imports follow: a module is imported from its new place, and the support package by the layout's name for it.
    """
    places = {**layout.given, **layout.earlier, **layout.answers}
    modules = {module_name(path): module_name(place) for path, place in places.items()}
    modules |= {
        f"{package}.{name}": f"{layout.support}.{name}"
        for package in assignment.release.support[:1]
        for name in assignment.release.fast
    }
    laid_out: dict[str, bytes] = {}
    for path, content in files.items():
        place = places.get(path)
        if path.endswith(".ipynb"):
            laid_out[path] = content
        elif place is not None:
            text = rewired(content.decode("utf-8"), frozenset(modules.items()), here="").encode()
            laid_out[place] = laid_out[place] + b"\n\n" + text if place in laid_out else text
    return laid_out


def right_submission(
    repository: Course, assignment: Assignment, layout: Layout, variants: Iterable[Variant]
) -> dict[str, bytes]:
    """Return the solution as a student of this layout would write it: in its files and names, without what it lacks."""
    files = solution_modules(repository, assignment)
    for each in variants:
        if each.layout == layout.name:
            files = as_files(each, files)
    notebooks = {path: content for path, content in files.items() if not path.endswith(".py")}
    modules = {
        path: _without(content, layout.lacks) for path, content in files.items() if path not in notebooks
    }
    return {**notebooks, **to_layout(modules, assignment, layout)}


def _without(content: bytes, names: Container[str]) -> bytes:
    """Return a module without some of its functions and classes."""
    gone = {
        line
        for node in ast.parse(content).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name in names
        for line in range(
            min(each.lineno for each in (node, *node.decorator_list)), (node.end_lineno or 0) + 1
        )
    }
    lines = enumerate(content.splitlines(keepends=True), 1)
    return b"".join(b"\n" if number in gone else line for number, line in lines)


def hand_in(files: Files, student: SampleStudent, destination: Path) -> None:
    """Write a submission's files into `destination` as its student packs them."""
    if student.pack == "folder":
        for path, content in files.items():
            target = destination / student.name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    elif student.pack == "tar.gz":
        (destination / f"{student.name}.tar.gz").write_bytes(_tar(files))
    else:
        (destination / f"{student.name}.zip").write_bytes(_zip(files))


def _zip(files: Files) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return buffer.getvalue()


def _tar(files: Files) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for path, content in files.items():
            entry = tarfile.TarInfo(path)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()
