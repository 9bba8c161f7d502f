"""Other packages add platforms, exports, layouts and clusters, and are held to what ours are held to."""

from __future__ import annotations

import io
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from grader import conformance, plugins
from grader.authoring.new import create_assignment, create_course
from grader.authoring.release import release
from grader.classrun.options import GradeOptions
from grader.classrun.run import grade_class
from grader.course.assignment import Layout
from grader.course.repository import Course
from grader.course.version import verdict_version
from grader.intake.archives import FORMATS
from grader.intake.arrivals import Person
from grader.intake.lms.pieces import Platform
from grader.intake.lms.platforms import BLACKBOARD, BRIGHTSPACE, CANVAS, GITHUB, GRADESCOPE, MOODLE, platforms
from grader.plugins import EntryGroup, PluginBroken
from grader.reporting.exports.export import ExportOptions, export
from grader.reporting.returning import Feedback, ReturnOptions, target_named
from grader.reporting.write import write_class
from tests.intake.lms import downloads
from tests.reporting.exports.gradebooks import graded

PACKAGE = Path(__file__).parent / "plugin"
INFORMATION = """\
Metadata-Version: 2.1
Name: {name}
Version: 0.1.0
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Return a function that puts a package with entry points on the path, as an installer does."""

    def put(name: str, code: str, group: EntryGroup, **entries: str) -> None:
        site = tmp_path / f"site-{name}"
        information = site / f"{name}-0.1.0.dist-info"
        information.mkdir(parents=True)
        (information / "METADATA").write_text(INFORMATION.format(name=name), encoding="utf-8")
        lines = "".join(f"{entry} = {value}\n" for entry, value in entries.items())
        (information / "entry_points.txt").write_text(f"[{group}]\n{lines}", encoding="utf-8")
        (site / f"{name}.py").write_text(code, encoding="utf-8")
        monkeypatch.syspath_prepend(str(site))
        plugins.added.cache_clear()

    yield put
    plugins.added.cache_clear()


@pytest.fixture
def ilias(install: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> Platform:
    """Return the platform of the example package once that is installed."""
    monkeypatch.syspath_prepend(str(PACKAGE))
    install("numgrade_ilias_dist", "", EntryGroup.PLATFORMS, ilias="numgrade_ilias:ILIAS")
    return next(each for each in platforms() if each.name == "ilias")


def test_the_example_package_passes_the_conformance_test(ilias: Platform, tmp_path: Path) -> None:
    """A package of sixty lines adds a platform: its downloads are recognised and read, its students found again."""
    files = {
        "Lovelace_Ada_ada_1234/a.py": b"",
        "Gauss_Carl_carl_77/work/a.py": b"",
        "readme.txt": b"by the tutor",
    }
    downloads.write(tmp_path / "download", files)
    conformance.check_platform(ilias, tmp_path / "download", {"ada-1234", "carl-77"}, tmp_path / "work")


@pytest.mark.parametrize(
    ("layout", "platform"),
    [
        (downloads.canvas, CANVAS),
        (downloads.moodle_folders, MOODLE),
        (downloads.moodle_files, MOODLE),
        (downloads.gradescope, GRADESCOPE),
        (downloads.brightspace, BRIGHTSPACE),
        (downloads.brightspace_files, BRIGHTSPACE),
        (downloads.blackboard, BLACKBOARD),
        (downloads.clones, GITHUB),
    ],
)
def test_our_own_platforms_pass_it(layout, platform: Platform, tmp_path: Path) -> None:
    """What is asked of others holds for ours."""
    download = layout(tmp_path / "download")
    arrivals, _ = platform.read(download, tmp_path / "gathered")
    students = {each.student.id for each in arrivals}
    conformance.check_platform(platform, download, students, tmp_path / "work")


def test_a_platform_that_takes_everything_does_not(ilias: Platform, tmp_path: Path) -> None:
    """A plain folder of submissions must stay one, and who handed in must be read."""
    downloads.write(tmp_path / "download", {"Lovelace_Ada_ada_1234/a.py": b""})
    with pytest.raises(conformance.NotConforming, match="handed in had"):
        conformance.check_platform(ilias, tmp_path / "download", {"ada-1234", "carl-77"}, tmp_path / "work")
    with pytest.raises(conformance.NotConforming, match="names another platform"):
        conformance.check_platform(
            replace(ilias, marks=lambda _name: True), tmp_path / "download", {"ada-1234"}, tmp_path / "more"
        )


def test_our_own_archives_pass_the_conformance_test() -> None:
    """Each kind that is opened is known by its bytes and read as it was packed."""
    members = {"a.py": b"x = 1\n", "work/b.py": b""}
    packed, tar, compressed = io.BytesIO(), io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    for stream, mode in ((tar, "w"), (compressed, "w:gz")):
        with tarfile.open(fileobj=stream, mode=mode) as bundle:
            for name, data in members.items():
                entry = tarfile.TarInfo(name)
                entry.size = len(data)
                bundle.addfile(entry, io.BytesIO(data))
    samples = {".zip": packed, ".tar": tar, ".tar.gz": compressed}
    for kind in FORMATS:
        if kind.members:
            conformance.check_format(kind, samples[kind.suffixes[0]].getvalue(), members)


EXPORT = """
from grader.reporting.exports.export import Exported
from grader.reporting.grades_json import load

def names(options):
    report = load(options.grades / "grades.json")
    options.out.write_text("".join(f"{each.id}\\n" for each in report.submissions))
    return Exported(f"{options.out}: written")
"""


def test_a_package_adds_an_export(install, repository, cnn, tmp_path: Path) -> None:
    """It is one more word of --to, and passes its conformance test."""
    install("names_export", EXPORT, EntryGroup.EXPORTS, names="names_export:names")
    write_class(graded(("ada", 70.0), ("blaise", 30.0)), cnn, tmp_path / "grades")
    options = ExportOptions(repository.root, "names", tmp_path / "grades", out=tmp_path / "names.txt")
    conformance.check_export(export, options)
    assert (tmp_path / "names.txt").read_text(encoding="utf-8") == "ada\nblaise\n"


POSTBOX = """
from contextlib import contextmanager
from pathlib import Path

class Postbox:
    together = False

    def __init__(self, options):
        self.path, self.notes = Path(options.at), []
        self.place = f"postbox {options.at}"

    def identity(self, person, member):
        return person.email

    @contextmanager
    def connect(self, items):
        yield self

    def has(self, item):
        return self.path.exists() and item.content in self.path.read_text()

    def send(self, items):
        with self.path.open("a") as box:
            box.writelines(f"{each.to} {each.content}\\n" for each in items)
        return {}

class Forgetful(Postbox):
    def has(self, item):
        return False
"""


def test_a_package_adds_a_place_to_return_to(install, repository, tmp_path: Path) -> None:
    """It is one more word of --to, and has to know what it was given."""
    install("postbox", POSTBOX, EntryGroup.PLACES, postbox="postbox:Postbox", sieve="postbox:Forgetful")
    report = graded(("ada", 70.0)).submissions[0]
    ada = Person("ada", email="ada@example.edu")
    item = Feedback("ada", "ada", ada, None, ada.email, report, (), tmp_path / "page.html", (), "5f0c")
    options = ReturnOptions(repository.root, "postbox", at=str(tmp_path / "box"))
    conformance.check_place(target_named, options, [item])
    assert (tmp_path / "box").read_text(encoding="utf-8") == "ada@example.edu 5f0c\n"
    with pytest.raises(conformance.NotConforming, match="given it twice"):
        conformance.check_place(target_named, replace(options, to="sieve"), [item])


LAYOUT = """
from grader.course.assignment import Layout

def layouts(assignment):
    return [Layout(name="drawer", answers={path: f"drawer/{path}" for path in assignment.release.answers})]
"""


def test_a_package_adds_a_layout_which_is_part_of_what_judges(install, repository: Course) -> None:
    """Every assignment has it beside its own, and a class is graded again once it does."""
    before = repository.load("fc")
    install("drawer", LAYOUT, EntryGroup.LAYOUTS, drawer="drawer:layouts")
    after = repository.load("fc")
    assert [each.name for each in after.layouts] == [*(each.name for each in before.layouts), "drawer"]
    assert isinstance(after.layouts[-1], Layout)
    assert verdict_version(repository, before) != verdict_version(repository, after)


CLUSTER = """
from contextlib import contextmanager
from grader.classrun.local import LocalPool

@contextmanager
def start(jobs):
    pool = LocalPool(jobs)
    yield pool
    pool.close()
"""


def test_a_package_adds_a_cluster(install, tmp_path: Path) -> None:
    """It is one more word of --cluster, and grades a class as our own do."""
    install("here", CLUSTER, EntryGroup.CLUSTERS, here="here:start")
    create_course(tmp_path / "course")
    course = Course(tmp_path / "course")
    create_assignment(course, "hw1")
    release(course.load(), course.root)
    options = GradeOptions(course.root, "hw1", None, tmp_path / "grades", jobs="1", cluster="here")
    scores = {}
    grade_class(options, lambda _told: None, lambda report: scores.update({report.id: report.score}))
    assert scores == {"ada": 10.0, "blaise": 0.0, "florence": 0.0}


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("raise ImportError('no such thing')", "cannot be imported .no such thing."),
        ("", "cannot be imported"),
    ],
)
def test_a_broken_package_is_named(install, code: str, words: str) -> None:
    """Nobody is graded, and the message says what to uninstall."""
    install("broken", code, EntryGroup.PLATFORMS, broken="broken:NOTHING")
    sys.modules.pop("broken", None)
    with pytest.raises(PluginBroken, match=f"broken adds 'broken' to numgrade.platforms, which {words}"):
        platforms()


def test_two_packages_of_one_name_are_told(install) -> None:
    """Which of them would be used is not left to chance."""
    for name in ("one", "two"):
        install(name, "THING = None\n", EntryGroup.PLATFORMS, moodle2=f"{name}:THING")
    with pytest.raises(PluginBroken, match="and so does another"):
        platforms()
