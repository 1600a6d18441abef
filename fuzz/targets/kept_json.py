"""JSON that a run left and that is taken up again: cells, rows, accounts, the list of a store, a studio's run."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from foedus.data.store import DataDir
from foedus.errors import DataError
from foedus.studies import pact_accounts, sweep_folder, validate, verdict_run
from foedus.studio import runs
from fuzz.contract import held, put

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def one(data: bytes, folder: Path) -> None:
    path = put(folder, "store.json", data)
    held(verdict_run._read, path)
    held(verdict_run.read_cells, path)
    held(validate._read, path)
    held(pact_accounts._Book, path, "this run")
    put(folder, "run.json", data)
    held(sweep_folder.read_manifest, folder)
    runs.read(path)
    store = DataDir(folder)
    held(store.records)
    held(store.verify)
    with contextlib.suppress(DataError):
        store.table("cow_nmc")


def seeds() -> Iterator[bytes]:
    row = '{"filename": "x.csv", "sha256": "00", "size": 1, "version": "1", "recognised": true, "when": "2000", "url": "x", "table_sha256": "00"}'
    yield f'{{"format": 1, "sources": {{"cow_nmc": {row}}}, "pending": {{"midb": null, "cow_wars": {row}}}}}'.encode()
    yield b'{"format": 1, "sources": {"cow_nmc": {"filename": ["../../x"], "sha256": 1}}, "pending": []}'
    yield b'{"format": 1, "sources": [], "pending": {"zz": {}}}'
    yield b'{"format": 1, "cells": [{"choices": {"a": "b"}, "estimate": 1.0, "low": 0.0, "high": 2.0, "rests_on": "", "missing": ""}]}'
    yield b'{"cells": [{"choices": {"a": ["b"]}, "estimate": "x", "low": true, "high": 1e400}]}'
    yield b'{"values": [1.0, "LUX"], "spans": [[0, 2], null], "note": "x", "level": 0.9, "seconds": 1.5}'
    yield b'{"values": {"a": 1}, "spans": 5, "note": 1, "level": "x", "seconds": "1"}'
    for name, members, numbers in ((b'"1"', b"[2]", b"[0.1]"), (b"[]", b"2", b"0")):
        kept = b'{"pact": ' + name + b', "name": "x", "members": ' + members
        kept += (
            b"".join(b', "' + key + b'": ' + numbers for key in (b"assurance", b"aggravation", b"attacked"))
            + b', "alarmed": []}'
        )
        yield b'{"format": 1, "about": "this run"}\n' + kept + b"\n"
    yield b"estimate,low,high,coding\n1,0,2,a\n,,,b\nnan,inf,-1,c\n"
    yield b"[" * 3_000
    yield b"9" * 5_000
    yield b'"\\ud800"'
