"""Draws behind a result as labelled arrays of xarray, and as a NetCDF file that ArviZ opens.

Dimensions ``chain`` (one: draws are independent) and ``draw``, then actors or pairs, as ArviZ expects of a posterior group; they are draws of
uncertain inputs and of chance, no posterior of a fit. What never happened is NaN, never 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.errors import parameter
from foedus.extras import optional, require
from foedus.report.interchange.about import about, clean

if TYPE_CHECKING:
    import xarray as xr

    from foedus.blocs.result import Blocs
    from foedus.war.result import War


def to_xarray(result: Blocs | War) -> xr.Dataset:
    """Return the draws of a result.

    Parameters
    ----------
    result : Blocs or War

    Returns
    -------
    xarray.Dataset
        Of a `War` the wars kept one by one: ``side`` (0 stays out, 1, 2) and ``entered`` by actor, ``day`` and ``left`` (NaN: never),
        ``belligerents``, ``share`` of
        capability, ``attacker_prevails`` and ``ended`` (NaN: not over by the horizon). Of `Blocs`: ``propensity`` and ``weight`` by pair,
        ``power`` by actor; without
        ``chain`` the line-up at the centre and each actor's ``membership``.

    Raises
    ------
    ParameterError
        A result of another kind.
    MissingExtraError
        xarray is not installed.

    Examples
    --------
    >>> import foedus as fd
    >>> w = fd.load("europe-1914").war("AUH", "SER", draws=50, seed=1)
    >>> dict(to_xarray(w).sizes)
    {'chain': 1, 'draw': 50, 'actor': 16}
    """
    from foedus.blocs.result import Blocs
    from foedus.war.result import War

    xr = optional("xarray", "A labelled array of draws")
    if isinstance(result, War):
        return _war(result, xr)
    if isinstance(result, Blocs):
        return _blocs(result, xr)
    raise parameter("result", type(result).__name__, "Blocs or War, the results that hold their draws")


def to_netcdf(result: Blocs | War) -> bytes:
    """Return the draws of a result as a NetCDF 3 file, which needs no further library to write and that every reader of NetCDF knows."""
    return bytes(to_xarray(result).to_netcdf(engine="scipy", format="NETCDF3_64BIT"))


def to_netcdf4(result: Blocs | War) -> bytes:
    """Return the draws as a NetCDF 4 file with the groups ``posterior`` and ``constant_data``, which ``arviz.from_netcdf`` opens.

    Raises
    ------
    MissingExtraError
        h5netcdf is not installed.
    """
    xr = optional("xarray", "A labelled array of draws")
    require("A NetCDF 4 file with groups", "h5netcdf", "h5py")
    every = to_xarray(result)
    drawn = [name for name, array in every.data_vars.items() if "draw" in array.dims]
    groups = {"/": xr.Dataset(attrs=every.attrs), "posterior": every[drawn].assign_attrs(every.attrs)}
    if len(drawn) < len(every.data_vars):
        groups["constant_data"] = every.drop_vars(drawn).drop_dims(["chain", "draw"])
    return bytes(xr.DataTree.from_dict(groups).to_netcdf(engine="h5netcdf"))


def _war(war: War, xr: Any) -> xr.Dataset:
    """Return the kept wars."""
    by, one = ("chain", "draw", "actor"), ("chain", "draw")
    over = war.ended >= 0
    arrays = {
        "side": (by, war.side.astype(np.int8)), "entered": (by, (war.side > 0).astype(np.int8)), "day": (by, _never(war.day)),
        "left": (by, _never(war.left)), "belligerents": (one, war.counts.astype(np.int32)), "share": (one, war.share),
        "attacker_prevails": (one, np.where(over, war.won, np.nan).astype(np.float32)), "ended": (one, _never(war.ended)),
        "input_draw": (one, np.arange(war.kept, dtype=np.int32) // war.inner),
    }  # fmt: skip
    notes = {
        "side": "0 stays out, 1 with the attacker, 2 with the target", "day": "days from the first shot to entry; NaN: never",
        "left": "days to a separate peace; NaN: never", "share": "share of the system's capability that entered",
        "ended": "days; NaN: not by the horizon",
        "attacker_prevails": "1 where it does; NaN where the war was not over by the horizon", "input_draw": "wars that share their uncertain inputs",
    }  # fmt: skip
    data = {
        name: (dims, values[None], {"note": notes[name]} if name in notes else {})
        for name, (dims, values) in arrays.items()
    }
    said = about(
        war.system, result="war", attacker=war.attacker, target=war.target, draws=war.draws, kept=war.kept, inner=war.inner, seed=war.seed,
        horizon_days=war.days, standing="simulated",
    )  # fmt: skip
    return xr.Dataset(data, _coordinates(war.kept) | {"actor": _names(war.system.ids)}, said)


def _blocs(blocs: Blocs, xr: Any) -> xr.Dataset:
    """Return the draws of propensities, and the line-up at the centre."""
    sample, ids = blocs.sample, blocs.system.ids
    pairs = [f"{ids[i]}:{ids[j]}" for i, j in zip(sample.i, sample.j, strict=True)]
    data = {
        "propensity": (("chain", "draw", "pair"), sample.total[None]), "weight": (("chain", "draw", "pair"), sample.weight[None]),
        "power": (("chain", "draw", "actor"), sample.power[None]), "bloc": (("actor",), blocs.two.label.astype(np.int32)),
        "membership": (("actor",), blocs.membership),
    }  # fmt: skip
    said = about(
        blocs.system, result="blocs", draws=blocs.draws, seed=blocs.seed, standing="propensities drawn; bloc at the centre",
        bloc_0=blocs.names[0], bloc_1=blocs.names[1], bloc_proved=blocs.two.proved,
    )  # fmt: skip
    return xr.Dataset(data, _coordinates(blocs.draws) | {"actor": _names(ids), "pair": _names(pairs)}, said)


def _coordinates(draws: int) -> dict[str, Any]:
    """Return the coordinates of one chain."""
    return {"chain": np.arange(1, dtype=np.int32), "draw": np.arange(draws, dtype=np.int32)}


def _names(ids: Any) -> list[str]:
    """Return names that a file can hold."""
    return [clean(x) for x in ids]


def _never(days: Any) -> Any:
    """Return days with NaN for what never happened."""
    return np.where(days >= 0, days, np.nan).astype(np.float32)
