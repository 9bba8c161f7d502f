"""Choosing a tier, and what is said when none works."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from grader.sandbox import Isolation, IsolationUnavailable, choose_isolation, diagnose_isolation, probe
from grader.sandbox.errors import BoxFailed
from grader.sandbox.probe import ProbeReport
from tests.sandbox.places import Place


def test_best_tier_is_chosen(isolation: Isolation) -> None:
    """Of the tiers that work, A is chosen before B, and never none."""
    working = [report.isolation for report in diagnose_isolation() if report.works]
    assert isolation is working[0]
    assert isolation is not Isolation.NONE


def test_canary_is_stopped_in_every_way(isolation: Isolation) -> None:
    """In a tier that works the canary reached nothing of what it tried."""
    report = next(each for each in diagnose_isolation() if each.isolation is isolation)
    assert len(report.attempts) == 6
    assert all(result.startswith("refused") for _, result in report.attempts)


def test_canary_gets_out_where_nothing_stops_it() -> None:
    """Without isolation the canary gets out, so a probe can fail."""
    report = probe.probe(Isolation.NONE)
    assert not report.works
    assert "read another submission" in report.reason


def test_none_is_taken_only_by_name() -> None:
    """No isolation is the answer to asking for none, without a probe."""
    assert choose_isolation("none") is Isolation.NONE


def test_unknown_request_names_the_known() -> None:
    """A word that is no tier is refused with those that are."""
    with pytest.raises(IsolationUnavailable, match="auto, A, B or none"):
        choose_isolation("docker")


def test_missing_bubblewrap_is_told(monkeypatch: pytest.MonkeyPatch, isolation: Isolation) -> None:
    """Without bubblewrap, tier A says that it is missing and how to install it, and auto takes B."""
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(IsolationUnavailable, match=r"A: bubblewrap is not installed.*apt install bubblewrap"):
        choose_isolation("A")
    if isolation is Isolation.A:
        assert choose_isolation("auto") is Isolation.B


def test_reason_of_every_tier_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """When no tier works, the error tells the reason for each."""

    def failing(isolation: Isolation) -> ProbeReport:
        return ProbeReport(isolation, works=False, reason=f"reason {isolation}", advice=f"advice {isolation}")

    monkeypatch.setattr(probe, "probe", failing)
    with pytest.raises(
        IsolationUnavailable, match=r"(?s)A: reason A. advice A.*B: reason B. advice B.*none:"
    ):
        choose_isolation()


def test_what_bubblewrap_prints_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """When bubblewrap fails to start a box, its own words are in the reason."""
    program = tmp_path / "bwrap"
    program.write_text("#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda _name: str(program))
    report = probe.probe(Isolation.A)
    assert not report.works
    assert "setting up uid map: Permission denied" in report.reason
    assert "user namespaces" in report.advice


def test_missing_landlock_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Landlock the advice is about the kernel."""

    def failing(_isolation: Isolation) -> tuple[tuple[str, str], ...]:
        raise BoxFailed("landlock: Operation not supported")

    monkeypatch.setattr(probe, "_attempts", failing)
    monkeypatch.setattr(probe, "landlock_version", lambda: 0)
    report = probe.probe(Isolation.B)
    assert "Operation not supported" in report.reason
    assert "kernel of 5.13" in report.advice


@pytest.mark.usefixtures("isolation")
def test_forbidden_user_namespaces_fail_closed() -> None:
    """Where an ordinary user may make no namespaces, tier A does not start at all, and B is taken instead."""
    if os.geteuid() != 0:
        pytest.skip("only root can forbid namespaces to a test")
    reason = Place("A", root=False).impossible()
    if reason:
        pytest.skip(reason)
    started = Place("A", root=False).command() | {"user": None, "group": None, "extra_groups": None}
    started["env"] |= {
        "OPENBLAS_NUM_THREADS": "1"
    }  # only a process of one thread may change its user namespace
    program = [started.pop("args")[0], "-m", "tests.sandbox.without_namespaces"]
    done = subprocess.run(program, **started, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert "bwrap: " in told["A"]
    assert (told["B"], told["auto"]) == ("", "B")
