"""Find out which tiers of isolation work on this machine, by letting a canary try to get out of each."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from grader.course.limits import Limits
from grader.sandbox.box.lockdown import landlock_version
from grader.sandbox.errors import BoxFailed, IsolationUnavailable, SubmissionError
from grader.sandbox.host import Box, BoxSpec
from grader.sandbox.launch import Isolation
from grader.sandbox.scratch import temporary_folder
from grader.sandbox.worker import Worker

_CANARY = Path(__file__).resolve().parent / "canary.py"
_REFUSED = "refused: "


@dataclass(frozen=True, slots=True)
class ProbeReport:
    """What came of one tier.

    Attributes
    ----------
    isolation
        The tier.
    works
        Whether the box started and everything the canary tried failed.
    attempts
        What the canary tried, and what came of it.
    reason
        Why the tier does not work; empty when it does.
    advice
        What to install or allow; empty when nothing is known to help.
    """

    isolation: Isolation
    works: bool
    attempts: tuple[tuple[str, str], ...] = ()
    reason: str = ""
    advice: str = ""


def choose_isolation(requested: str = "auto") -> Isolation:
    """Return the tier to use, proven by a canary on this machine.

    Costs about 0.2 s, so keep the answer for the run.

    Parameters
    ----------
    requested
        ``"auto"`` for the best tier that works (A, then B), else the one tier to use. ``"none"`` is never
        chosen otherwise.

    Raises
    ------
    IsolationUnavailable
        No tier asked for works, with the reason for each; or `requested` is none of these words.
    """
    if requested == Isolation.NONE:
        return Isolation.NONE
    tiers = {"auto": (Isolation.A, Isolation.B), "A": (Isolation.A,), "B": (Isolation.B,)}.get(requested)
    if tiers is None:
        raise IsolationUnavailable(f"there is no isolation {requested!r}; ask for auto, A, B or none")
    failed = []
    for tier in tiers:
        report = probe(tier)
        if report.works:
            return tier
        failed.append(report)
    lines = "\n".join(f"  {each.isolation}: {each.reason}. {each.advice}".rstrip() for each in failed)
    raise IsolationUnavailable(
        f"submissions cannot be isolated on this machine:\n{lines}\n"
        "  none: runs them without isolation, if you trust them as much as your own code"
    )


def diagnose_isolation() -> list[ProbeReport]:
    """Probe every tier that isolates, the better first."""
    return [probe(Isolation.A), probe(Isolation.B)]


def probe(isolation: Isolation) -> ProbeReport:
    """Start a box of this tier and let the canary try to get out."""
    try:
        attempts = _attempts(isolation)
    except (BoxFailed, SubmissionError) as error:
        return ProbeReport(isolation, works=False, reason=str(error), advice=_advice(isolation))
    escaped = [
        f"the canary could {what} ({result})" for what, result in attempts if not result.startswith(_REFUSED)
    ]
    return ProbeReport(
        isolation, not escaped, attempts, "; ".join(escaped), _advice(isolation) if escaped else ""
    )


def _attempts(isolation: Isolation) -> tuple[tuple[str, str], ...]:
    limits = Limits(call_seconds=5, import_seconds=5, cpu_seconds=5)
    with (
        temporary_folder("canary-") as name,
        socket.create_server(("127.0.0.1", 0)) as server,
    ):
        canary, planted = _staged(Path(name))
        spec = BoxSpec({"canary": canary, "other": planted.parent})
        with Box.open(spec, isolation, limits) as box, box.worker("canary") as worker:
            worker.load("canary")
            attempt = _attempt(worker)
            return (
                attempt("read a file outside the submission", "read_file", str(Path(__file__).resolve())),
                attempt("read another submission", "read_file", str(planted)),
                attempt("write a file", "write_file", str(planted.parent / "new")),
                attempt("connect to a server of this machine", "connect", server.getsockname()[1]),
                attempt("start a process", "fork"),
                attempt("signal the grader", "signal_process", os.getpid()),
            )


def _staged(folder: Path) -> tuple[Path, Path]:
    """Lay out the canary's folder, and a file where only isolation keeps it from reading and writing beside it."""
    canary, other = folder / "canary", folder / "other"
    planted = other / "planted.txt"
    for each, mode in ((canary, 0o755), (other, 0o777)):
        each.mkdir()
        each.chmod(mode)
    folder.chmod(0o755)
    for file, content in ((canary / _CANARY.name, _CANARY.read_bytes()), (planted, b"planted")):
        file.write_bytes(content)
        file.chmod(0o644)
    return canary, planted


def _attempt(worker: Worker) -> Callable[..., tuple[str, str]]:
    def attempt(what: str, function: str, *arguments: object) -> tuple[str, str]:
        return what, str(worker.call(worker.resolve("canary", function), arguments))

    return attempt


def _advice(isolation: Isolation) -> str:
    if not sys.platform.startswith("linux"):
        return "Only Linux can isolate; run the grader in a Linux container or virtual machine"
    if not landlock_version():
        return "Use a kernel of 5.13 or later with Landlock among its security modules (lsm=landlock,...)"
    if isolation is Isolation.A and not shutil.which("bwrap"):
        return "Install bubblewrap (apt install bubblewrap, dnf install bubblewrap, pacman -S bubblewrap)"
    if isolation is Isolation.A:
        return (
            "Allow user namespaces: sysctl kernel.unprivileged_userns_clone=1, or on Ubuntu 24.04 the AppArmor "
            "profile bwrap-userns-restrict; inside a container use tier B instead"
        )
    return ""
