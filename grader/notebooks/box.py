"""Open the box that notebooks run in, and prepare it: modules under their released names, data, fonts, `%check`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Self

from grader.course.assignment import Assignment, Goal
from grader.course.data_sets import data_sets_of
from grader.course.limits import GIBIBYTE, MEBIBYTE, Limits
from grader.intake.release import ReleaseSource
from grader.intake.source import module_name
from grader.intake.stage import Stage
from grader.notebooks.execute import NotebookLimits
from grader.sandbox import Box, BoxFailed, BoxSpec, Isolation, ReusableBox
from grader.sandbox.libraries import NOTEBOOK_LIBRARIES
from grader.sandbox.scratch import temporary_folder

ROOT = "full"
"""The root of the stage that notebooks see: the whole package, with the given fast layers."""

_HEADER_BYTES = 8 * MEBIBYTE
"""Outputs cross as text in a frame's header; what a cell may put out takes at most this as JSON."""

_DATA_BYTES = 2 * GIBIBYTE
"""Address space beside the checks' for a data set in memory, once as it is read and once as it is used."""


@dataclass(frozen=True, slots=True)
class NotebookPlan:
    """What the notebooks of all submissions have in common.

    Attributes
    ----------
    data
        Folder of the data set; without one the cells that need it are skipped.
    """

    assignment: Assignment
    release: ReleaseSource
    isolation: Isolation
    limits: NotebookLimits = field(default_factory=NotebookLimits)
    data: Path | None = None

    def __post_init__(self) -> None:
        # In a box only the real folder is there, and no link that leads to it.
        object.__setattr__(self, "data", self.data and self.data.resolve())

    @property
    def goals(self) -> tuple[Goal, ...]:
        """What cells must arrive at."""
        return self.assignment.notebooks.goals

    def with_goals(self, goals: Iterable[Goal]) -> Self:
        """Return the plan with these goals, such as those of the part that is asked for: others cost no time."""
        rules = self.assignment.notebooks.model_copy(update={"goals": tuple(goals)})
        return replace(self, assignment=self.assignment.model_copy(update={"notebooks": rules}))


def notebooks_seconds(assignment: Assignment, *, with_data: bool) -> float:
    """Return how long the notebooks of one submission may run by their own limits, on a machine of its own."""
    limits = NotebookLimits()
    goals = sum(goal.seconds for goal in assignment.notebooks.goals) if with_data else 0.0
    # What seems to contradict its stored outputs runs a second time; given cells that were changed run as released and
    # as they were handed in.
    return goals + 4 * len(assignment.release.notebooks) * (limits.notebook_seconds + limits.cell_seconds)


def open_box(stage: Stage, plan: NotebookPlan, more_seconds: float = 0.0) -> Box:
    """Open a box for the notebooks of a staged submission.

    Parameters
    ----------
    more_seconds
        CPU time that a cell needs beside what the limits and the goals allow.
    """
    spec = replace(_spec(plan), roots={ROOT: root_of(stage)})
    return Box.open(spec, plan.isolation, _box_limits(plan, more_seconds))


def kept_box(plan: NotebookPlan, stages: Path) -> ReusableBox:
    """Return a box for the notebooks of all submissions that are staged in `stages`, one after the other."""
    return ReusableBox(plan.isolation, _box_limits(plan), _spec(plan), stages)


def _spec(plan: NotebookPlan) -> BoxSpec:
    data = (*filter(None, [plan.data]), *data_sets_of(plan.assignment).values())
    libraries = (*NOTEBOOK_LIBRARIES, *plan.assignment.libraries)
    return BoxSpec({}, libraries, plan.release.imports, matplotlib_fonts(), data)


def root_of(stage: Stage) -> Path:
    """Return the folder that notebooks import from."""
    return Path(stage.roots[ROOT]).resolve()


def _box_limits(plan: NotebookPlan, more_seconds: float = 0.0) -> Limits:
    limits, notebook = plan.assignment.limits, plan.limits
    seconds = notebook.notebook_seconds + notebook.cell_seconds + more_seconds
    with_data = plan.data is not None
    return replace(
        limits,
        header_bytes=_HEADER_BYTES,
        cpu_seconds=seconds + with_data * sum(goal.seconds for goal in plan.goals),
        address_space=limits.address_space + with_data * _DATA_BYTES,
    )


def preamble(stage: Stage, plan: NotebookPlan) -> str:
    """Return code that makes cells find modules, data and the check magic where they look for them."""
    rules, kit = plan.assignment.notebooks, plan.assignment.release.kit
    places = {
        plan.assignment.data_sets[name].variable: folder
        for name, folder in data_sets_of(plan.assignment).items()
    }
    if rules.data_variable and plan.data:
        places[rules.data_variable] = plan.data
    where = "".join(f"os.environ[{name!r}] = {str(folder)!r}\n" for name, folder in places.items())
    return "".join(
        (
            aliases(_renamed_modules(stage, plan.assignment)),
            f"import os\n{where}del os\n" if where else "",
            _KIT.format(name=kit) if kit else "",
            _OTTER if plan.assignment.inside else "",
        )
    )


_OTTER = """\
def _otter():
    import sys, types
    class Notebook:
        def __init__(self, *_arguments, **_named):
            pass
        def __getattr__(self, name):
            return lambda *_arguments, **_named: None
    sys.modules["otter"] = module = types.ModuleType("otter")
    module.Notebook = Notebook
_otter()
del _otter
"""
"""What stands for otter in its notebooks, whose own checks run on the student's machine."""

_KIT = """\
def _kit(name):
    import sys, types
    def check(line):
        print("%check runs on your own machine; here it is left out.")
    module = sys.modules[name] = types.ModuleType(name)
    module.load_ipython_extension = lambda shell: shell.register_magic_function(check, "line", "check")
_kit({name!r})
del _kit
"""


def _renamed_modules(stage: Stage, assignment: Assignment) -> dict[str, str]:
    """Return the released modules that go by another name in the submission's layout."""
    layout = next(each for each in assignment.layouts if each.name == stage.submission.layout)
    paths = {**layout.given, **layout.earlier, **layout.answers}
    support = dict.fromkeys(assignment.release.support[:1], layout.support)
    modules = {module_name(path): module_name(own) for path, own in paths.items()}
    return {name: own for name, own in {**support, **modules}.items() if name != own}


def aliases(modules: Mapping[str, str]) -> str:
    """Return code that makes modules importable under their released names.

    Parameters
    ----------
    modules
        Released module to the submission's, such as ``{"work.layers": "package.layers"}``.
    """
    renamed = {name: own for name, own in modules.items() if name != own}
    if not renamed:
        return ""
    return _ALIASES.format(renamed=renamed)


_ALIASES = """\
def _alias(renamed):
    import importlib, sys, types
    for name, own in renamed.items():
        top, _, last = name.rpartition(".")
        try:
            module = importlib.import_module(own)
            if top:
                try:
                    package = importlib.import_module(top)
                except ImportError:
                    package = sys.modules[top] = types.ModuleType(top)
                    package.__path__ = []
                setattr(package, last, module)
        except Exception:
            continue
        sys.modules[name] = module
_alias({renamed!r})
del _alias
"""


def require_libraries() -> None:
    """See that everything is installed that notebooks are run with.

    Raises
    ------
    BoxFailed
        Something is not; the message says how to install it.
    """
    if find_spec("matplotlib") is None:
        raise BoxFailed(
            "running notebooks takes matplotlib; install it with: pip install 'numgrade[notebooks]'"
        )


@cache
def matplotlib_fonts() -> Mapping[str, bytes]:
    """Return matplotlib's cache of fonts, by file name, with the fonts it comes with and no others."""
    require_libraries()
    import matplotlib  # noqa: PLC0415  # takes a second, and most gradings need none of it
    from matplotlib import font_manager  # noqa: PLC0415

    own = matplotlib.get_data_path()
    known = font_manager.fontManager
    bundled = object.__new__(font_manager.FontManager)
    bundled.__dict__.update(known.__dict__)
    bundled.ttflist = [each for each in known.ttflist if each.fname.startswith(own)]
    bundled.afmlist = [each for each in known.afmlist if each.fname.startswith(own)]
    name = f"fontlist-v{font_manager.FontManager.__version__}.json"
    with temporary_folder("fonts-") as folder:
        path = Path(folder) / name
        font_manager.json_dump(bundled, path)
        return {name: path.read_bytes()}
