"""Run every attack in a box of one tier and print as JSON what came of each; started as a program by the tests."""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import shutil
import socket
import sys
import sysconfig
import tempfile
import time
from pathlib import Path
from typing import Any

from grader.course.limits import Limits
from grader.sandbox import Box, BoxSpec, Isolation, SubmissionError
from tests.sandbox.attacks import ATTACKS, Attack

ATTACKER = Path(__file__).resolve().parent / "attacker"
LIMITS = Limits(
    call_seconds=0.4, cpu_seconds=20, address_space=400 * 2**20, reply_bytes=2**26, output_bytes=4096
)
_PR_SET_CHILD_SUBREAPER = 36


def stage(folder: Path) -> dict[str, Path]:
    """Lay out what the attacks want to get at, readable for everybody, so that only the box stands between."""
    root, other, outside = folder / "attacker", folder / "other", folder / "outside"
    shutil.copytree(ATTACKER, root, ignore=shutil.ignore_patterns("__pycache__"))
    for path in (folder, root, other, outside, folder / "writable"):
        path.mkdir(exist_ok=True)
        path.chmod(0o755)
    (folder / "writable").chmod(0o777)
    (other / "answer.py").write_text("answer = 42\n", encoding="utf-8")
    (outside / "secret.txt").write_text("secret\n", encoding="utf-8")
    (root / "link_to_file").symlink_to(outside / "secret.txt")
    (root / "link_to_folder").symlink_to(outside)
    return {"attacker": root, "other": other}


def facts(folder: Path, port: int) -> dict[str, Any]:
    """Return what an attacker could have found out about this machine."""
    return {
        "secret": str(folder / "outside" / "secret.txt"),
        "grader_source": str(ATTACKER.parents[2] / "grader" / "__init__.py"),
        "other_root": str(folder / "other"),
        "other_package": str(Path(sysconfig.get_path("purelib")) / "pip" / "__init__.py"),
        "temporary": tempfile.gettempdir(),
        "writable": str(folder / "writable"),
        "port": port,
        "unix": str(folder / "outside" / "socket"),
        "abstract": "numgrade-test-" + folder.name,
        "grader": os.getpid(),
        "root": os.geteuid() == 0,
        "interpreter": os.path.realpath(sys.executable),
    }


def servers(known: dict[str, Any]) -> list[socket.socket]:
    """Listen at the addresses that attackers try."""
    unix, abstract = (socket.socket(socket.AF_UNIX) for _ in range(2))
    unix.bind(known["unix"])
    abstract.bind("\0" + known["abstract"])
    for each in (unix, abstract):
        each.listen()
    return [unix, abstract]


def attempt(box: Box, attack: Attack, known: dict[str, Any]) -> str:
    """Return what came of one attack in a fresh worker."""
    with box.worker("attacker") as worker:
        try:
            worker.load(attack.module)
            result = worker.call(worker.resolve(attack.module, attack.function), [known])
            result = worker.fetch(result) if type(result).__name__ == "Handle" else result
        except SubmissionError as error:
            return f"{type(error).__name__}: {error}"
        kept = len(worker.output())
        return f"kept {kept}" if kept > LIMITS.output_bytes else str(result)


def children(seconds: float = 2.0) -> str:
    """Say whether processes are left to us that do not end; being a subreaper, we are left every orphan."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if not os.waitpid(-1, os.WNOHANG)[0]:
                time.sleep(0.02)
        except ChildProcessError:
            return "none"
    return "some"


def run(isolation: Isolation) -> dict[str, Any]:
    """Run all attacks; return their outcomes by name and what was left running."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    os.environ["GRADER_SECRET"] = "seen"  # noqa: S105  # a canary in the environment, no password
    outcomes = {}
    with tempfile.TemporaryDirectory() as name, socket.create_server(("127.0.0.1", 0)) as server:
        folder = Path(name)
        spec = BoxSpec(stage(folder))
        known = facts(folder, server.getsockname()[1])
        leaked = os.open(known["secret"], os.O_RDONLY)
        os.set_inheritable(leaked, True)
        listening = servers(known)
        with Box.open(spec, isolation, LIMITS) as box:
            for attack in ATTACKS:
                outcomes[str(attack)] = attempt(box, attack, known)
            trace = box._view.name
        for each in listening:
            each.close()
    return {"outcomes": outcomes, "children": children(), "running": running(trace)}


def running(trace: str) -> list[int]:
    """Return the processes whose command line names `trace`, the folder of one box."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and trace.encode() in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def hold(isolation: Isolation) -> None:
    """Open a box, say which, and wait for an answer that never comes."""
    with tempfile.TemporaryDirectory() as name:
        limits = Limits(call_seconds=120, cpu_seconds=120)
        with Box.open(BoxSpec(stage(Path(name))), isolation, limits) as box, box.worker("attacker") as worker:
            worker.load("exhausting")
            loop = worker.resolve("exhausting", "loop_ignoring_signals")
            print(json.dumps({"trace": box._view.name, "stage": name}), flush=True)
            worker.call(loop, [{}])


def main() -> None:
    """Do as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--isolation", type=Isolation, required=True)
    parser.add_argument("--hold", action="store_true")
    arguments = parser.parse_args()
    if arguments.hold:
        hold(arguments.isolation)
    else:
        print(json.dumps(run(arguments.isolation)))


if __name__ == "__main__":
    main()
