"""Archives that a publisher sends: tar, tar.gz, zip."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from typing import TYPE_CHECKING

from foedus.data.archives import Limits, Wanted, take
from fuzz.contract import BrokenError, held, leaves_only, put

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LIMITS = Limits(members=50, unpacked=1 << 20, ratio=50, small=1 << 16)


def one(data: bytes, folder: Path) -> None:
    path = put(folder, "package.bin", data)
    target = folder / "taken"
    faults = held(take, path, {"data/x.rda": Wanted(target, 4_096)}, limits=LIMITS)
    if (faults is None or "data/x.rda" in faults) == target.exists():
        raise BrokenError("a file that was refused is there, or one that was taken is not")
    leaves_only(folder, "package.bin", "taken")
    if target.exists() and target.stat().st_size > 4_096:
        raise BrokenError("larger than it may be")


def tar(*members: tuple[str, bytes], kind: bytes = tarfile.REGTYPE, form: int = tarfile.PAX_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as file:
        for name, content in members:
            about = tarfile.TarInfo(name)
            about.size, about.type, about.linkname = len(content), kind, "../../x" if kind != tarfile.REGTYPE else ""
            file.addfile(about, io.BytesIO(content))
    return out.getvalue()


def zipped(*members: tuple[str, bytes], packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packed) as file:
        for name, content in members:
            file.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), content, packed)
    return out.getvalue()


def seeds() -> Iterator[bytes]:
    member = ("p/data/x.rda", b"content")
    yield gzip.compress(tar(member), mtime=0)
    yield tar(member, form=tarfile.GNU_FORMAT)
    yield tar(("p/" + "l" * 200 + "/x", b""), ("data/x.rda", b"y" * 5_000))
    yield zipped(member)
    yield zipped(member, packed=zipfile.ZIP_STORED)
    yield zipped(member, packed=zipfile.ZIP_BZIP2)
    yield zipped(member, packed=zipfile.ZIP_LZMA)
    yield zipped(("../data/x.rda", b"1"))
    yield zipped(("data/x.rda", bytes(200_000)))
    yield gzip.compress(tar(("data/x.rda", bytes(200_000))), mtime=0)
    yield tar(("data/x.rda", b""), kind=tarfile.SYMTYPE)
    yield tar(("data/x.rda", b""), kind=tarfile.FIFOTYPE)
    yield zipped(*((f"data/{k}", b"") for k in range(60)))
    yield zipped(("data/x.rda\0../y", b"1"), ("e\u0301\u202e", b""))
