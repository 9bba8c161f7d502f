"""One box for many submissions, one after the other."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from grader.sandbox import BoxFailed, Isolation, ReusableBox, StudentError, WorkerDied
from grader.sandbox.launch import NOBODY
from tests.sandbox.attack_run import running
from tests.sandbox.conftest import LIMITS

SOURCE = (
    "import os, builtins\n"
    "def name(): return {name!r}\n"
    "def read(path):\n    with open(path) as file: return file.read()\n"
    "def names(path): return str(os.listdir(path))\n"
    "def mark(): builtins.marked = True\n"
    "def marked(): return hasattr(builtins, 'marked')\n"
    "def leave(): os._exit(3)\n"
    "def threads():\n    import resource\n    return resource.getrlimit(resource.RLIMIT_NPROC)[0]\n"
)


@pytest.fixture
def kept(isolation: Isolation) -> Iterator[ReusableBox]:
    """A box in the best tier that works here."""
    box = ReusableBox(isolation, LIMITS)
    yield box
    box.close()


def submission(kept: ReusableBox, name: str) -> Path:
    """Stage a submission that can tell who it is."""
    folder = kept.stages / name
    folder.mkdir()
    folder.chmod(0o755)
    (folder / "work.py").write_text(SOURCE.format(name=name), encoding="utf-8")
    return folder


def ask(kept: ReusableBox, folder: Path, function: str, *args: object) -> object:
    """Call a function of the submission in `folder`."""
    with kept.showing({"full": folder}) as box, box.worker("full") as worker:
        worker.load("work")
        return worker.call(worker.resolve("work", function), args)


def test_the_box_is_started_once(kept: ReusableBox) -> None:
    """Submissions that are staged after it was opened are run by the same fork server."""
    first = ask(kept, submission(kept, "first"), "name"), kept.pid
    second = ask(kept, submission(kept, "second"), "name"), kept.pid
    assert (first[0], second[0]) == ("first", "second")
    assert first[1] == second[1] > 0


def test_threads_are_counted_anew_for_each_submission(kept: ReusableBox) -> None:
    """What the box's user has begun to run since the box was opened takes no thread from a submission."""
    folder = submission(kept, "first")
    ask(kept, folder, "name")
    user = NOBODY if os.geteuid() == 0 else None
    busy = [subprocess.Popen(["sleep", "60"], user=user) for _ in range(40)]  # noqa: S607
    try:
        most = ask(kept, folder, "threads")
    finally:
        for each in busy:
            each.kill()
            each.wait()
    assert isinstance(most, int)
    assert most >= 40 + 128


def test_nothing_of_another_submission_is_seen(kept: ReusableBox) -> None:
    """A worker reads neither the stage of another submission nor the folder they lie in."""
    other = submission(kept, "other")
    ask(kept, other, "mark")
    mine = submission(kept, "mine")
    assert ask(kept, mine, "marked") is False
    for function, path in (("read", other / "work.py"), ("names", other), ("names", kept.stages)):
        with pytest.raises(StudentError, match=r"PermissionError|FileNotFoundError"):
            ask(kept, mine, function, str(path))


def test_no_worker_outlives_its_submission(kept: ReusableBox) -> None:
    """When the next submission is shown, the workers of the one before are gone."""
    with kept.showing({"full": submission(kept, "first")}) as box:
        worker = box.worker("full")
        pid = worker.pid
    assert not Path(f"/proc/{pid}").exists()
    with kept.showing({"full": submission(kept, "second")}) as box, pytest.raises(BoxFailed, match="no root"):
        box.worker("naive")


def test_a_dead_worker_does_not_cost_the_box(kept: ReusableBox) -> None:
    """A submission that ends its process leaves the box as it was for the next."""
    with pytest.raises(WorkerDied):
        ask(kept, submission(kept, "first"), "leave")
    assert ask(kept, submission(kept, "second"), "name") == "second"


def test_a_dead_box_costs_one_submission(kept: ReusableBox) -> None:
    """When the fork server itself dies, the submission under way fails and the next gets a new box."""
    with pytest.raises(BoxFailed), kept.showing({"full": submission(kept, "first")}) as box:
        box._started.process.kill()
        box._started.process.wait()
        box.worker("full")
    assert ask(kept, submission(kept, "second"), "name") == "second"


def test_closing_leaves_nothing(isolation: Isolation) -> None:
    """After closing neither a process nor a folder is left, used or not."""
    unused, used = ReusableBox(isolation, LIMITS), ReusableBox(isolation, LIMITS)
    ask(used, submission(used, "first"), "name")
    with suppress(StudentError):
        ask(used, used.stages / "first", "read", "/nothing")
    for kept in (unused, used):
        kept.close()
        assert not kept.stages.exists()
        assert not running(str(kept.stages))
