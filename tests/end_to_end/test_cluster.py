"""Grading on a real Dask cluster of processes: a dead worker costs its own submission a second try, and no more."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.classrun.cluster import connected, started, unprotected
from grader.classrun.work import ExecutorError, Work, run_work
from tests.classrun.deaths import KILLER, die_on_seven, die_the_first_time, grade_quickly, works

distributed = pytest.importorskip(
    "distributed", reason="Dask is not installed: pip install 'numgrade[cluster]'"
)


@pytest.fixture(scope="module")
def mark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return where a worker that dies once says so."""
    path = tmp_path_factory.mktemp("deaths") / "died"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEATH_MARK", str(path))
        yield path


@pytest.fixture(scope="module")
def scheduler(mark: Path) -> Iterator[str]:
    """Start two worker processes on this machine's loopback and return their scheduler's address."""
    assert not mark.exists()  # its environment variable is set before the workers start
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        scheduler_kwargs={"dashboard": False},
        silence_logs=60,
    ) as cluster:
        yield cluster.scheduler_address


def test_a_worker_killed_in_the_middle_costs_a_second_try(scheduler: str, mark: Path) -> None:
    """Its submission is graded on another worker; the class is complete and nobody is set aside."""
    with connected(scheduler, die_the_first_time) as executor:
        reports = [each.report for each in run_work(works(20), executor)]
    assert mark.exists()
    assert sorted(report.id for report in reports) == sorted(str(number) for number in range(20))
    assert not [report.error for report in reports if report.error]


def test_a_submission_that_kills_workers_is_set_aside(scheduler: str) -> None:
    """After two dead workers it is named, and every other submission has its score."""
    with connected(scheduler, die_on_seven) as executor:
        reports = {each.work.sha256: each.report for each in run_work(works(12), executor)}
    assert reports.pop(KILLER).error == "the worker of the cluster is gone, 2 times; staff must look at it"
    assert len(reports) == 11
    assert not [report.error for report in reports.values() if report.error]


def test_a_worker_grades_in_a_process_of_its_own(scheduler: str, work: Work) -> None:
    """What a submission does to it costs the cluster no worker; its result is that of any other backend."""
    with connected(scheduler) as executor:
        (done,) = run_work([work], executor)
    assert (done.report.id, done.report.score) == (work.sha256, 4.0)


def test_a_scheduler_that_is_not_there_is_named() -> None:
    """The message says which address does not answer."""
    with pytest.raises(ExecutorError, match=r"no scheduler answers at nowhere"), connected("nowhere://x"):
        pass


def test_an_unknown_kind_of_cluster_is_named() -> None:
    """The message lists the kinds there are."""
    with pytest.raises(ExecutorError, match="local and slurm"), started("cloud", 1):
        pass


STRANGER = """
import sys
from distributed import Client
Client(sys.argv[1], timeout="3s").run(print)
"""


def test_a_cluster_that_is_started_here_answers_nobody_else() -> None:
    """Its scheduler speaks TLS with a secret of this process: who knows only the address gets no further."""
    with started("local", 1, grade_quickly) as executor:
        address = executor._client.scheduler.address
        assert address.startswith("tls://127.0.0.1:")
        for said in (address, address.replace("tls://", "tcp://")):
            done = subprocess.run(  # noqa: S603
                [sys.executable, "-c", STRANGER, said], capture_output=True, text=True, check=False
            )
            assert done.returncode == 1
        assert len(list(run_work(works(2), executor))) == 2


def test_a_scheduler_without_certificates_is_told_of() -> None:
    """Only the address of one that asks for certificates is passed over in silence."""
    assert "whoever reaches it can run anything" in unprotected("tcp://host:8786")
    assert unprotected("tls://host:8786") == ""


@pytest.mark.filterwarnings("error:Port")
def test_a_local_cluster_takes_no_port_that_another_may_hold() -> None:
    """Two of them run side by side, and neither holds the port of Dask's dashboard."""
    with started("local", 1, grade_quickly) as one, started("local", 1, grade_quickly) as other:
        assert [len(list(run_work(works(2), each))) for each in (one, other)] == [2, 2]
        ports = {each._client.scheduler_info()["services"].get("dashboard") for each in (one, other)}
    assert len(ports) == 2
    assert 8787 not in ports


@pytest.fixture
def batch_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put commands with Slurm's names on the path, which run a batch job here and at once; return their log."""
    pytest.importorskip(
        "dask_jobqueue", reason="dask-jobqueue is not installed: pip install 'numgrade[cluster]'"
    )
    log = tmp_path / "jobs"
    programs = {
        # A copy runs, as in a batch system: the script is deleted once it has been handed in.
        "sbatch": f'echo "$1" >> {log}; cp "$1" {tmp_path}/job$$; sh {tmp_path}/job$$ > /dev/null 2>&1 & '
        'echo "Submitted batch job $!"',
        "scancel": f'echo "cancel $1" >> {log}; pkill -P "$1"; kill "$1"; true',
    }
    for name, commands in programs.items():
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\n{commands}\n", encoding="utf-8")
        path.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    return log


def test_a_batch_system_is_asked_for_one_job_per_worker(batch_system: Path, tmp_path: Path) -> None:
    """`slurm` submits the jobs, grades on what they start and cancels them at the end."""
    config = {
        "jobqueue.slurm.scheduler-options": {"host": "127.0.0.1"},
        "jobqueue.slurm.shared-temp-directory": str(tmp_path / "shared"),
    }
    with importlib.import_module("dask.config").set(config), started("slurm", 2, grade_quickly) as executor:
        done = list(run_work(works(6), executor))
        assert executor._client.scheduler.address.startswith("tls://")
    assert len(done) == 6
    assert not list((tmp_path / "shared").iterdir())
    lines = batch_system.read_text(encoding="utf-8").splitlines()
    assert sum("cancel" not in line for line in lines) == 2
