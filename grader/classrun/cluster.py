"""Grade on the workers of a Dask cluster: one that runs already, or one that is started through a batch system.

Each worker is given one submission at a time, and the loop, not the scheduler, decides where lost work goes: so it
is always known which submission a worker was grading when it died, and nobody beside it is suspected. Whoever can
reach a scheduler can run anything on its workers, as whoever started them. So a cluster that is started here has
certificates of its own, made for the occasion; of a scheduler that asks for none it is said.
"""

from __future__ import annotations

import importlib
import queue
import shlex
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

from grader.classrun.local import grade_apart
from grader.classrun.work import Completion, Done, ExecutorError, GradeWork, Lost, Work
from grader.results import Refusal

CLUSTERS = ("local", "slurm")

_PATIENCE = 0.5
"""Seconds between two looks at which workers are left."""

_FETCHING_SECONDS = 60.0
"""A report is a few hundred kilobytes; a worker that does not hand it over by then is lost."""

WAITING_SECONDS = 600.0
"""How long the cluster may be without any worker: a batch system lets jobs queue."""

_WITHOUT_PROFILE = MappingProxyType({"distributed.worker.profile.enabled": False})
"""Dask's workers look at themselves a hundred times a second, which costs a tenth of a grading."""

_SHARED = ".numgrade-cluster"
"""Folder in the home folder, which a batch system's machines share."""

_INSTALL = "this needs Dask; install it with: python -m pip install 'numgrade[cluster]'"


class DaskExecutor:
    """Grades on every worker that a scheduler has, and on those that come later."""

    def __init__(self, client: Any, grade: GradeWork = grade_apart, waiting: float = WAITING_SECONDS) -> None:
        self._client = client
        self._grade = grade
        self._waiting = waiting
        self._held: dict[Any, tuple[Work, str]] = {}
        self._finished: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._workers: frozenset[str] = frozenset()
        self._last_seen = time.monotonic()
        self._look()

    @property
    def slots(self) -> int:
        """One per worker: a grading measures its own CPU time and wants the process for itself."""
        return len(self._workers)

    def submit(self, work: Work) -> None:
        """Give a piece of work to a worker that has none."""
        busy = {worker for _, worker in self._held.values()}
        worker = min(self._workers - busy)
        future = self._client.submit(
            self._grade, work.carried(), workers=[worker], allow_other_workers=False, retries=0, pure=False
        )
        self._held[future] = work, worker
        future.add_done_callback(self._finished.put)

    def completed(self) -> Sequence[Completion]:
        """Wait until a worker has finished or is gone; with nothing held, until there are workers."""
        done = [future for future in self._wait() if future in self._held]
        self._look()
        found = [self._completion(future) for future in done]
        gone = [future for future, (_, worker) in self._held.items() if worker not in self._workers]
        return [*found, *map(self._lost, gone)]

    def close(self) -> None:
        """Give up what is held; the cluster is left to whoever opened it."""
        for future in self._held:
            future.cancel()
        self._held.clear()

    def _wait(self) -> set[Any]:
        """Return futures that are done, after a while even if there are none."""
        done = set()
        try:
            done.add(self._finished.get(timeout=_PATIENCE))
            while True:
                done.add(self._finished.get_nowait())
        except queue.Empty:
            return done

    def _look(self) -> None:
        """See which workers there are."""
        try:
            self._workers = frozenset(self._client.nthreads())
        except (OSError, TimeoutError) as error:
            raise ExecutorError(
                f"the scheduler no longer answers ({error}); what was graded is kept: start it and run this again"
            ) from error
        if self._workers:
            self._last_seen = time.monotonic()
        elif time.monotonic() - self._last_seen > self._waiting:
            raise ExecutorError(
                f"the cluster had no worker for {self._waiting:.0f} s; what was graded is kept: start workers "
                "(dask worker --nthreads 1 ADDRESS) and run this again"
            )

    def _completion(self, future: Any) -> Completion:
        work, worker = self._held[future]
        try:
            report = future.result(timeout=_FETCHING_SECONDS)
        except (_installed("distributed").KilledWorker, CancelledError, TimeoutError):
            return self._lost(future)
        except Refusal:
            raise
        except Exception as error:
            raise ExecutorError(
                f"worker {worker} cannot grade ({type(error).__name__}: {error}); install this grader there, the "
                "same version as here"
            ) from error
        del self._held[future]
        return Done(work, report)

    def _lost(self, future: Any) -> Lost:
        work, _ = self._held.pop(future)
        future.cancel(force=True)
        return Lost(work, "the worker of the cluster is gone")


@contextmanager
def connected(scheduler: str, grade: GradeWork = grade_apart, security: Any = None) -> Iterator[DaskExecutor]:
    """Yield an executor on the workers of the scheduler at an address such as ``tls://host:8786``.

    Parameters
    ----------
    security
        The certificates to show; None for those of Dask's own settings, where there are any.

    Raises
    ------
    ExecutorError
        Dask is not installed, or nothing answers there.
    """
    distributed = _installed("distributed")
    try:
        client = distributed.Client(scheduler, timeout="15s", set_as_default=False, security=security)
    except (OSError, TimeoutError, ValueError) as error:
        raise ExecutorError(
            f"no scheduler answers at {scheduler} ({error}); start one with `dask scheduler` and name its address"
        ) from error
    with client:
        executor = DaskExecutor(client, grade)
        try:
            yield executor
        finally:
            executor.close()


@contextmanager
def started(kind: str, jobs: int, grade: GradeWork = grade_apart) -> Iterator[DaskExecutor]:
    """Start a cluster of `jobs` workers and yield an executor on it; the cluster ends with the block.

    Parameters
    ----------
    kind
        ``slurm`` asks the batch system for one job per worker, with what ~/.config/dask/jobqueue.yaml says of
        queue, memory and time; ``local`` starts processes on this machine.

    Raises
    ------
    ExecutorError
        Dask is not installed, there is no such kind, or the batch system cannot be used.
    """
    if kind not in CLUSTERS:
        raise ExecutorError(f"there is no cluster {kind!r}; there are {' and '.join(CLUSTERS)}")
    # A secret that lives in memory alone, and as long as the cluster: without it any user of any machine that reaches
    # the port could have the workers run what they like, with the rights of who grades.
    _installed("cryptography")
    security = _installed("distributed").Security.temporary()
    try:
        cluster = _slurm(jobs, security) if kind == "slurm" else _local(jobs, security)
    except (OSError, RuntimeError, ValueError) as error:
        raise ExecutorError(f"the cluster does not start ({error})") from error
    with cluster, connected(cluster.scheduler_address, grade, security) as executor:
        yield executor


def unprotected(scheduler: str) -> str:
    """Return what is to be said of a scheduler's address, empty where it asks for certificates."""
    if scheduler.startswith("tls://"):
        return ""
    return (
        f"{scheduler} asks nobody for a certificate: whoever reaches it can run anything on its workers and read what "
        "is graded there. Start it with --tls-ca-file, --tls-cert and --tls-key, and name it as tls://"
    )


def _local(jobs: int, security: Any) -> Any:
    distributed = _installed("distributed")
    with _installed("dask.config").set(_WITHOUT_PROFILE):
        return distributed.LocalCluster(
            n_workers=jobs,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            protocol="tls://",
            security=security,
            # Without an address it would still take port 8787, which another cluster may hold.
            dashboard_address="127.0.0.1:0",
            scheduler_kwargs={"dashboard": False},
        )


def _slurm(jobs: int, security: Any) -> Any:
    configured = _installed("dask.config").get
    # No dashboard: it would show the class to whoever asks.
    options = {"dashboard": False, "dashboard_address": "127.0.0.1:0"}
    options |= configured("jobqueue.slurm.scheduler-options", None) or {}
    memory = configured("jobqueue.slurm.memory", None) or "4 GiB"
    # Jobs read their certificate from a folder that all machines see; its files are theirs alone, and go with them.
    shared = Path(
        configured("jobqueue.slurm.shared-temp-directory", None) or Path.home() / _SHARED
    ).expanduser()
    shared.mkdir(mode=0o700, parents=True, exist_ok=True)
    cluster = _installed("dask_jobqueue").SLURMCluster(
        cores=1,
        processes=1,
        memory=memory,
        scheduler_options=options,
        protocol="tls://",
        security=security,
        shared_temp_directory=str(shared),
        python=shlex.quote(sys.executable),  # it goes into a shell script as it is
    )
    cluster.scale(jobs=jobs)
    return cluster


def _installed(name: str) -> Any:
    """Return a module of the extra `cluster`, which types are not known of."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise ExecutorError(_INSTALL) from error
