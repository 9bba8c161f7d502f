"""A PostgreSQL of the tests' own: a fresh cluster in a temporary folder, on loopback, run as an ordinary user."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

USER = "postgres"


def programs() -> Path | None:
    """Return the folder of the newest initdb and pg_ctl on this machine."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    elsewhere = shutil.which("initdb")
    return Path(elsewhere).parent if elsewhere else None


def why_not() -> str:
    """Say why there can be no server here; empty where there can."""
    if programs() is None:
        return "PostgreSQL is not installed: apt install postgresql"
    if importlib.util.find_spec("psycopg") is None:
        return "its driver is not installed: pip install 'psycopg[binary]'"
    if os.geteuid() == 0 and _unprivileged() is None:
        return f"PostgreSQL does not run as root, and there is no user {USER} to run it as"
    return ""


@contextmanager
def running() -> Iterator[str]:
    """Start a server and yield the URL of its database; both are gone afterwards."""
    folder = programs()
    assert folder is not None
    with TemporaryDirectory(prefix="pg-") as home:
        user = _unprivileged() if os.geteuid() == 0 else None
        if user is not None:
            os.chown(home, user.pw_uid, user.pw_gid)
        data, port = Path(home) / "data", _free_port()
        _run(
            user,
            folder / "initdb",
            "-D",
            data,
            "-U",
            "grader",
            "-A",
            "trust",
            "-N",
            "--no-locale",
            "-E",
            "UTF8",
        )
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        control = folder / "pg_ctl", "-D", data, "-w", "-t", "60"
        _run(user, *control, "-l", Path(home) / "log", "-o", options, "start")
        try:
            yield f"postgresql+psycopg://grader@127.0.0.1:{port}/postgres"
        finally:
            _run(user, *control, "-m", "immediate", "stop")


def _unprivileged() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(USER)
    except KeyError:
        return None


def _run(user: pwd.struct_passwd | None, *command: object) -> None:
    identity = {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own programs
        [str(each) for each in command],
        check=False,
        stdout=subprocess.DEVNULL,  # the server keeps a pipe open for as long as it lives
        stderr=subprocess.DEVNULL,
        cwd="/",
        **identity,
    )
    assert done.returncode == 0, f"{command[0]} ended with {done.returncode}"


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
