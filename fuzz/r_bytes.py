"""R's serialization, written by its rules: what the seeds of R's files are made of."""

from __future__ import annotations

import struct

HEAD2 = b"X\n" + struct.pack(">iii", 2, 0x30500, 0x20300)
HEAD3 = b"X\n" + struct.pack(">iiii", 3, 0x40300, 0x30500, 5) + b"UTF-8"
NIL = struct.pack(">i", 254)


def char(text: str | None) -> bytes:
    if text is None:
        return struct.pack(">ii", 9, -1)
    raw = text.encode()
    return struct.pack(">ii", 9 | 8 << 12, len(raw)) + raw


def strings(*values: str | None, flags: int = 16) -> bytes:
    return struct.pack(">ii", flags, len(values)) + b"".join(map(char, values))


def whole(*values: int, flags: int = 13) -> bytes:
    return struct.pack(f">ii{len(values)}i", flags, len(values), *values)


def reals(*values: float, flags: int = 14) -> bytes:
    return struct.pack(f">ii{len(values)}d", flags, len(values), *values)


def attributes(**values: bytes) -> bytes:
    return b"".join(struct.pack(">ii", 2 | 0x400, 1) + char(k) + v for k, v in values.items()) + NIL


def plain(*members: bytes, flags: int = 19) -> bytes:
    return struct.pack(">ii", flags, len(members)) + b"".join(members)


def named(kind: str | None = None, /, **members: bytes) -> bytes:
    more = {"class": strings(kind)} if kind else {}
    return plain(*members.values(), flags=19 | 0x200) + attributes(names=strings(*members), **more)


def matrix(rows: list[list[float]], names: tuple[str, ...]) -> bytes:
    cells = [row[j] for j in range(len(rows[0])) for row in rows]
    both = plain(strings(*names), strings(*names))
    return reals(*cells, flags=14 | 0x200) + attributes(dim=whole(len(rows), len(rows[0])), dimnames=both)


def network(n: int, *edges: tuple[int, int, float]) -> bytes:
    """Return an object of R's package network."""
    mel = [named(inl=whole(b), outl=whole(a), atl=named(na=whole(0, flags=10), sign=reals(w))) for a, b, w in edges]
    val = [named(**{"na": whole(0, flags=10), "vertex.names": strings(f"N{k}")}) for k in range(n)]
    gal = named(n=reals(n), directed=whole(0, flags=10))
    return named("network", mel=plain(*mel), gal=gal, val=plain(*val))


def sequence(length: float, first: float = 1.0, step: float = 1.0) -> bytes:
    """Return numbers that are only described."""
    link = struct.pack(">ii", 2, 1)
    about = link + char("compact_intseq") + link + char("base") + struct.pack(">i", 2) + whole(13) + NIL
    return struct.pack(">i", 238) + about + reals(length, first, step) + NIL


def saved(**objects: bytes) -> bytes:
    """Return an ``.rda`` file, not packed."""
    return b"RDX3\n" + HEAD3 + attributes(**objects)
