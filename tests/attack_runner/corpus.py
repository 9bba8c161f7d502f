"""Load attacks and turn them into submissions, without running a line of them.

An attack's first sentence says what it tries. Its constants, all optional, say what must come of it:

``EARNS``
    Parts, or families of parts, that its honest work earns in full; everything else must earn nothing. ``"all"``
    stands for every part that the complete solution earns, and what follows with a ``-`` is taken away from them.
``FLAGGED``
    The kind of flag that names it to staff, such as ``"tampering"``. Without it there must be no accusation.
``LENIENCY``
    The leniency of the checks that it lives on, where it does: what it is called in the table of these.
``KEEPS``
    Parts that the leniency lets it have although their work is not done, as the table then says.
``READABLE``
    False where taking the submission in must fail, with a reason.
``BASE``
    ``"starter"``, ``"solution"`` or ``"nothing"``: what its code is added to.
``INTO``
    The file that its code is put at the end of, where later definitions win.
``FILES``
    Further files, path to text; behind the copy where a file is one of ``COPIES``, too.
``SHARED``
    What several attacks begin with: texts of the folder ``shared`` beside them, put before its code in this order.
``COPIES``
    Further files that are copies of the repository's, path to path.
``PACK``
    How it is handed in; a key of `tests.attack_runner.packs.PACKS`.
``NAME``
    What the submission is called.

Code, files and name may hold ``@SECRET@`` and the other words of `tests.attack_runner.surroundings`.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from grader.bank.bank_file import BankError
from tests.attack_runner.packs import PACKS

EVERYTHING = "all"
BASES = ("starter", "solution", "nothing")
CONSTANTS = (
    "EARNS",
    "FLAGGED",
    "LENIENCY",
    "KEEPS",
    "READABLE",
    "BASE",
    "INTO",
    "FILES",
    "SHARED",
    "COPIES",
    "PACK",
    "NAME",
)


@dataclass(frozen=True)
class Attack:
    """One attack; see the module for what its constants mean."""

    name: str
    sentence: str
    earns: tuple[str, ...]
    flagged: str
    leniency: str
    keeps: tuple[str, ...]
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
    files = sorted(folder.glob("*.py"))
    if not files:
        raise BankError(f"{folder} holds no attacks")
    return tuple(map(_attack, files))


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
    copies = {path: (Path(facts["REPO"]) / source).read_bytes() for path, source in attack.copies.items()}
    texts = {path: copies.get(path, b"") + _told(text, facts) for path, text in attack.files.items()}
    return files | copies | texts


def _told(text: str, facts: Mapping[str, str]) -> bytes:
    for word, fact in facts.items():
        text = text.replace(f"@{word}@", fact)
    return f"{text.strip()}\n".encode("utf-8", "surrogatepass")


def _attack(path: Path) -> Attack:
    sentence, said, code = _read(path)
    code = "\n\n".join([*(_shared(path, str(name)) for name in _tuple(said.get("SHARED", ()))), code])
    earns = said.get("EARNS", ())
    attack = Attack(
        name=path.stem,
        sentence=sentence,
        earns=(earns,) if isinstance(earns, str) else tuple(map(str, _tuple(earns))),
        flagged=str(said.get("FLAGGED", "")),
        leniency=str(said.get("LENIENCY", "")),
        keeps=tuple(map(str, _tuple(said.get("KEEPS", ())))),
        readable=bool(said.get("READABLE", True)),
        base=str(said.get("BASE", "starter")),
        into=str(said.get("INTO", "nndl/conv_layers.py")),
        files={str(path): str(text) for path, text in _dict(said.get("FILES", {})).items()},
        copies={str(path): str(source) for path, source in _dict(said.get("COPIES", {})).items()},
        pack=str(said.get("PACK", "")),
        submission=str(said.get("NAME", path.stem)),
        code=code,
    )
    if attack.base not in BASES:
        raise BankError(f"{path} must set BASE to one of {', '.join(BASES)}")
    if attack.pack and attack.pack not in PACKS:
        raise BankError(f"{path} names the unknown PACK {attack.pack!r}; there are {', '.join(PACKS)}")
    if not (attack.code.strip() or attack.files or attack.copies or attack.pack):
        raise BankError(f"{path} does nothing: it needs code, FILES or a PACK")
    return attack


def _shared(path: Path, name: str) -> str:
    """Return the code of a text that the attack at `path` shares with others, without the sentence about it."""
    shared = path.parent / "shared" / f"{name}.py"
    if not shared.is_file():
        raise BankError(f"{path} names {name!r} in SHARED, and there is no {shared}")
    return _read(shared)[2].strip() + "\n"


def _read(path: Path) -> tuple[str, dict[str, object], str]:
    """Return the sentence that an attack's file opens with, the constants it sets, and the rest on the same lines."""
    text = path.read_text(encoding="utf-8")
    try:
        tree = ast.parse(text, filename=str(path))
    except SyntaxError as error:
        raise BankError(f"{path}:{error.lineno} does not parse: {error.msg}") from error
    sentence = " ".join((ast.get_docstring(tree) or "").split("\n\n")[0].split())
    if not sentence.endswith("."):
        raise BankError(f"{path} must open with a docstring whose first paragraph is a sentence")
    lines = text.splitlines()
    constants: dict[str, object] = {}
    for node in tree.body[1:]:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in CONSTANTS:
                constants[name] = ast.literal_eval(value)
                end = node.end_lineno or node.lineno
                lines[node.lineno - 1 : end] = [""] * (end - node.lineno + 1)
    return sentence, constants, "\n".join(lines[tree.body[0].end_lineno :])


def _tuple(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else ()


def _dict(value: object) -> dict[object, object]:
    return value if isinstance(value, dict) else {}
