"""Futures that a folder keeps, read back whole.

Written by `foedus.formation.evolve`; a folder whose run is not finished, or that sets out from nothing known here, is refused.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from foedus import limits
from foedus.errors import DataError, message
from foedus.formation.evolve import MANIFEST, PART, gathered, read_part
from foedus.formation.stage import INNER

if TYPE_CHECKING:
    import os

    from foedus.formation.evolution import Evolution
    from foedus.system.system import System


def read_run(folder: str | os.PathLike[str], system: System) -> Evolution:
    """Return the futures that a folder keeps.

    Parameters
    ----------
    folder : path
        Written by ``evolve(..., save=folder)``.
    system : System
        Of the same states in the same order, which gives them their names; its pacts may differ from those that the futures set out from.

    Raises
    ------
    DataError
        No run there, parts missing, or of other states.
    """
    at = Path(folder)
    try:
        said = limits.plain(limits.raw(at / MANIFEST))
        groups, years = said["futures"] // INNER, said["years"]
        if not (0 < groups * INNER <= limits.NODES and 0 < years <= 30 and said["history"] in {"recorded", "drawn"}):
            raise ValueError(f"{said['futures']} futures of {years} years")  # noqa: TRY301
        date, title, seed = str(said["date"]), str(said["title"]), int(said["seed"])
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise DataError(message("No futures are kept there", got=str(error), where=str(at))) from error
    parts = [read_part(at, first) for first in range(0, groups, PART)]
    have = [p for p in parts if p is not None]
    if len(have) < len(parts):
        raise DataError(
            message(
                "A run that is not finished",
                got=f"{len(have)} of {len(parts)} parts",
                where=str(at),
                hint="resume it first",
            )
        )
    if (
        len({p.degree.shape[1:] for p in have}) > 1
        or sum(len(p.degree) for p in have) != groups * INNER
        or have[0].degree.shape[1] != years + 1
    ):
        raise DataError(message("Parts of several runs", where=str(at), hint="run it anew, into a new folder"))
    if have[0].degree.shape[2] != len(system.actors) or date != system.date.isoformat():
        raise DataError(
            message("Futures of other states", got=f"{have[0].degree.shape[2]} states on {date}", where=str(at),
                    expected=f"{len(system.actors)} on {system.date}")
        )  # fmt: skip
    return gathered(have, system.with_(title=title), years, seed, said["history"])
