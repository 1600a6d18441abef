"""What one data set is: the declaration that every file of ``sources/`` makes. Reads nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import polars as pl

PEACESCIENCER = "the R package peacesciencer (folder data/ of its source), which repacks the publisher's table"
ISARD = "the R package isard (folder data/ of its source), which repacks the publisher's table"
PEACESCIENCER_VERSION = "1.2.9"
ISARD_VERSION = "0.1.0"
COW_TERMS = "free for research with citation; not to be passed on"


@dataclass(frozen=True, slots=True)
class Route:
    """One way to get a file from the net: an address, and the file's path in the archive, below its top folder, where the address is one."""

    url: str
    member: str = ""


def cran(package: str, version: str, member: str) -> tuple[Route, ...]:
    """Return the routes to a file of an R package: its source on CRAN, CRAN's archive of that version, its development version."""
    name, contrib = f"{package}_{version}.tar.gz", "https://cran.r-project.org/src/contrib"
    addresses = (
        f"{contrib}/{name}",
        f"{contrib}/Archive/{package}/{name}",
        f"https://github.com/svmiller/{package}/archive/HEAD.tar.gz",
    )
    return tuple(Route(address, member) for address in addresses)


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """One version of one data set, as its publisher states it.

    Attributes
    ----------
    id : str
        Name in code; also of its schema, ``schema/<id>.csv``.
    filename : str
        Name under which the file is looked for.
    sha256, size : str, int
        Checksum and bytes of the file that was tested; another one is accepted and recorded as unrecognised.
    licence, citation, bibtex : str
        Terms of the publisher, and how to cite the data, as a line and as a BibTeX entry whose key is ``id``.
    units : str
        What a row is about, and which of them the data cover: "states of the Correlates of War system, yearly".
    routes : tuple of Route
        Where `foedus.data.fetch` gets the file, tried in this order; empty where only the user may download it.
    by_hand : str
        Why it cannot be fetched, where ``routes`` is empty.
    first_year, last_year : int
        Years that the data cover: outside them everything is unknown, never zero (convention 4.1).
    absence : str
        What an absent row means inside those years.
    via : str
        Whose packing of the table this file is, where it is not the publisher's own.
    year_columns : tuple of str
        Years or dates whose greatest value is the last year of an unrecognised file.
    table : str
        Name of the object inside an ``.rda`` file.
    parser : int
        Raised when ``parse`` changes, so that cached tables are read again.
    """

    id: str
    title: str
    publisher: str
    url: str
    version: str
    filename: str
    sha256: str
    licence: str
    citation: str
    first_year: int
    last_year: int
    absence: str
    via: str = ""
    year_columns: tuple[str, ...] = ()
    table: str = ""
    parser: int = 1
    size: int = 0
    bibtex: str = ""
    units: str = ""
    routes: tuple[Route, ...] = ()
    by_hand: str = ""

    @property
    def how_to_get(self) -> str:
        """One line on where the file comes from."""
        carrier = f"; as packed by {self.via}" if self.via else ""
        return f"{self.filename} ({self.title} {self.version}, {self.publisher}, {self.url}{carrier})"


@dataclass(frozen=True, slots=True)
class DataSource:
    """A declaration and the function that reads its file."""

    spec: SourceSpec
    parse: Callable[[Path], pl.DataFrame]
