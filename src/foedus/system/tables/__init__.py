"""The data sets behind a real system, read together: frames, the sources to cite, and our own treaties.

Everything below takes frames, not files, so that it can be tested on a few rows. Which facts become which nouns
stands in ``actors``, ``pacts``, ``pledges`` and ``ties``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from foedus.data import own
from foedus.data.store import DataDir
from foedus.system.nouns import Source

if TYPE_CHECKING:
    import os

    import polars as pl

    from foedus.data.own import Treaties
    from foedus.data.store import Provenance

REQUIRED = ("cow_states", "cow_majors", "cow_nmc", "cow_contdir", "cow_capitals", "atop5_1m", "midb")
OPTIONAL = {
    "tss_rivalries": "strategic rivalries are unknown",
    "cw_democracy": "regimes are unknown",
    "wrp": "religions are unknown",
    "cow_wars": "a war that goes on at the date counts as a dispute, since its level is known only when it has ended",
    "cw_gw_panel": "Gleditsch-Ward codes are unknown",
    "gw_states": "signatories of treaties that Correlates of War does not count as states are left out",
}
_NOTES = {
    "midb": "a missing day (-9) of a participation is the first of its month for a start and the last for an end",
    "atop5_1m": "a missing day of entry or exit is the last of its month",
    "wrp": "counts adherents; who rules is not in it",
    "tss_rivalries": "by years: in force from the year after its first to its last",
}


@dataclass(frozen=True)
class Tables:
    """Frames by data set, each with its source; data sets that are not at hand are absent.

    Attributes
    ----------
    frames : dict of str to polars.DataFrame
        Strictly typed as their schema says.
    sources : dict of str to Source
        By the id of the data set; a source's own id has hyphens.
    treaties : Treaties or None
        Our own table of names, guarantees, clauses and alignments.
    """

    frames: dict[str, pl.DataFrame]
    sources: dict[str, Source]
    treaties: Treaties | None = field(default_factory=own.treaties)

    @classmethod
    def read(cls, data_dir: DataDir | str | os.PathLike[str] | None = None) -> Tables:
        """Return the tables found in a folder.

        Raises
        ------
        DataError
            Required files are missing (all are listed at once), or a file is broken.
        """
        store = DataDir.of(data_dir)
        store.require(*REQUIRED)
        here = [*REQUIRED, *(s for s in OPTIONAL if store.find(s))]
        return cls({s: store.table(s) for s in here}, {s: source_of(store.provenance(s)) for s in here})

    def __getitem__(self, source_id: str) -> pl.DataFrame:
        return self.frames[source_id]

    def get(self, source_id: str) -> pl.DataFrame | None:
        """Return a table, None where it is not at hand."""
        return self.frames.get(source_id)

    def last_year(self, source_id: str) -> int:
        """Return the last year that a data set covers."""
        return self.sources[source_id].last_year or 0

    def past(self, source_id: str, year: int) -> bool:
        """Whether ``year`` lies after what a data set covers."""
        return year > self.last_year(source_id)

    def title(self, source_id: str) -> str:
        """Return the name, version and last year of a data set, as a sentence on its limits has it."""
        source = self.sources[source_id]
        return f"{source.title} {source.version} (to {source.last_year})"


def source_of(provenance: Provenance) -> Source:
    """Return the source noun of a file that was read."""
    spec = provenance.spec
    notes = [spec.citation, _NOTES.get(spec.id, ""), f"read from {spec.via}" if spec.via else ""]
    return Source(
        id=spec.id.replace("_", "-"),
        title=spec.title,
        publisher=spec.publisher,
        url=spec.url,
        licence=spec.licence,
        note="; ".join(n.rstrip(".") for n in notes if n),
        version=provenance.version,
        sha256=provenance.sha256,
        last_year=provenance.last_year,
    )
