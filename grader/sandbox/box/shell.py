"""Run notebook cells: IPython's shell without its files, threads, processes and screens.

The shell is made once, in the fork server before any student code ran, because importing IPython and
matplotlib costs a second; each worker inherits a fresh one by fork.
"""

# mypy: allow-untyped-calls
# IPython types some of its methods only.

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from types import FrameType, ModuleType
from typing import Any, Final

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.history import HistoryManager
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.profiledir import ProfileDir
from IPython.utils.text import SList

from . import inside
from .failures import describe, inside as is_inside
from .inside import TestWatch, described
from .recorder import Recorder, Stream

_REPEAT_SECONDS: Final = 0.5
_TRACEBACK_STEPS: Final = 20

# A cell that computes gets at least this share of a core even on a busy machine; one that waits does not.
_WORKING: Final = 0.1
_PATIENCE: Final = 4.0

_BACKEND: Final = "module://matplotlib_inline.backend_inline"
_AUTORELOAD: Final = "IPython.extensions.autoreload"
_CELL: Final = "<ipython-input-"
_ALSO_SHELL: Final = ("bash", "sh", "script", "system", "sx", "perl", "ruby", "cmd", "pypy", "python2")
_INSTALLERS: Final = ("pip", "conda", "mamba", "micromamba", "uv")

# What cells use first loads more of IPython and matplotlib.
_WARM_UP: Final = (
    "import matplotlib.pyplot as plt\nplt.subplot(2, 1, 1).plot([0, 1])\nplt.imshow([[0, 1]])\nplt.show()",
    "import asyncio\n%timeit -n 1 -r 1 0",
    "1 / 0",
)


class CellTimeout(BaseException):
    """The cell's time is up. No Exception, so that a student's handlers let it pass."""


def prepare(fonts: str) -> Any:
    """Return a shell, with all that notebooks of numbers and figures import loaded.

    Parameters
    ----------
    fonts
        Folder of matplotlib's list of fonts; without one, matplotlib would search the machine for them.
    """
    os.environ["MPLBACKEND"] = _BACKEND
    # There is no home to look for settings in, and nowhere to make one.
    found = importlib.util.find_spec("matplotlib")
    assert found is not None and found.origin is not None  # noqa: S101  # a library of this box
    os.environ["MATPLOTLIBRC"] = os.path.join(os.path.dirname(found.origin), "mpl-data", "matplotlibrc")
    import matplotlib  # noqa: PLC0415  # after the lines above

    matplotlib.get_cachedir = matplotlib.get_configdir = lambda: fonts
    sys.modules[_AUTORELOAD] = _autoreload()
    shell = _Shell.instance()
    shell.enable_matplotlib("inline")
    importlib.import_module("numpy.testing")  # what tests judge with is known before a notebook runs
    for source in _WARM_UP:
        run_cell(shell, source, 60.0, 10**6, "")
    shell.reset(new_session=True)
    return shell


def run_cell(
    shell: Any, source: str, seconds: float, most: int, root: str, *, aloud: bool = False
) -> dict[str, Any]:
    """Run one cell.

    Returns
    -------
    dict
        ``outputs``, ``dropped`` (characters beyond `most`), ``failed`` and ``late``.
    """
    recorder = Recorder(most)
    shell.recorder = recorder
    sys.modules["__main__"] = shell.user_module
    error: BaseException | None
    with _streams(recorder, aloud=aloud):
        try:
            with _alarm(seconds):
                result = shell.run_cell(source, store_history=True)
            error = result.error_before_exec or result.error_in_exec
        except BaseException as raised:  # an alarm may go off in the shell's own code
            error = raised
    if error is not None:
        _record(recorder, error, root)
    return {
        "outputs": recorder.finished(),
        "dropped": recorder.dropped,
        "failed": error is not None,
        "late": isinstance(error, CellTimeout),
    }


def run_test(
    shell: Any,
    watch: TestWatch,
    code: tuple[bytes, bytes],
    seconds: float,
    most: int,
    names: tuple[list[str], list[str]],
    root: str,
) -> dict[str, Any]:
    """Run one test cell among the notebook's variables.

    Parameters
    ----------
    code
        As for `inside.run_test`.
    names
        The names to describe before it runs, and those that get back what they had when it is over.

    Returns
    -------
    dict
        How it ended (``type``, ``text``, ``line``, ``late``), the ``value`` of its last expression where that is a
        number, what it ``printed`` with that value, and what is to be compared before it is believed: the evidence
        ``before`` and ``after`` it, what the ``names`` are, and ``looks``.
    """
    recorder, named, value = Recorder(most), described(shell.user_ns, names[0]), None
    shell.recorder = recorder
    sys.modules["__main__"] = shell.user_module
    before, error = watch.evidence(), None
    with _streams(recorder, aloud=False):
        watch.watching(True)
        try:
            with _alarm(seconds):
                value = inside.run_test(shell.user_ns, *code, names[1])
                if value is not None:
                    sys.stdout.write(f"{value!r}\n")
        except BaseException as raised:  # an exit is an end as well
            error = raised
        watch.watching(False)
    texts = [str(each["text"]) for each in recorder.finished() if each.get("name") == "stdout"]
    return {
        **inside.ended(error, root),
        "late": isinstance(error, CellTimeout),
        "value": inside.plain(value),
        "printed": "".join(texts),
        "before": before,
        "after": watch.evidence(),
        "names": named,
        "looks": watch.looks(),
    }


def _record(recorder: Recorder, error: BaseException, root: str) -> None:
    name, text, _where = describe(error, root)
    try:
        steps = list(_steps(error, root))
    except BaseException:  # a submission's objects may raise anything when looked at
        steps = []
    recorder.error(name, text, [*steps[-_TRACEBACK_STEPS:], f"{name}: {text}"])


def _steps(error: BaseException, root: str) -> Iterator[str]:
    """Give the steps of a traceback that are in a cell or in the submission, one string each."""
    for step in traceback.extract_tb(error.__traceback__):
        if step.filename.startswith(_CELL):
            place = "this notebook"
        elif is_inside(step.filename, root):
            place = os.path.relpath(step.filename, root)
        else:
            continue
        yield f"{place}, line {step.lineno}, in {step.name}\n    {step.line or ''}"


@contextlib.contextmanager
def _streams(recorder: Recorder, *, aloud: bool) -> Iterator[None]:
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = Stream(recorder, "stdout", aloud=aloud), Stream(recorder, "stderr")
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


@contextlib.contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """Interrupt what runs after `seconds`, and again and again should it catch that."""
    begun, used = time.monotonic(), time.process_time()

    def ring(_number: int, _frame: FrameType | None) -> None:
        if starved(time.process_time() - used, time.monotonic() - begun, seconds):
            return
        raise CellTimeout(f"the cell was stopped after {seconds:g} s")

    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, _REPEAT_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)


def starved(used: float, elapsed: float, seconds: float) -> bool:
    """Say whether a cell works but got too little of a busy machine, so that it deserves more time.

    Parameters
    ----------
    used, elapsed
        CPU time and wall time since it began.
    seconds
        What it may take.
    """
    return _WORKING * elapsed < used < seconds and elapsed < _PATIENCE * seconds


class _Hook(DisplayHook):
    """Records the value of a cell's last line."""

    shell: Any

    def write_output_prompt(self) -> None:
        """Write nothing."""

    def write_format_data(self, format_dict: Any, _metadata: Any = None) -> None:
        """Record the value."""
        self.shell.recorder.rich("execute_result", format_dict)

    def finish_displayhook(self) -> None:
        """Write nothing."""


class _Publisher(DisplayPublisher):
    """Records what ``display`` is given."""

    shell: Any

    def publish(self, data: Any, *_arguments: Any, update: bool = False, **named: Any) -> None:
        """Record it."""
        name = str((named.get("transient") or {}).get("display_id", ""))
        self.shell.recorder.rich("display_data", data, name, update=update)

    def clear_output(self, wait: bool = False) -> None:
        """Forget what the cell has put out so far."""
        self.shell.recorder.clear(wait=wait)


class _Shell(InteractiveShell):
    """IPython's shell without history, profile, event loops of windows, and commands of the system."""

    recorder: Any = None
    displayhook_class = _Hook
    display_pub_class = _Publisher

    def init_ipython_dir(self, _folder: Any) -> None:
        """Have no folder."""
        self.ipython_dir = ""

    def init_profile_dir(self, _folder: Any) -> None:
        """Have no profile."""
        self.profile_dir = ProfileDir()

    def init_history(self) -> None:
        """Keep the history in memory alone."""
        self.history_manager = HistoryManager(shell=self, parent=self, enabled=False)
        self.configurables.append(self.history_manager)  # type: ignore[arg-type]  # it holds both

    def init_magics(self) -> None:
        """Replace the magics that would start a program."""
        super().init_magics()
        register: Any = self.register_magic_function
        for name in _ALSO_SHELL:
            register(_refusal(name), "line_cell", name)
        for name in _INSTALLERS:
            register(_refusal(name), "line", name)

    def ask_exit(self) -> None:
        """Stay: a notebook outlives ``exit()``."""

    def enable_gui(self, gui: Any = None) -> None:
        """Do nothing: there is no screen."""

    def enable_matplotlib(self, gui: Any = None) -> Any:  # noqa: ARG002
        """Show figures in the notebook, whatever was asked for."""
        return super().enable_matplotlib("inline")

    def system(self, cmd: str) -> None:
        """Say that commands are not run."""
        _refuse(cmd)

    system_piped = system_raw = system

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> Any:  # noqa: ARG002
        """Say that commands are not run, and give no output."""
        _refuse(cmd)
        return SList() if split else ""

    def showtraceback(self, *_arguments: Any, **_named: Any) -> None:
        """Leave it to `run_cell`, which takes the exception itself."""

    showsyntaxerror = showindentationerror = showtraceback

    def _format_exception_for_storage(self, *_arguments: Any, **_named: Any) -> dict[str, Any]:
        """Keep no traceback in the history: to write one, every module is searched for each of its lines."""
        return {}


def _autoreload() -> ModuleType:
    """Return what stands for IPython's extension: no file can change in a box, so nothing is ever reloaded.

    The real one reads the source of every module that is loaded.
    """

    def load(shell: Any) -> None:
        def autoreload(_line: str) -> None:
            """Accept any mode."""

        def aimport(line: str) -> None:
            """Import what is not marked with a minus."""
            for name in line.replace(",", " ").split():
                if not name.startswith("-"):
                    importlib.import_module(name)
                    top = name.partition(".")[0]
                    shell.push({top: sys.modules[top]})

        shell.register_magic_function(autoreload, "line", "autoreload")
        shell.register_magic_function(aimport, "line", "aimport")

    module = ModuleType(_AUTORELOAD)
    module.__dict__["load_ipython_extension"] = load
    return module


def _refusal(name: str) -> Callable[..., None]:
    def refuse(line: str = "", _cell: str | None = None) -> None:
        _refuse(f"%{name} {line}".strip())

    return refuse


def _refuse(command: str) -> None:
    sys.stderr.write(f"Shell commands are not run where submissions are graded: {command.strip()[:200]}\n")
