"""One small file per data set: a declaration ``SPEC`` and ``parse(path)``, which returns a strictly typed table.

A new data set is one file here, one line below and one CSV in ``schema/``.
"""

from __future__ import annotations

from foedus.data.sources import (
    atop5_1a,
    atop5_1m,
    cow_capitals,
    cow_contdir,
    cow_majors,
    cow_nmc,
    cow_states,
    cow_wars,
    cw_democracy,
    cw_gw_panel,
    gw_states,
    mida,
    midb,
    tss_rivalries,
    wrp,
)
from foedus.data.spec import DataSource

_MODULES = (
    atop5_1a, atop5_1m, cow_capitals, cow_contdir, cow_majors, cow_nmc, cow_states, cow_wars, cw_democracy,
    cw_gw_panel, gw_states, mida, midb, tss_rivalries, wrp,
)  # fmt: skip

SOURCES: dict[str, DataSource] = {m.SPEC.id: DataSource(m.SPEC, m.parse) for m in _MODULES}
