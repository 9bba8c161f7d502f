"""Opening and closing boxes, and what a worker finds in one."""

from __future__ import annotations

import os
import select
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.course.limits import Limits
from grader.sandbox import Box, BoxFailed, BoxSpec, Isolation, StudentError, Worker, WorkerDied, WorkerTimeout
from tests.sandbox.attack_run import running
from tests.sandbox.conftest import LIMITS


@pytest.fixture(params=list(Isolation), ids=str)
def tier(request: pytest.FixtureRequest, isolation: Isolation) -> Isolation:
    """Each tier that works here."""
    chosen: Isolation = request.param
    if chosen is Isolation.A and isolation is Isolation.B:
        pytest.skip("namespaces do not work here")
    return chosen


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small submission."""
    (tmp_path / "work.py").write_text(
        "import numpy as np\n"
        "def double(x): return 2 * x\n"
        "def spin():\n    while True: pass\n"
        "def evaluate(text): return eval(text)\n"
        "def use(module): return str(__import__(module, fromlist=['x']).__name__)\n",
        encoding="utf-8",
    )
    return tmp_path


def call(worker: Worker, function: str, *args: object) -> Any:
    """Load the submission and call one of its functions."""
    worker.load("work")
    return worker.call(worker.resolve("work", function), args)


def test_every_tier_calls(tier: Isolation, root: Path) -> None:
    """In each tier a box opens, a worker loads a submission and calls it, and closing leaves nothing."""
    with Box.open(BoxSpec({"full": root}), tier, LIMITS) as box:
        trace = box._view.name
        with box.worker("full") as worker:
            assert call(worker, "double", np.arange(3)).tolist() == [0, 2, 4]
            assert worker.cpu_seconds() > 0
            pid = worker.pid
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    assert not running(trace)
    assert not Path(trace).exists()


def test_several_workers_of_a_box_are_independent(tier: Isolation, root: Path) -> None:
    """Workers of one box live side by side; the end of one is not the end of another."""
    limits = Limits(call_seconds=0.3)
    with Box.open(BoxSpec({"full": root}), tier, limits) as box:
        first, second = box.worker("full"), box.worker("full")
        assert call(first, "double", 1) == 2
        with pytest.raises(WorkerTimeout):
            call(second, "spin")
        assert call(first, "double", 2) == 4
        with box.worker("full") as third:
            assert call(third, "double", 3) == 6


def test_cpu_limit_is_a_timeout(isolation: Isolation, root: Path) -> None:
    """A worker that has used its CPU seconds is killed by the kernel, which counts as a timeout."""
    limits = Limits(call_seconds=30, cpu_seconds=1)
    with (
        Box.open(BoxSpec({"full": root}), isolation, limits) as box,
        box.worker("full") as worker,
        pytest.raises(WorkerTimeout, match="CPU time"),
    ):
        call(worker, "spin")


@pytest.mark.parametrize(
    "module",
    [
        "json",
        "ctypes",
        "sqlite3",
        "ssl",
        "lzma",
        "zoneinfo",
        "unittest",
        "numpy.fft",
        "numpy.ma",
        "numpy.testing",
    ],
)
def test_standard_library_and_numpy_import_late(box: Box, submission: Path, module: str) -> None:
    """Parts of the standard library and of NumPy import inside the locked box."""
    if module in sys.builtin_module_names:
        pytest.skip("built in")
    pytest.importorskip(module)
    (submission / "work.py").write_text(
        "def use(module): return __import__(module, fromlist=['x']).__name__\n"
    )
    with box.worker("main") as worker:
        assert call(worker, "use", module) == module


@pytest.mark.parametrize(
    "expression",
    [
        "float(np.linalg.svd(np.eye(200))[1].sum())",
        "float(np.abs(np.fft.fft2(np.ones((16, 16)))).sum())",
        "float(np.einsum('ij,jk->', np.eye(9), np.eye(9)))",
        "float(np.random.default_rng(0).normal(size=10).size)",
        "__import__('concurrent.futures').futures.ThreadPoolExecutor(4).submit(sum, [1, 2]).result()",
        "__import__('asyncio').run(__import__('asyncio').sleep(0.01, 5))",
        "__import__('tempfile').gettempprefix()",
        "open(__import__('os').devnull, 'w').write('x')",
        "len(__import__('os').listdir('.')) > 0",
        "__import__('time').sleep(0.01)",
        "len(__import__('os').urandom(4))",
        "__import__('platform').python_version()",
        "__import__('signal').signal(2, 1) and None",
        "np.__config__.show() and None",
    ],
)
def test_ordinary_work_is_allowed(box: Box, submission: Path, expression: str) -> None:
    """What honest numerical code does works under the lockdown."""
    (submission / "work.py").write_text("import numpy as np\ndef evaluate(text): return eval(text)\n")
    with box.worker("main") as worker:
        call(worker, "evaluate", expression)


@pytest.mark.parametrize(
    "writing",
    [
        "open('log.txt', 'w').write('x')",
        "open('log.txt', mode='a', encoding='utf-8').close()",
        "np.save('out.npy', np.ones(3))",
        "np.savez('out.npz', x=np.ones(3))",
        "__import__('pathlib').Path('log.txt').write_text('x')",
        "__import__('pickle').dump([1], open('x.pkl', 'wb'))",
        "__import__('logging').FileHandler('x.log').close()",
        "__import__('os').makedirs('logs/deep', exist_ok=True)",
        "__import__('pathlib').Path('logs').mkdir()",
        "open('logs/x.txt', 'w').close()",
    ],
)
def test_files_beside_the_code_are_written_to_nowhere(box: Box, submission: Path, writing: str) -> None:
    """A log or a saved array stops nobody, is not kept, and is noted."""
    (submission / "work.py").write_text("import numpy as np\ndef evaluate(text): return eval(text)\n")
    before = sorted(submission.iterdir())
    with box.worker("main") as worker:
        call(worker, "evaluate", writing)
        assert any("not kept" in flag for flag in worker.flags)
    assert sorted(submission.iterdir()) == before


@pytest.mark.parametrize("path", ["/tmp/x.txt", "../x.txt"])  # noqa: S108  # nothing is written there
def test_files_elsewhere_are_refused(box: Box, submission: Path, path: str) -> None:
    """Writing anywhere else fails, as does reading what is not there."""
    (submission / "work.py").write_text("def touch(path): open(path, 'w')\ndef look(path): open(path)\n")
    with box.worker("main") as worker:
        with pytest.raises(StudentError):
            call(worker, "touch", path)
        with pytest.raises(StudentError):
            call(worker, "look", "nothing.txt")


def test_data_beside_the_code_can_be_read(box: Box, submission: Path) -> None:
    """A submission reads files of its own folder by relative path."""
    np.save(submission / "data.npy", np.arange(3))
    (submission / "work.py").write_text("import numpy as np\ndef read(): return np.load('data.npy')\n")
    with box.worker("main") as worker:
        assert call(worker, "read").tolist() == [0, 1, 2]


def test_large_arrays_cross_both_ways(box: Box, submission: Path) -> None:
    """Arrays larger than every buffer on the way cross whole."""
    (submission / "work.py").write_text("def double(x): return 2 * x\n")
    x = np.arange(2**20, dtype=np.float64)
    with box.worker("main") as worker:
        assert np.array_equal(call(worker, "double", x), 2 * x)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has files that its box's user cannot read")
@pytest.mark.parametrize("mode", [0o700, 0o755])
def test_closed_folder_of_root_is_readable_and_noted(tier: Isolation, root: Path, mode: int) -> None:
    """Opened by root on a folder closed to others, a box works all the same and says at which price."""
    root.chmod(mode)
    (root / "work.py").chmod(0o600)
    with Box.open(BoxSpec({"full": root}), tier, LIMITS) as box, box.worker("full") as worker:
        assert call(worker, "double", 1) == 2
        assert any("capability" in note for note in box.notes)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes another user")
def test_box_of_root_is_not_root(tier: Isolation, root: Path) -> None:
    """Opened by root, a box runs as the user without rights."""
    with Box.open(BoxSpec({"full": root}), tier, LIMITS) as box, box.worker("full") as worker:
        ids = call(
            worker,
            "evaluate",
            "' '.join(map(str, __import__('os').getresuid() + __import__('os').getresgid()))",
        )
        groups = call(worker, "evaluate", "len(__import__('os').getgroups())")
    assert ids == "65534 65534 65534 65534 65534 65534"
    assert groups == 0


def test_unknown_root_names_the_known(box: Box) -> None:
    """Asking for a root the box does not have is the grader's fault and names those it has."""
    with pytest.raises(BoxFailed, match=r"no root 'nowhere'.*main, other"):
        box.worker("nowhere")


@pytest.mark.parametrize(
    "make", [lambda _: {}, lambda tmp: {"full": tmp / "none"}], ids=["no root", "no folder"]
)
def test_unusable_roots_are_refused(tmp_path: Path, make: Callable[[Path], dict[str, Path]]) -> None:
    """A box without roots, or with one that is no folder, is refused before anything starts."""
    with pytest.raises(BoxFailed, match="root"):
        Box.open(BoxSpec(make(tmp_path)), Isolation.NONE, LIMITS)


def test_dead_fork_server_is_the_graders_fault(tier: Isolation, root: Path) -> None:
    """When the fork server is gone, the box failed; no submission is blamed, and closing still works."""
    with Box.open(BoxSpec({"full": root}), tier, LIMITS) as box:
        worker = box.worker("full")
        box._started.process.kill()
        box._started.process.wait()
        # In tier A that was bubblewrap, and what it held dies after it: then its end of the socket is closed.
        assert select.select([box._started.control], (), (), 10)[0]
        with pytest.raises(BoxFailed):
            box.worker("full")
        with pytest.raises(BoxFailed):
            call(worker, "double", 1)
        with pytest.raises(WorkerDied):
            call(worker, "double", 1)


def test_libraries_of_the_box_are_those_asked_for(isolation: Isolation, root: Path) -> None:
    """A package named in the spec imports in the box, with what it requires; others do not."""
    pytest.importorskip("dateutil")
    spec = BoxSpec({"full": root}, libraries=("numpy", "dateutil"))
    with Box.open(spec, isolation, LIMITS) as box, box.worker("full") as worker:
        assert call(worker, "use", "dateutil.parser") == "dateutil.parser"
        assert (
            call(worker, "evaluate", "__import__('importlib.util').util.find_spec('pytest') is None") is True
        )


def test_an_answer_that_comes_late_answers_nothing_else(
    tier: Isolation, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a request ran out of time the box is of no more use: what still comes would be taken for another's."""
    with Box.open(BoxSpec({"full": root}), tier, LIMITS) as box:
        worker = box.worker("full")
        status = Path(f"/proc/{worker.pid}/status").read_text(encoding="ascii")
        server = int(status.partition("PPid:")[2].split()[0])
        os.kill(server, signal.SIGSTOP)
        with monkeypatch.context() as hurried:
            hurried.setattr("grader.sandbox.host._START_SECONDS", 0.05)
            worker.close()
        os.kill(server, signal.SIGCONT)
        with pytest.raises(BoxFailed):
            box.worker("full")
