"""The steps of 1879 to 1907 without our own table, and on a made-up one."""

import datetime as dt
from dataclasses import replace
from types import SimpleNamespace

import pytest

from counter_twin import Made
from foedus.data import own
from foedus.errors import DataError
from foedus.studies import counter_sequence as module
from foedus.studies.counter_sequence import counter_sequence

D = dt.date


class Table(Made):
    treaties = own.parse(
        {"alignment": [{"id": module.ALIGNMENTS[0], "name": "Entente", "members": [2, 20], "start": D(1904, 4, 8)},
                       {"id": "another", "name": "Another", "members": [2, 20], "start": D(1904, 4, 8)}]},
        "here",
    )  # fmt: skip


def put(monkeypatch, table, quartet):
    codes = dict(zip(("AA", "BB", "CC", "DD"), (2, 20, 40, 41), strict=True))
    system = replace(quartet, actors=tuple(replace(a, cow=codes.get(a.id)) for a in quartet.actors), pacts=())
    monkeypatch.setattr(module, "Tables", table)
    monkeypatch.setattr(module, "build", lambda day, tables: system)
    monkeypatch.setattr(module, "DataDir", SimpleNamespace(of=lambda path: path))
    monkeypatch.setattr(module, "TREATIES", ("First",))
    monkeypatch.setattr(
        module,
        "find_signed",
        lambda name, tables: SimpleNamespace(atop=1, name=name, date=D(1820, 1, 1), members=(2, 20)),
    )


def test_steps_say_whom_they_threaten_and_what_these_signed(monkeypatch, quartet):
    put(monkeypatch, Table, quartet)
    got = counter_sequence()
    assert [(s.name, s.atop, s.members) for s in got.steps] == [
        ("First", 1, ("S2", "S20")),
        ("Entente", None, ("S2", "S20")),
    ]
    assert {a.outsider for a in got.steps[0].threatened} == {"S40", "S41"}
    joined = {a.outsider: a.joined for a in got.steps[0].threatened}
    assert joined["S40"].startswith("1825-01-01 ATOP 1 with S2, S20")
    assert got.table().height == 4
    assert got.to_dict()["steps"][0]["step"] == "First"


def test_without_our_own_table(monkeypatch, quartet):
    put(monkeypatch, type("None_", (Made,), {"treaties": None}), quartet)
    with pytest.raises(DataError, match="our own table of treaties"):
        counter_sequence()
