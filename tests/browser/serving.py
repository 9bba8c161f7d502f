"""Start `numgrade review` on a made class as somebody would, and end it as somebody must not."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
KEY = "tests"


@dataclass
class ReviewServer:
    """A server of one reviewer, at one port whenever it runs."""

    out: Path
    who: str
    gradebook: str = ""
    port: str = ""
    link: str = ""
    process: Any = None

    @property
    def origin(self) -> str:
        """How its addresses begin."""
        return self.link.partition("/enter")[0]

    def start(self) -> None:
        """Start it, at its port if it had one, and wait until it answers."""
        command = [sys.executable, "-m", "grader", "review", "--assignment", "cnn", "--out", str(self.out)]
        self.process = subprocess.Popen(  # noqa: S603
            [*command, "--as", self.who, "--port", self.port, "--gradebook", self.gradebook, "--no-browser"],
            cwd=ROOT,
            env={**os.environ, "GRADER_COURSE_KEY": KEY, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        said = self.process.stdout.readline()
        found = re.search(r"http://[\d.]+:(\d+)/enter\S+", said)
        assert found, said + self.process.stdout.read()
        self.link, self.port = found[0], found[1]

    def end(self, how: int = signal.SIGTERM) -> None:
        """End it, by default as Ctrl C would."""
        self.process.send_signal(how)
        self.process.wait(30)
        self.process.stdout.close()


@contextmanager
def served(out: Path, who: str, gradebook: str = "") -> Iterator[ReviewServer]:
    """Yield a server that answers."""
    server = ReviewServer(out, who, gradebook)
    server.start()
    try:
        yield server
    finally:
        server.end()
