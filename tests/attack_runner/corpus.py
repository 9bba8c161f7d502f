"""Load attacks and turn them into submissions, without running a line of them.

An attack's first sentence says what it tries. Its constants, all optional, say what must come of it:

``EARNS``
    Parts, or families of parts, that its honest work earns in full; everything else must earn nothing. ``"all"``
    stands for every part that the complete solution earns.
``FLAGGED``
    The kind of flag that names it to staff, such as ``"tampering"``. Without it there must be no accusation.
``READABLE``
    False where taking the submission in must fail, with a reason.
``BASE``
    ``"starter"`` or ``"solution"``: what its code is added to.
``INTO``
    The file that its code is put at the end of, where later definitions win.
``FILES``
    Further files, path to text.
``COPIES``
    Further files that are copies of the repository's, path to path.
``PACK``
    How it is handed in; a key of `tests.attack_runner.packs.PACKS`.
``NAME``
    What the submission is called.

Code, files and name may hold ``@SECRET@`` and the other words of `tests.attack_runner.surroundings`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from grader.bank.entries import BankError, EntryFile, entry_files, read_entry
from tests.attack_runner.packs import PACKS

EVERYTHING = "all"
BASES = ("starter", "solution")
CONSTANTS = ("EARNS", "FLAGGED", "READABLE", "BASE", "INTO", "FILES", "COPIES", "PACK", "NAME")


@dataclass(frozen=True)
class Attack:
    """One attack; see the module for what its constants mean."""

    name: str
    sentence: str
    earns: tuple[str, ...]
    flagged: str
    readable: bool
    base: str
    into: str
    files: Mapping[str, str]
    copies: Mapping[str, str]
    pack: str
    submission: str
    code: str = field(repr=False)

    @property
    def family(self) -> str:
        """The first word of its name."""
        return self.name.partition("_")[0]


def load_attacks(folder: Path) -> tuple[Attack, ...]:
    """Load the attacks in `folder`, sorted by name.

    Raises
    ------
    BankError
        There are none, or one cannot be used; the message says why.
    """
    return tuple(_attack(read_entry(path, CONSTANTS)) for path in entry_files(folder))


def as_files(attack: Attack, base: Mapping[str, bytes], facts: Mapping[str, str]) -> dict[str, bytes]:
    """Return the attack's submission, path to content.

    Parameters
    ----------
    base
        The modules of the starter or of the solution.
    facts
        What the words between ``@`` stand for.
    """
    files = dict(base)
    if attack.code.strip():
        files[attack.into] = files.get(attack.into, b"").rstrip() + b"\n\n\n" + _told(attack.code, facts)
    files |= {path: (Path(facts["REPO"]) / source).read_bytes() for path, source in attack.copies.items()}
    return files | {path: _told(text, facts) for path, text in attack.files.items()}


def _told(text: str, facts: Mapping[str, str]) -> bytes:
    for word, fact in facts.items():
        text = text.replace(f"@{word}@", fact)
    return f"{text.strip()}\n".encode("utf-8", "surrogatepass")


def _attack(source: EntryFile) -> Attack:
    said = dict(source.constants)
    earns = said.get("EARNS", ())
    attack = Attack(
        name=source.path.stem,
        sentence=source.sentence,
        earns=(earns,) if isinstance(earns, str) else tuple(map(str, _tuple(earns))),
        flagged=str(said.get("FLAGGED", "")),
        readable=bool(said.get("READABLE", True)),
        base=str(said.get("BASE", "starter")),
        into=str(said.get("INTO", "nndl/conv_layers.py")),
        files={str(path): str(text) for path, text in _dict(said.get("FILES", {})).items()},
        copies={str(path): str(source) for path, source in _dict(said.get("COPIES", {})).items()},
        pack=str(said.get("PACK", "")),
        submission=str(said.get("NAME", source.path.stem)),
        code=source.code,
    )
    if attack.base not in BASES:
        raise BankError(f"{source.path} must set BASE to one of {', '.join(BASES)}")
    if attack.pack and attack.pack not in PACKS:
        raise BankError(f"{source.path} names the unknown PACK {attack.pack!r}; there are {', '.join(PACKS)}")
    if not (attack.code.strip() or attack.files or attack.pack):
        raise BankError(f"{source.path} does nothing: it needs code, FILES or a PACK")
    return attack


def _tuple(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else ()


def _dict(value: object) -> dict[object, object]:
    return value if isinstance(value, dict) else {}
