"""Frames: what a picture of one date after another needs, each as soon as it is worked out.

A frame is a date's proved line-up with the numbers that its blocs keep, places in the plane that follow those of the date before, sizes, capitals,
and the reasons behind every tie. Draws nothing, and finds no line-up of its own: `years` and `layout` do.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import tee
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.blocs.layout import laid_out
from foedus.blocs.matching import NOWHERE
from foedus.blocs.moment import moment
from foedus.blocs.series import letter
from foedus.blocs.years import dates_of, following
from foedus.errors import parameter
from foedus.system.nouns import REASONS
from foedus.system.propensity import propensity

if TYPE_CHECKING:
    import datetime as dt
    import os
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import NDArray

    from foedus.blocs.series import Followed
    from foedus.params import Params
    from foedus.system.system import System

PLACES = 4
"""Decimals of places, weights and sizes in a frame's dict."""


@dataclass(frozen=True, eq=False)
class Frame:
    """One date, ready to be drawn; arrays aligned on the actors or ties of ``followed.moment``.

    Attributes
    ----------
    followed : Followed
        Line-up of the date, with the numbers of its blocs and its proof.
    place : float64 array, shape (n, 2)
        Places in which friends are near and foes far.
    size : float64 array, shape (n,)
        Capability shares; NaN where nothing is known of an actor's capability.
    lonlat : float64 array, shape (n, 2)
        Degrees east and north of the actors' places; NaN where unknown.
    why : int64 array, shape (m,)
        Reasons behind each tie, bit ``r`` for ``REASONS[r]``.
    at_war : bool array, shape (n,), or None
        Who has a war going on with another actor; None where the data do not say.
    """

    followed: Followed
    place: NDArray[np.float64]
    size: NDArray[np.float64]
    lonlat: NDArray[np.float64]
    why: NDArray[np.int64]
    at_war: NDArray[np.bool_] | None

    @property
    def date(self) -> dt.date:
        """Day at whose start it holds."""
        return self.followed.date

    @property
    def against(self) -> NDArray[np.bool_]:
        """Which ties stand against the line-up, shape (m,)."""
        m, bloc = self.followed.moment, self.followed.bloc
        return (m.w > 0) != (bloc[m.i] == bloc[m.j])

    def to_dict(self) -> dict[str, Any]:
        """Return the frame as JSON's own types, a list for each column; an unknown number is None.

        ``actors`` are the columns ``id, name, cow, bloc, standing, x, y, size, lon, lat, at_war``; ``ties`` the columns ``i, j, w`` (positions and
        signed weights, in thousandths of the heaviest), ``why`` (see `Frame`) and ``against`` (1 where frustrated). Shares and the proof are those
        of `blocs_over_years`.
        """
        f, m = self.followed, self.followed.moment
        total = m.total or 1.0
        heaviest = float(np.abs(m.w).max()) if len(m.w) else 1.0
        order = np.argsort(-np.abs(m.w), kind="stable")
        return {
            "date": f.date.isoformat(), "year": f.date.year,
            "actors": {
                "id": list(m.ids), "name": list(m.names), "cow": list(m.cow), "bloc": [None if b == NOWHERE else int(b) for b in f.bloc],
                "standing": list(f.standing), "x": _rounded(self.place[:, 0]), "y": _rounded(self.place[:, 1]), "size": _rounded(self.size),
                "lon": _rounded(self.lonlat[:, 0]), "lat": _rounded(self.lonlat[:, 1]),
                "at_war": None if self.at_war is None else self.at_war.astype(int).tolist(),
            },
            "ties": {
                "i": m.i[order].tolist(), "j": m.j[order].tolist(), "w": np.round(1000 * m.w[order] / heaviest, 2).tolist(),
                "why": self.why[order].tolist(), "against": self.against[order].astype(int).tolist(),
            },
            "blocs": [
                {"id": b, "label": letter(b), "strongest": f.leaders[b].strongest, "hub": f.leaders[b].hub, "members": int((f.bloc == b).sum())}
                for b in f.blocs
            ],
            "frustrated": f.value / total, "bound": m.bound / total, "proved": f.proved, "gap": (f.value - m.bound) / total,
            "sources": [s.id for s in m.sources],
        }  # fmt: skip


def frames(
    systems: Iterable[System], *, seconds: float = 20.0, seed: int = 1, table: Params | None = None
) -> Iterator[Frame]:
    """Yield a frame of each system, in the order of their dates.

    Parameters
    ----------
    systems : iterable of System
        By date, such as the days of a scenario; read one at a time.
    seconds : float, s
        Time limit of each proof.
    seed : int
        Of the places that do not follow from those before.
    table : Params, optional
        Replaces ``params/ties.toml``.

    Yields
    ------
    Frame

    Raises
    ------
    ParameterError
        A system that is not later than the one before it.

    Examples
    --------
    >>> import datetime as dt
    >>> import foedus as fd
    >>> s = fd.load_scenario("europe-1872-1914")
    >>> a, b = frames(s.at(dt.date(year, 1, 1)) for year in (1880, 1895))
    >>> a.followed.proved, sorted(bloc["label"] for bloc in b.to_dict()["blocs"])
    (True, ['A', 'B'])
    """
    first, second, third = tee(_worked(systems, seconds, table), 3)
    numbered = following((m for _, m in first), seconds=seconds)
    placed = laid_out((m for _, m in second), seed=seed)
    for (system, m), followed, place in zip(third, numbered, placed, strict=True):
        # From the same centre as the moment's ties, so in their order.
        centre = propensity(system, seed=None, table=table)
        kept = centre.weight[0] != 0
        bits = 1 << np.arange(len(REASONS), dtype=np.int64)
        why = (bits[:, None] * (centre.parts[0][:, kept] != 0)).sum(axis=0)
        known = np.array([bool(a.capability) for a in system.actors])
        at = [(a.place.lon, a.place.lat) if a.place is not None else (np.nan, np.nan) for a in system.actors]
        yield Frame(followed, place, np.where(known, m.power, np.nan), np.array(at), why, _at_war(system))


def frames_over_years(
    first: int | str, last: int | str, *, step: int = 1, data_dir: str | os.PathLike[str] | None = None, seconds: float = 20.0, seed: int = 1,
    table: Params | None = None, progress: Callable[[float], None] | None = None,
) -> Iterator[Frame]:  # fmt: skip
    """Yield a frame of the real system of each date from one year to another, as soon as it is worked out.

    Parameters
    ----------
    first, last : int or str
        Years, each its 1 January, or dates.
    step : int
        Years between years, months between dates.
    data_dir : path, optional
        Folder with the published files; by default the folder that ``FOEDUS_DATA`` names.
    seconds, seed, table
        As in `frames`.
    progress : callable, optional
        Told the share that is done.

    Yields
    ------
    Frame
        Line-ups, numbers of blocs and shares are those of `blocs_over_years` without draws and charge; places those of
        `foedus.blocs.layout.layouts`.

    Raises
    ------
    ParameterError
        No range.
    DataError
        Data are missing or do not cover a date.

    Examples
    --------
    >>> next(fd.frames_over_years(1914, 1918, data_dir="/data")).followed.proved  # doctest: +SKIP
    True
    """
    from foedus.system.from_tables import build
    from foedus.system.tables import Tables

    days = dates_of(f"{first}:{last}", step)
    tables = Tables.read(data_dir)
    wars = tables.get("cow_wars")
    for k, frame in enumerate(
        frames((build(day, tables, table=table) for day in days), seconds=seconds, seed=seed, table=table)
    ):
        past = wars is None or tables.past("cow_wars", frame.date.year)
        yield Frame(frame.followed, frame.place, frame.size, frame.lonlat, frame.why, None if past else frame.at_war)
        if progress is not None:
            progress((k + 1) / len(days))


def _worked(systems: Iterable[System], seconds: float, table: Params | None) -> Iterator[tuple[System, Any]]:
    """Yield each system with its line-up."""
    before = None
    for system in systems:
        if before is not None and system.date <= before:
            raise parameter("systems", str(system.date), f"a date after {before}", "give systems in the order of dates")
        before = system.date
        yield system, moment(system, seconds=seconds, table=table)


def _at_war(system: System) -> NDArray[np.bool_]:
    """Return who has a war going on with another actor, shape (n,)."""
    fighting = {a for t in system.active_ties() if t.reason == "war" and t.strength.centre < 0 for a in (t.a, t.b)}
    return np.array([a in fighting for a in system.ids])


def _rounded(values: NDArray[np.float64]) -> list[float | None]:
    """Return numbers with few decimals, None for what is unknown."""
    return [None if np.isnan(v) else round(float(v), PLACES) for v in values]
