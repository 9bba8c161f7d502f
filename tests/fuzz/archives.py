"""Archives as students hand them in: zip, tar and tar.gz, also within one another."""

from __future__ import annotations

import gzip
import io
import tarfile
import tempfile
import warnings
import zipfile
from collections.abc import Iterable
from pathlib import Path

from grader.intake.arrivals import Candidate, SubmissionUnreadable
from grader.intake.collector import Caps, Kind
from grader.intake.contents import Contents, read_contents
from grader.intake.names import safe_path
from tests.fuzz.made import assignment, pairs

CAPS = Caps(
    largest=dict.fromkeys(Kind, 1 << 16),
    total=1 << 18,
    python=1 << 16,
    files=40,
    entries=200,
    depth=8,
    expanded=1 << 20,
    ratio_from=1 << 14,
)
WORDS = (
    *(
        b"PK\1\2",
        b"PK\3\4",
        b"PK\5\6",
        b"PK\6\6",
        b"PK\6\7",
        b"PK\7\x08",
        b"\1\0\x20\0",
        b"nndl/cnn.py",
        b".tar.gz",
    ),
    *(
        b"../",
        b"ustar\0",
        b"ustar  \0",
        b"././@LongLink",
        b"12 path=a\n",
        b"GNU.sparse.size=1",
        b"comment=",
        b"\x80\0",
    ),
    *(
        b"\x1f\x8b\x08",
        b"0000644\0",
        b"hdrcharset=BINARY\n",
        b"mtime=nan\n",
        b"size=-1\n",
        b"best_model.npz",
        b"\xff",
    ),
)


def run(data: bytes) -> None:
    """Read bytes as an archive; the first byte says how they are one."""
    way, rest = data[:1], data[1:]
    if way == b"g":
        rest = gzip.compress(rest, 1)
    elif way == b"z":
        rest = zip_of(pairs(rest))
    elif way == b"t":
        rest = tar_of(pairs(rest))
    elif way == b"n":
        rest = zip_of([(b"hw5.zip", rest), (b"hw5.tar.gz", gzip.compress(rest, 1))])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "handed-in.zip")
        path.write_bytes(rest)
        first, again = _read(path), _read(path)
        assert [each.name for each in Path(folder).iterdir()] == [path.name]
    assert first == again
    if isinstance(first, str):
        assert first
        return
    assert sum(map(len, first.files.values())) <= CAPS.total
    for name, content in first.files.items():
        assert name
        assert safe_path(name) == name
        name.encode()
        assert len(content) <= CAPS.largest[Kind.PYTHON]


def _read(path: Path) -> Contents | str:
    try:
        return read_contents(Candidate("x", path), assignment(), CAPS)
    except SubmissionUnreadable as error:
        return error.reason


def zip_of(members: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Return a zip archive of these members, whatever their names."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a name that stands there twice
        for name, content in members:
            info = zipfile.ZipInfo("x")
            info.filename = name.decode("cp437")
            archive.writestr(info, content)
    return file.getvalue()


def tar_of(members: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Return a tar archive of these members; a name's last letter says of which type each is."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, content in members:
            info = tarfile.TarInfo(name[:-1].decode("utf-8", "surrogateescape"))
            info.type, info.size = name[-1:] or b"0", len(content)
            archive.fileobj.write(info.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape"))
            archive.fileobj.write(content + bytes(-len(content) % 512))
    return file.getvalue()


_FILES = [
    (b"nndl/conv_layers.py", b"def conv_forward_naive(x, w, b, c):\n    return x, None\n"),
    (b"a.txt", b"a"),
]
_TAR = [(name + b"0", content) for name, content in _FILES]
SEEDS = (
    b"r" + zip_of(_FILES),
    b"r" + tar_of(_TAR)[:2560],
    b"g" + tar_of(_TAR)[:2560],
    b"n" + zip_of(_FILES),
    b"z" + b"\xff".join(part for member in _FILES for part in member),
    b"t" + b"\xff".join((b"pax_headerx", b"19 path=nndl/cnn.py\n", b"x0", b"a = 1\n")),
    b"t" + b"\xff".join((b"longL", b"nndl/cnn.py\0", b"x0", b"a = 1\n", b"linkK", b"x", b"nndl/a.py2", b"")),
    b"t" + b"\xff".join((b"globalg", b"25 GNU.sparse.major=1000\n", b"nndl/sparse.pyS", b"a")),
)
FOUND: tuple[bytes, ...] = ()
