"""The certificate of the gradient instruments, which ships with the engine: what they flag in thousands of trials.

The trials are no part of the engine: they test it where it is developed. What they found holds for the sources that
they ran on, so the certificate names those by a hash and is refused for any others.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from grader import instruments

CERTIFICATE = Path(__file__).with_name("certificate.json")

STALE = (
    "the gradient checks are not certified: the certificate is for other sources of grader/instruments than these. "
    "Put them back, or renew it where the engine is developed: python -m benchmarks.certification"
)


@dataclass(frozen=True, slots=True)
class Flagged:
    """What one instrument flagged.

    Attributes
    ----------
    instrument
        Its name.
    trials
        How many wrong gradients it was shown, and how many right ones.
    caught
        Wrong gradients that it flagged.
    below
        Wrong gradients whose error is smaller than it claims to see, by its own evidence.
    alarms
        Right gradients that it flagged.
    """

    instrument: str
    trials: int
    caught: int
    below: int
    alarms: int

    @property
    def within(self) -> int:
        """Wrong gradients whose error it claims to see."""
        return self.trials - self.below

    @property
    def detection(self) -> float:
        """Share of those that it flagged; what it could not decide counts as not flagged."""
        return self.caught / self.within if self.within else float("nan")


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was flagged, and by which sources."""

    sources: str
    flagged: tuple[Flagged, ...]

    @property
    def valid(self) -> bool:
        """Whether it is for the instruments of this engine."""
        return self.sources == instruments_version()

    def as_json(self) -> str:
        """Return the text of the file."""
        return json.dumps(asdict(self), indent=1) + "\n"


def shipped_certificate() -> Certificate:
    """Read the certificate that this engine ships with."""
    document = json.loads(CERTIFICATE.read_text(encoding="utf-8"))
    return Certificate(document["sources"], tuple(Flagged(**each) for each in document["flagged"]))


def instruments_version() -> str:
    """Return the hash of the instruments' sources."""
    digest = hashlib.sha256()
    for path in sorted(Path(instruments.__file__).parent.glob("*.py")):
        content = path.read_bytes()
        digest.update(f"{path.name} {len(content)} ".encode() + content)
    return digest.hexdigest()[:16]


def check_certificate() -> tuple[list[str], list[str]]:
    """The gradient instruments are those that were certified."""
    certificate = shipped_certificate()
    return (lines_of(certificate.flagged), []) if certificate.valid else ([], [STALE])


def lines_of(flagged: Iterable[Flagged]) -> list[str]:
    """Say what each instrument flagged, ours and those in common use."""
    return [
        f"{each.instrument:<16} flags {each.caught} of {each.within} wrong gradients ({each.detection:.3%}; "
        f"{each.below} below its claim), {each.alarms} of {each.trials} right ones"
        for each in flagged
    ]
