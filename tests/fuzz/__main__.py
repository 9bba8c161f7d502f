"""`python -m tests.fuzz TARGET [--seconds N] [--kept FOLDER]`: look for bytes that break a target's properties."""

from __future__ import annotations

import argparse
import importlib
import resource
import sys
import tempfile
from pathlib import Path
from types import ModuleType

import atheris

from tests.fuzz import TARGETS

SECONDS = 60
SLOWEST = 20
"""Seconds in which one input must be read: a bound for machines that are busy, a hundred times what any takes."""

MOST = 4_000_000 * 1024
"""Bytes of address space."""

MEBIBYTES = 2500
LONGEST = 4096
"""Bytes of an input: what needs more to break is not for a fuzzer to find."""


def main() -> None:
    """Fuzz one target; ends with an error, and the input in the folder of what was found, where a property breaks."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("target", help=", ".join(TARGETS))
    parser.add_argument("--seconds", type=int, default=SECONDS)
    parser.add_argument(
        "--kept", type=Path, help="a folder for the inputs that reach something new, to go on from"
    )
    parser.add_argument(
        "--found", type=Path, default=Path(tempfile.gettempdir()), help="a folder for what breaks"
    )
    arguments = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (MOST, resource.getrlimit(resource.RLIMIT_AS)[1]))
    with atheris.instrument_imports(include=["grader", "tests.fuzz"]):
        target = importlib.import_module(f"tests.fuzz.{arguments.target}")
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        options = _options(target, Path(folder), arguments)
        atheris.Setup([sys.argv[0], *options], target.run)
        atheris.Fuzz()


def _options(target: ModuleType, folder: Path, arguments: argparse.Namespace) -> list[str]:
    """Return what libFuzzer is told; the seeds and words are written where it finds them."""
    seeds, words = folder / "seeds", folder / "words"
    seeds.mkdir()
    for number, seed in enumerate((*target.SEEDS, *target.FOUND)):
        (seeds / str(number)).write_bytes(seed)
    quoted = ("".join(f"\\x{byte:02x}" for byte in word) for word in target.WORDS)
    words.write_text("".join(f'"{word}"\n' for word in quoted), encoding="ascii")
    return [
        f"-max_total_time={arguments.seconds}",
        f"-timeout={SLOWEST}",
        f"-rss_limit_mb={MEBIBYTES}",
        f"-max_len={LONGEST}",
        f"-dict={words}",
        f"-artifact_prefix={arguments.found}/{arguments.target}-",
        "-print_final_stats=1",
        *([str(arguments.kept)] if arguments.kept else []),
        str(seeds),
    ]


if __name__ == "__main__":
    main()
