"""Signed graphs in NumPy's archives."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np

from foedus.blocs.graph import signed_graph
from fuzz.contract import held, put

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def one(data: bytes, folder: Path) -> None:
    held(signed_graph, put(folder, "graph.npz", data))


def archive(*, packed: bool = False, **arrays: object) -> bytes:
    """Return an archive of arrays."""
    out = io.BytesIO()
    (np.savez_compressed if packed else np.savez)(out, **{k: np.asarray(v) for k, v in arrays.items()})  # type: ignore[arg-type]
    return out.getvalue()


def seeds() -> Iterator[bytes]:
    yield archive(n=3, u=[0, 1], v=[1, 2], w=[1.0, -1.0])
    yield archive(n=3, u=[0, 1], v=[1, 2], w=[1, -1], packed=True)
    yield archive(n=10**12, u=[0], v=[1], w=[1])
    yield archive(n=[1, 2], u=["a"], v=[1.5], w=[np.nan])
    yield archive(n=-1, u=np.zeros((2, 2)), v=[0], w=[1j])
    yield archive(n=2, u=[0], v=[1])
    yield b"PK\x05\x06" + bytes(18)
    yield (
        b"\x93NUMPY\x01\x00v\x00{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,), }".ljust(128)
        + b"\n"
    )
