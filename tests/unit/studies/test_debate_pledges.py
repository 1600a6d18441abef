"""Pledges of outside states against a plain walk over treaties."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest

from foedus.studies.debate_pledges import NOBODY, pledges

STATES = (10, 20, 30, 40, 50)


def treaties(seed, n=12):
    """Return made-up rows of members: alliance, member, days, whether it owes defence, and the states named."""
    rng = np.random.default_rng(seed)
    rows = []
    for number in range(n):
        members = rng.choice(STATES, size=rng.integers(2, 4), replace=False)
        named = [int(x) for x in rng.choice(STATES, size=rng.integers(0, 3), replace=False)]
        for m in members:
            start = dt.date(1900 + int(rng.integers(0, 12)), int(rng.integers(1, 13)), 1)
            end = None if rng.random() < 0.2 else start + dt.timedelta(days=int(rng.integers(100, 4000)))
            rows.append((number, 0, int(m), start, end, int(rng.random() < 0.7), int(bool(named)), *[*named, None, None][:2]))  # fmt: skip
    names = ["atopid", "phase", "member", "entry", "exit", "defense", "specthrt", "statthr1", "statthr2"]
    types = {"statthr1": pl.Int64, "statthr2": pl.Int64, "exit": pl.Date}
    return pl.DataFrame(rows, schema=names, orient="row", schema_overrides=types)


def owed_to(rows, target, other, year, last=1920):
    """Return the alliances under which an outside state owes the target defence against the other on 1 January."""
    day, out = dt.date(year, 1, 1), set()
    mine = {r["atopid"]: r for r in rows if r["member"] == target}
    for r in rows:
        own = mine.get(r["atopid"])
        if own is None or r["member"] in (target, other) or r["defense"] != 1:
            continue
        ends = [x["exit"] or dt.date(last, 12, 31) for x in (r, own)]
        named = [r[c] for c in ("statthr1", "statthr2") if r[c] is not None] if r["specthrt"] == 1 else []
        if max(r["entry"], own["entry"]) < day and min(ends) >= day and (not named or other in named):
            out.add(r["atopid"])
    return out


def has_a_part(rows, state, number, year, last=1920):
    """Return whether a state owes defence, or is owed it, under an alliance on 1 January."""
    day = dt.date(year, 1, 1)
    here = [r for r in rows if r["atopid"] == number]
    for one in here:
        for two in here:
            ends = [x["exit"] or dt.date(last, 12, 31) for x in (one, two)]
            owes = one["member"] != two["member"] and one["defense"] == 1
            if owes and state in (one["member"], two["member"]) and max(one["entry"], two["entry"]) < day <= min(ends):
                return True
    return False


def first_owed(rows, target, number):
    """Return the first 1 January on which anybody owed the target defence under an alliance."""
    for year in range(1890, 1921):
        day = dt.date(year, 1, 1)
        own = next(r for r in rows if r["atopid"] == number and r["member"] == target)
        for r in rows:
            if r["atopid"] == number and r["member"] != target and r["defense"] == 1:
                ends = [x["exit"] or dt.date(1920, 12, 31) for x in (r, own)]
                if max(r["entry"], own["entry"]) < day and min(ends) >= day:
                    return year
    return None


@pytest.mark.parametrize("seed", range(6))
def test_outside_pledges_are_those_of_the_treaties(seed):
    table = treaties(seed)
    rows = table.to_dicts()
    held = pledges(table, 1920, "defense")
    target, other, year = (
        np.array(x) for x in zip(*((a, b, y) for a in STATES for b in STATES if a != b for y in range(1898, 1921)), strict=True)
    )  # fmt: skip
    pact, new = held.outside(target, other, year), held.new().outside(target, other, year)
    unnamed, apart = held.against_all().outside(target, other, year), held.apart(target, other, year)
    for k, (a, b, y) in enumerate(zip(target.tolist(), other.tolist(), year.tolist(), strict=True)):
        under = owed_to(rows, a, b, y)
        assert pact[k] == bool(under), (a, b, y)
        assert new[k] == any(y - first_owed(rows, a, n) < 5 for n in under), (a, b, y)
        assert unnamed[k] == bool(owed_to([r | {"specthrt": 0} for r in rows], a, b, y)), (a, b, y)
        assert apart[k] == any(not has_a_part(rows, b, n, y) for n in under), (a, b, y)


def test_years_around_a_formation():
    table = treaties(0).head(0).vstack(
        pl.DataFrame(
            [(1, 0, m, dt.date(1904, 5, 1), dt.date(1904 + 3, 2, 1), 1, 0, None, None) for m in (10, 20)],
            schema=treaties(0).schema, orient="row",
        )
    )  # fmt: skip
    held = pledges(table, 1920, "defense")
    assert set(held.against.tolist()) == {NOBODY}
    year = np.arange(1898, 1914)
    around = held.around().outside(np.full(16, 10), np.full(16, 30), year)
    assert year[around].tolist() == list(
        range(1900, 1910)
    )  # from five years before 1905 to its fifth year, though it ended
    assert not held.around().outside(np.full(16, 10), np.full(16, 20), year).any()  # the only ally is the challenger
    assert year[held.new().outside(np.full(16, 20), np.full(16, 30), year)].tolist() == [1905, 1906, 1907]
