"""Data frames in R's files, as the data sets of the field come."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import rdata

from foedus.data import r_tables, reading
from foedus.data.sources import SOURCES
from foedus.data.store import parse
from fuzz import r_bytes as r
from fuzz.contract import held, put

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WATCHED = (
    rdata,
    r_tables,
    reading,
    *(SOURCES[x] for x in ("cow_states", "sipri_tiv", "tergm_nodes", "tergm_alliances")),
)


def one(data: bytes, folder: Path) -> None:
    held(parse, "cow_states", put(folder, "x.rda", data))
    held(parse, "sipri_tiv", put(folder, "x.rds", data))
    held(parse, "tergm_nodes", put(folder, "y.rda", data))


def frame(**columns: bytes) -> bytes:
    return r.plain(*columns.values(), flags=19 | 0x300) + r.attributes(
        names=r.strings(*columns), **{"class": r.strings("data.frame"), "row.names": r.whole(-(2**31), -2)}
    )


def seeds() -> Iterator[bytes]:
    states = frame(
        ccode=r.reals(200.0, 220.0), stateabb=r.strings("UKG", None), statenme=r.strings("United Kingdom", "France"),
        styear=r.whole(1816, 1816), stmonth=r.whole(1, 1), stday=r.whole(1, -(2**31)), endyear=r.whole(2016, 2016),
        endmonth=r.whole(12, 12), endday=r.whole(31, 31), version=r.reals(2016, 2016),
    )  # fmt: skip
    yield r.saved(cow_states=states)
    yield gzip.compress(r.saved(cow_states=states), mtime=0)
    yield r.HEAD3 + r.plain(r.matrix([[0, 1], [2, 0]], ("A", "B")), r.matrix([[0]], ("A",)))
    yield r.saved(cow_states=frame(a=r.sequence(5), b=r.reals(1.0)))
    yield r.saved(cow_states=frame(**{f"c{k}": r.sequence(49_999_999) for k in range(40)}))
    yield r.saved(allyNet=r.named(**{"1981": r.network(2, (1, 2, 1.0))}))
