"""`invoke check`, `invoke submit` and `invoke build`, as functions that return an exit code."""

from __future__ import annotations

import io
import math
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.machinery import EXTENSION_SUFFIXES
from itertools import chain, groupby
from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from grader.reporting.text import counted
from grader.results import Outcome
from grader.student.ci import as_json, leave_reports
from grader.student.results import PublicResult, all_fine, headline, shown_words
from grader.student.session import CHECK_SECONDS, Run, run_public_checks
from grader.student.submit import own_modules, pack, package_notes, problems, renamed_notebooks, version_notes
from grader.student.update import NEW, update as merge_release
from grader.student.workspace import Workspace, WorkspaceError

STOPPED = 130
"""What shells return for a program that was interrupted."""

SETUP = "setup.py"
LOG = "build.log"
FAILED = "could not be compiled"
"""What the given setup.py says of a build that failed; for it that is no error, because NumPy stands in."""

LONGEST_REASON = 120
"""Characters of the last error that are shown; a compiler's whole command line is for the log."""

COMPILERS = {
    "win32": "the Build Tools for Visual Studio, with `Desktop development with C++`",
    "darwin": "the Xcode command line tools: xcode-select --install",
    "linux": "gcc; on Debian or Ubuntu: sudo apt install build-essential python3-dev",
}


def check(
    only: str = "",
    console: Console | None = None,
    seconds: float | str = CHECK_SECONDS,
    *,
    json: str = "",
    ci: bool = False,
) -> int:
    """Run the public checks, all or those of `only`, and print a table; 0 when all came out right.

    With `json` the results also go to that file, and with `ci` to where a server that runs this looks for them.
    """
    console = console or _terminal()
    names = tuple(only.replace(",", " ").split())
    try:
        workspace = Workspace.load()
        run = _run(workspace, names, console, _some_seconds(seconds))
        _leave(workspace, run, json, ci=ci)
    except WorkspaceError as error:
        return _refuse(console, str(error))
    _print_run(run, console)
    for note in (*version_notes(workspace), *package_notes(workspace)):
        console.print(Text(f"- {note}", "yellow"))
    if run.interrupted:
        return STOPPED
    if not all_fine(run.results):
        first = next(each for each in run.results if not each.fine).family
        if names != (first,):
            console.print(f"Go on with {first}, and look at it alone with: invoke check --only {first}")
        return 1
    console.print(
        "Grading uses further inputs than these checks, so read your code once more before you hand in."
    )
    return 0


def _terminal() -> Console:
    """Return a console on which what its code page does not have is a question mark, and no error."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    return Console()


def _leave(workspace: Workspace, run: Run, json: str, *, ci: bool) -> None:
    """Leave the results for machines."""
    try:
        if json:
            Path(json).write_text(as_json(workspace, run.results), encoding="utf-8")
        if ci:
            for line in leave_reports(workspace, run.results, os.environ, datetime.now(UTC)):
                print(line)
    except OSError as error:
        raise WorkspaceError(
            f"{error.filename} cannot be written ({error.strerror}); name another file."
        ) from error


def submit(
    *, anyway: bool = False, console: Console | None = None, workspace: Workspace | None = None
) -> int:
    """Run the public checks and pack the assignment; refuse what was left undone unless `anyway`."""
    console = console or _terminal()
    try:
        workspace = workspace or Workspace.load()
        run = _run(workspace, (), console)
    except WorkspaceError as error:
        return _refuse(console, str(error))
    _print_run(run, console)
    if run.interrupted:
        return STOPPED
    for name, copy in renamed_notebooks(workspace).items():
        console.print(Text(f"- {name} is not here: {copy.name} is packed in its place.", "yellow"))
    if further := own_modules(workspace):
        console.print(Text(f"- Packed as well, because your work imports them: {', '.join(further)}."))
    found = problems(workspace)
    for problem in (*version_notes(workspace), *package_notes(workspace), *found):
        console.print(Text(f"- {problem}", "yellow"))
    if found and not anyway:
        return _refuse(console, "Nothing was packed. Mend this, or hand in as it is: invoke submit --anyway")
    packed = pack(workspace, run.results, datetime.now(UTC))
    console.print(Text(f"Packed {len(packed.files)} files into {packed.path.name}"))
    console.print(Text(f"sha256 {packed.sha256}"), soft_wrap=True)
    console.print(
        Text(f"{packed.receipt.name} lists them; keep it. Now upload the zip where your course asks for it.")
    )
    return 0


def update(source: str, console: Console | None = None) -> int:
    """Merge a new release into the work here; 0 also where something was kept against it, which is then named."""
    console = console or _terminal()
    try:
        done = merge_release(Workspace.load(), Path(source))
    except WorkspaceError as error:
        return _refuse(console, str(error))
    console.print(Text(f"{done.backup.name} holds everything as it was."))
    changed = counted(len(done.written), "file")
    console.print(Text(f"From {done.before} to {done.after}: {changed} changed. No answer was touched."))
    if yours := [
        path for path in done.written if path.endswith((".py", ".ipynb")) and path in done.worked_on
    ]:
        console.print(Text(f"Changed around your work: {', '.join(yours)}"))
    if any(path.endswith(".ipynb") for path in done.written):
        console.print(
            Text("Reload notebooks that are open before you save them: an old tab would undo this.")
        )
    for path, reasons in done.conflicts.items():
        for reason in reasons:
            console.print(
                Text(f"- {path}, {reason}" if reason.startswith("cell") else f"- {path}: {reason}", "yellow")
            )
        console.print(Text(f"  The new one is {path}{NEW}: take from it what you want, then delete it."))
    return 0


def build(console: Console | None = None) -> int:
    """Compile the fast layers; 1 when they could not be, and then nothing else is affected."""
    console = console or _terminal()
    try:
        with console.status("Compiling the fast layers"):
            built = build_fast_layers(Workspace.load())
    except WorkspaceError as error:
        return _refuse(console, str(error))
    console.print(Text(built.message, "" if built.done else "yellow"))
    return 0 if built.done else 1


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What became of a build: whether it succeeded, and one message for a person."""

    done: bool
    message: str


def build_fast_layers(
    workspace: Workspace, python: str = sys.executable, platform: str = sys.platform
) -> BuildResult:
    """Compile the extension beside its source; keep the compiler's own words in a file.

    Raises
    ------
    WorkspaceError
        There is nothing to build.
    """
    setup = next(iter(sorted(workspace.root.glob(f"*/{SETUP}"))), None)
    if setup is None:
        raise WorkspaceError(
            f"{workspace.root} has no package with a {SETUP}. Either this assignment has nothing to compile, which "
            "its README.md says, or it was not unpacked whole: then unpack it again."
        )
    folder = setup.parent
    try:
        done = subprocess.run(  # noqa: S603  # the assignment's own build, with this Python
            [python, SETUP, "build_ext", "--inplace"],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="locale",
            errors="replace",
            check=False,
        )
    except OSError:
        return BuildResult(
            False, "Nothing can be compiled here, as in a browser: the slower NumPy code runs."
        )
    if done.returncode == 0 and FAILED not in done.stdout and _compiled(folder):
        return BuildResult(True, f"The fast layers in {folder.name} are compiled. Restart running notebooks.")
    (folder / LOG).write_text(done.stdout, encoding="utf-8")
    return BuildResult(False, _failure(done.stdout, Path(folder.name) / LOG, platform))


def _run(
    workspace: Workspace, only: tuple[str, ...], console: Console, seconds: float = CHECK_SECONDS
) -> Run:
    if (
        not console.is_terminal or console.is_jupyter
    ):  # a line that moves takes a thread, which a browser has not
        return run_public_checks(workspace, only, seconds=seconds)
    with console.status("Starting") as status:
        return run_public_checks(workspace, only, lambda name: status.update(f"Checking {name}"), seconds)


def _some_seconds(asked: float | str) -> float:
    try:
        seconds = float(asked)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < math.inf:
        raise WorkspaceError(f"--seconds is {asked}; give how many a check may take, such as 60.")
    return seconds


def _refuse(console: Console, message: str) -> int:
    console.print(Text(message, "red"))
    return 1


def _print_run(run: Run, console: Console) -> None:
    table = Table(box=None, padding=(0, 1), pad_edge=False)
    table.add_column("check")
    table.add_column("result", no_wrap=True)
    table.add_column("seconds", justify="right")
    for family, checks in groupby(run.results, lambda each: each.family):
        _add_family(table, family, tuple(checks))
    console.print(table)
    if run.interrupted:
        console.print(Text(f"Interrupted during {run.interrupted}.", "red"))
    console.print(Text(headline(run.results), "bold"))


def _add_family(table: Table, family: str, checks: tuple[PublicResult, ...]) -> None:
    """Add a row for each check, or a single one for what nobody has begun."""
    if all(each.outcome is Outcome.NOT_IMPLEMENTED for each in checks):
        title = Text.assemble((family, "bold"), f", {counted(len(checks), 'check')}")
        table.add_row(title, Text(checks[0].words, "yellow"), f"{sum(each.seconds for each in checks):.2f}")
        return
    table.add_row(Text(family, "bold"), "", "")
    for each in checks:
        words = Text(shown_words(each), _colour(each))
        table.add_row(Padding(_told(each), (0, 0, 0, 2)), words, f"{each.seconds:.2f}")


def _told(result: PublicResult) -> Text:
    text = Text(result.shown_title)
    if result.outcome not in {Outcome.PASSED, Outcome.NOT_IMPLEMENTED}:
        for line in result.judgement.message.splitlines():
            text.append(f"\n{line}", "dim")
        if result.asked:
            text.append(f"\n{result.asked}", "italic")
        if result.printed:
            text.append(f"\nYour code printed: {result.printed}", "dim")
    return text


def _colour(result: PublicResult) -> str:
    if result.outcome is Outcome.PASSED:
        return "green"
    return "yellow" if result.fine or result.outcome is Outcome.NOT_IMPLEMENTED else "red"


def _compiled(folder: Path) -> bool:
    return any(path.name.endswith(tuple(EXTENSION_SUFFIXES)) for path in folder.iterdir())


def _failure(output: str, log: Path, platform: str) -> str:
    lines = [line.strip() for line in reversed(output.splitlines())]
    told = (line.partition(FAILED)[2].strip(": ") for line in lines if FAILED in line)
    reason = next(chain(told, (line for line in lines if "error" in line.lower())), "")
    # The end of a failed command says more than the beginning of its line.
    short = reason if len(reason) <= LONGEST_REASON else f"... {reason[-LONGEST_REASON:]}"
    said = f" ({short})" if short else ""
    compiler = COMPILERS.get(platform, "a C compiler")
    return (
        f"The fast layers could not be compiled{said}. Nothing else is affected: the assignment works without "
        f"them, on slower NumPy code. What is usually missing is a C compiler: {compiler}. With one, run "
        f"`invoke build` again. All that was said is in {log.as_posix()}."
    )
