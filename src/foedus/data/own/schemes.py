"""Codes of states in other schemes and what became of states: our own table ``schemes.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import datetime as dt


@cache
def schemes() -> dict[str, Any]:
    """Return the table."""
    return tomllib.loads((resources.files("foedus.data.own") / "schemes.toml").read_text(encoding="utf-8"))


def vdem(cow: int, date: dt.date) -> int | None:
    """Return V-Dem's ``country_id`` of a Correlates of War code on a date, None where V-Dem has no such unit."""
    for entry in schemes()["vdem_dated"]:
        if entry["cow"] == cow and date <= entry["until"]:
            return entry["code"]
    return schemes()["vdem"].get(str(cow))


def cow_of_vdem(code: int) -> set[int]:
    """Return the Correlates of War codes that a V-Dem ``country_id`` may stand for at some time."""
    table = schemes()
    return {int(c) for c, v in table["vdem"].items() if v == code} | {
        e["cow"] for e in table["vdem_dated"] if e["code"] == code
    }


def ucdp(gw: int, date: dt.date) -> int:
    """Return UCDP's code of a Gleditsch-Ward code on a date: the same, but for the exceptions in the table."""
    return next((e["code"] for e in schemes()["ucdp"] if e["gw"] == gw and date >= e["since"]), gw)


def gw_of_ucdp(code: int, date: dt.date) -> int:
    """Return the Gleditsch-Ward code of a UCDP code on a date."""
    return next((e["gw"] for e in schemes()["ucdp"] if e["code"] == code and date >= e["since"]), code)


@cache
def successions() -> dict[int, str]:
    """Return what became of a state, by code."""
    return {code: entry["note"] for entry in schemes()["succession"] for code in entry["codes"]}
